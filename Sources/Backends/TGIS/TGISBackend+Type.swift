// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension TGISBackend {
    /// `TGIS`: a text generation server, here or elsewhere.
    package static func type(host: BackendHost, launcher: String = TGISBackend.launcher) -> BackendType {
        BackendType(
            name: "TGIS",
            summary: "A text generation server, elsewhere or as a process here, set up as caikit-tgis-backend's.",
            schema: TGISSettings.schema, definitionID: "backendd.TGISBackend",
            check: { TGISSettings.problems(in: $0) },
            warnings: { TGISSettings.warnings(in: $0, launcher: launcher) },
            runsProcesses: { !TGISSettings.isRemote($0) },
            make: { TGISBackend(name: $0, host: host, launcher: launcher) })
    }
}
