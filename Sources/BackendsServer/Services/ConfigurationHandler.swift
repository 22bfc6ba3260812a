// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// Answers `ConfigurationService`.
struct ConfigurationHandler: ConfigurationService {
    let registry: BackendRegistry

    func exportConfiguration(
        _ request: ExportConfigurationRequest, context: CallContext
    ) async throws(RPCStatus) -> ExportConfigurationResponse {
        // Who reads secrets is worth a line.
        if request.includeSecrets { AuditLog.note(backend: "") }
        return ExportConfigurationResponse(
            backends: registry.exported(includingSecrets: request.includeSecrets).map { backend in
                BackendsAPI.ExportedBackend(
                    name: backend.name, type: backend.type, priority: backend.priority,
                    config: GoogleStruct(backend.configuration), start: BackendsAPI.StartPolicy(backend.start),
                    after: backend.after)
            })
    }
}
