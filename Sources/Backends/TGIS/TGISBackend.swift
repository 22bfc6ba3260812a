// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO

/// A text generation server with the configuration of caikit-tgis-backend: remote if that names a server, else a process here.
package final class TGISBackend: Backend, RunsProcesses {
    /// The program of a local server, searched in PATH.
    package static let launcher = "text-generation-launcher"

    private let name: String
    /// The backend that the last start has chosen.
    private let chosen = Guarded<(any Backend)?>(nil)
    private let remote: RemoteBackend
    private let local: ProcessBackend

    package init(name: String, supervision: Supervision, launcher: String = TGISBackend.launcher) {
        self.name = name
        remote = RemoteBackend(name: name, supervision: supervision)
        local = ProcessBackend(name: name, supervision: supervision) { configuration throws(BackendError) in
            try TGISSettings.process(configuration, launcher: launcher)
        }
    }

    private func choice(_ configuration: ConfigValue) -> any Backend {
        TGISSettings.isRemote(configuration) ? remote : local
    }

    package func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let choice = choice(configuration)
        chosen.withLock { $0 = choice }
        if !TGISSettings.isRemote(configuration) { try TGISSettings.checkFiles(configuration, of: name) }
        try await choice.start(configuration: configuration, supervisor: supervisor)
    }

    package func endsWithDaemon(_ configuration: ConfigValue) -> Bool {
        !TGISSettings.isRemote(configuration) && local.endsWithDaemon(configuration)
    }

    package func stop() async throws(BackendError) {
        try await current?.stop()
    }

    private var current: (any Backend)? { chosen.withLock { $0 } }

    package func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        current?.handleRuntimeContext(context) ?? .ignored
    }

    package func deleted() { local.deleted() }

    package var capacity: ModelCapacity { current?.capacity ?? ModelCapacity() }

    package func served(configuration: ConfigValue) -> ServedModels {
        choice(configuration).served(configuration: configuration)
    }

    package var recoveredModels: [String] { current?.recoveredModels ?? [] }

    package func offer(of model: String) -> ModelOffer {
        current?.offer(of: model) ?? .unavailable(.backendNotStarted(name))
    }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        guard let current else { throw .backendNotStarted(name) }
        return try await current.load(model)
    }

    package func unload(_ model: String) async throws(BackendError) {
        try await current?.unload(model)
    }

    package func examine(_ model: String) async throws(BackendError) -> FailureVerdict {
        try await current?.examine(model) ?? .notReady
    }

    package func promptDirectory(of model: String) -> String? { current?.promptDirectory(of: model) }

    package func measuring() -> (@Sendable () -> Void)? { local.measuring() }

    package func instances() -> [InstanceSnapshot] { local.instances() }

    package func restart(instance: String) async throws(BackendError) { try await local.restart(instance: instance) }

    package func retry() async throws(BackendError) -> Bool { try await local.retry() }

    package func logs(of model: String?) async -> [any LogSource] { await local.logs(of: model) }
}

extension BackendType {
    /// `TGIS`: a text generation server, on another host or as a process here.
    package static func tgis(
        on supervision: Supervision, launcher: String = TGISBackend.launcher
    ) -> BackendType {
        BackendType(
            name: "TGIS",
            summary:
                "A text generation server with the configuration of caikit-tgis-backend, remote or as a process here.",
            schema: TGISSettings.schema, definitionID: "backendd.TGISBackend",
            check: { TGISSettings.problems(in: $0) },
            warnings: { TGISSettings.warnings(in: $0, launcher: launcher) },
            places: { TGISSettings.places(in: $0) },
            runsProcesses: { !TGISSettings.isRemote($0) },
            make: { TGISBackend(name: $0, supervision: supervision, launcher: launcher) })
    }
}
