// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO

/// A text generation server with the configuration of caikit-tgis-backend: remote where it names a server, else a process here.
package final class TGISBackend: Backend {
    /// The program of a local server, looked for in PATH.
    package static let launcher = "text-generation-launcher"

    private let name: String
    /// What the last start has chosen.
    private let chosen = Guarded<(any Backend)?>(nil)
    private let remote: RemoteBackend
    private let local: ProcessBackend

    /// `launcher` is the program of a local server.
    package init(name: String, host: BackendHost, launcher: String = TGISBackend.launcher) {
        self.name = name
        remote = RemoteBackend(name: name, host: host)
        local = ProcessBackend(name: name, host: host) { configuration throws(BackendError) in
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

    package func instances() -> [InstanceSnapshot] { current?.instances() ?? [] }

    package func logs(of model: String?) async -> [any LogSource] { await local.logs(of: model) }
}
