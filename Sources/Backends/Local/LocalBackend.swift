// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// A backend in process that needs no resources: starting and stopping only change its state.
final class LocalBackend: Backend {
    private let name: String
    private let settings = Guarded<ModelSettings?>(nil)

    init(name: String) {
        self.name = name
    }

    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let started = ModelSettings(configuration)
        settings.withLock { $0 = started }
    }

    func stop() async throws(BackendError) {
        settings.withLock { $0 = nil }
    }

    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        .ignored
    }

    func served(configuration: ConfigValue) -> ServedModels {
        let settings = ModelSettings(configuration)
        return ServedModels(settings.names, isInProcess: true) { settings.serves($0) ? nil : .notServed }
    }

    /// The models it is told, in the caller's own process. Any other model is left to the backends after it.
    func offer(of model: String) -> ModelOffer {
        guard let settings = settings.withLock({ $0 }) else { return .unavailable(.backendNotStarted(name)) }
        guard settings.serves(model) else { return .notServed }
        return .endpoint(.inProcess, ModelRules())
    }
}
