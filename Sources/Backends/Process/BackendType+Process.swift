// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendType {
    /// `PROCESS`: supervised model servers on this host.
    package static func process(on host: BackendHost) -> BackendType {
        BackendType(
            name: "PROCESS", summary: "Starts, watches, restarts and stops model servers on this host.",
            schema: ProcessSettings.schema, definitionID: "backendd.ProcessBackend",
            check: { ProcessSettings.problems(in: $0) }, warnings: { ProcessSettings.warnings(in: $0, on: host) },
            places: { ProcessSettings.places(in: $0) }, ports: { ProcessSettings.ports(in: $0) },
            runsProcesses: { _ in true },
            make: { name in
                ProcessBackend(name: name, host: host) { configuration throws(BackendError) in
                    try ProcessSettings(configuration: configuration, of: name)
                }
            })
    }
}
