// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension RemoteBackend {
    /// `REMOTE`: servers that run elsewhere.
    package static func type(host: BackendHost) -> BackendType {
        BackendType(
            name: "REMOTE", summary: "Sends requests to servers that run elsewhere, by model or by a header.",
            schema: RemoteSettings.schema, definitionID: "backendd.RemoteBackend",
            check: { RemoteSettings.problems(in: $0) },
            warnings: { RemoteSettings.warnings(in: $0) },
            make: { RemoteBackend(name: $0, host: host) })
    }
}
