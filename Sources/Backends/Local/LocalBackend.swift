// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// A backend in the callers' own processes. It needs no resources: starting and stopping only change its state.
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

    func reconfigure(_ configuration: ConfigValue) {
        let changed = ModelSettings(configuration)
        settings.withLock { if $0 != nil { $0 = changed } }
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

    /// Serves the configured models in the caller's own process, and leaves all others to the backends after it.
    func offer(of model: String) -> ModelOffer {
        guard let settings = settings.withLock({ $0 }) else { return .unavailable(.backendNotStarted(name)) }
        guard settings.serves(model) else { return .notServed }
        return .endpoint(.inProcess, ModelRules())
    }
}

extension BackendType {
    /// `LOCAL`: no resources, any configuration. Without `models` it serves none, so that it does not hide the backends after it.
    package static let local = BackendType(
        name: "LOCAL", summary: "For models that clients run in their own processes; the daemon runs nothing.",
        schema: ConfigSchema(fields: [models], allowsOtherKeys: true), definitionID: "backendd.LocalBackend",
        check: { ModelSettings.problems(in: $0) }, liveKeys: .all,
        make: { LocalBackend(name: $0) })

    private static let models = ModelSettings.modelsField(
        "The models that run in the caller's own process: IDs, with * for any text and ? for any character; by default none."
    )
}
