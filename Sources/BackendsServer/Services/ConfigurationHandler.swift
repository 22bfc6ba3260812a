// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import BackendsAPI
internal import SocketRPC

/// Reads the configuration file again and applies it, or with `isDryRun` only says what would change; several calls run one after the
/// other.
package typealias ConfigurationReload = @Sendable (_ isDryRun: Bool) async throws(BackendError) -> ReloadPlan

/// Answers `ConfigurationService`.
struct ConfigurationHandler: ConfigurationService {
    let registry: BackendRegistry
    /// Nil if this daemon has no configuration file.
    let reload: ConfigurationReload?

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
                    after: backend.after, apply: BackendsAPI.ReloadApply(backend.apply))
            })
    }

    func reloadConfiguration(
        _ request: ReloadConfigurationRequest, context: CallContext
    ) async throws(RPCStatus) -> ReloadConfigurationResponse {
        if !request.dryRun { AuditLog.note(backend: "") }
        guard let reload else {
            throw RPCStatus(
                BackendError(
                    .failedPrecondition, .reloadUnsupported,
                    "this daemon has no configuration file to reload; change backends with calls"))
        }
        return ReloadConfigurationResponse(
            try await asStatus { () async throws(BackendError) in try await reload(request.dryRun) })
    }
}
