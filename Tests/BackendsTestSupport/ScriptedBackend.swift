// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import ConfigDocument
internal import SystemIO

/// A backend that does what a test tells it, and records what it was asked.
package final class ScriptedBackend: Backends.Backend, RunsProcesses {
    package typealias Work = @Sendable () async throws(BackendError) -> Void

    package enum Call: Equatable, Sendable {
        case start(ConfigValue)
        case reconfigure(ConfigValue)
        case stop
        case context(String)
        case load(String)
        case unload(String)
        case restart(String)
        case retry
    }

    /// What the backend found in a context, and under the names that it was told to look for.
    package struct Sight: Equatable, Sendable {
        package var kind: RuntimeContextKind
        package var modelID: String
        package var method: String
        package var target: String
        package var peer: String
        package var texts: [String: String]
        package var binaries: [String: [UInt8]]

        package init(
            kind: RuntimeContextKind, modelID: String, method: String, target: String, peer: String,
            texts: [String: String], binaries: [String: [UInt8]]
        ) {
            self.kind = kind
            self.modelID = modelID
            self.method = method
            self.target = target
            self.peer = peer
            self.texts = texts
            self.binaries = binaries
        }
    }

    private struct State {
        var calls: [Call] = []
        var sights: [Sight] = []
        var supervisors: [BackendSupervisor] = []
        var onStart: Work = {}
        var onStop: Work = {}
        var onContext: @Sendable (OwnedRuntimeContext) -> ContextDisposition
        var onOffer: @Sendable (String) -> ModelOffer = { _ in .endpoint(.inProcess, ModelRules()) }
        var onLoad: @Sendable (String) async throws(BackendError) -> Void = { _ in }
        var lookedFor: [String] = []
        var capacity = ModelCapacity()
        /// The models that it serves; nil: every model.
        var served: Set<String>?
        var readings = 0
        var snapshots = 0
        var isDeleted = false
        /// Whether it shows a process per loaded model, or one; nil: none.
        var hasProcessPerModel: Bool?
        /// What it was started with, or has taken over.
        var configuration: ConfigValue?
        /// What its processes were started with, by model; under an empty name, the only one.
        var processes: [String: ConfigValue] = [:]
    }

    package let name: String
    private let state: Guarded<State>

    /// Makes a backend that serves every model in process, and does the same with every context.
    package init(name: String, contexts disposition: ContextDisposition = .ignored) {
        self.name = name
        state = Guarded(State(onContext: { _ in disposition }))
    }
}

// MARK: What it was asked

extension ScriptedBackend {
    package var calls: [Call] { state.withLock { $0.calls } }

    /// The configurations that it was started with.
    package var starts: [ConfigValue] {
        calls.compactMap { call in
            guard case .start(let configuration) = call else { return nil }
            return configuration
        }
    }

    /// What contexts looked like, in the order they came.
    package var sights: [Sight] { state.withLock { $0.sights } }

    /// Those of its starts.
    package var supervisors: [BackendSupervisor] { state.withLock { $0.supervisors } }

    /// How often its configuration was read for the models that it serves.
    package var readings: Int { state.withLock { $0.readings } }

    /// How often its processes were listed, as for each snapshot of it that is made.
    package var snapshots: Int { state.withLock { $0.snapshots } }

    package var isDeleted: Bool { state.withLock { $0.isDeleted } }
}

// MARK: What it does

extension ScriptedBackend {
    package func onStart(_ work: @escaping Work) { state.withLock { $0.onStart = work } }
    package func onStop(_ work: @escaping Work) { state.withLock { $0.onStop = work } }
    package func onOffer(_ offer: @escaping @Sendable (String) -> ModelOffer) { state.withLock { $0.onOffer = offer } }
    package func onLoad(_ work: @escaping @Sendable (String) async throws(BackendError) -> Void) {
        state.withLock { $0.onLoad = work }
    }
    package func onContext(_ work: @escaping @Sendable (OwnedRuntimeContext) -> ContextDisposition) {
        state.withLock { $0.onContext = work }
    }

    /// Shows a process from now on: one per loaded model, or one from its next start on.
    package func hasProcesses(perModel: Bool) { state.withLock { $0.hasProcessPerModel = perModel } }

    /// Looks for these names in contexts.
    package func look(for names: [String]) { state.withLock { $0.lookedFor = names } }

    /// Serves only these models, or every model if none is named; each must be loaded first.
    package func loads(
        _ models: String..., rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()
    ) {
        loads(all: models, rules: rules, capacity: capacity)
    }

    package func loads(
        all models: [String], rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()
    ) {
        let served = models.isEmpty ? nil : Set(models)
        state.withLock { state in
            state.capacity = capacity
            state.served = served
            state.onOffer = { model in served?.contains(model) ?? true ? .loadable(rules) : .notServed }
        }
    }

    /// Waits until the task is cancelled.
    package static func untilCancelled() async {
        _ = await Announcement<Void>().value()
    }
}

// MARK: Backend

extension ScriptedBackend {
    package func reconfigure(_ configuration: ConfigValue) {
        state.withLock { state in
            state.calls.append(.reconfigure(configuration))
            state.configuration = configuration
        }
    }

    package func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let work = state.withLock { state in
            state.calls.append(.start(configuration))
            state.configuration = configuration
            if state.hasProcessPerModel == false { state.processes[""] = configuration }
            state.supervisors.append(supervisor)
            return state.onStart
        }
        try await work()
    }

    /// If a tag says so.
    package func endsWithDaemon(_ configuration: ConfigValue) -> Bool {
        configuration["tags"]?.listValue?.contains("ends with daemon") == true
    }

    package func stop() async throws(BackendError) {
        let work = state.withLock { state in
            state.calls.append(.stop)
            state.processes = [:]
            return state.onStop
        }
        try await work()
    }

    package var capacity: ModelCapacity { state.withLock { $0.capacity } }

    package func served(configuration: ConfigValue) -> ServedModels {
        let known = state.withLock { state in
            state.readings += 1
            return state.served
        }
        return ServedModels(known?.sorted() ?? ["*"]) { model in
            let isServed = self.state.withLock { $0.served?.contains(model) ?? true }
            return isServed ? nil : .notServed
        }
    }

    package func offer(of model: String) -> ModelOffer {
        state.withLock { $0.onOffer }(model)
    }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        let work = state.withLock { state in
            state.calls.append(.load(model))
            if state.hasProcessPerModel == true { state.processes[model] = state.configuration }
            return state.onLoad
        }
        try await work(model)
        return ModelEndpoint(address: "\(name)/\(model)")
    }

    package func unload(_ model: String) async throws(BackendError) {
        state.withLock { state in
            state.calls.append(.unload(model))
            state.processes[model] = nil
        }
    }

    package func deleted() { state.withLock { $0.isDeleted = true } }

    package func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        var (texts, binaries): ([String: String], [String: [UInt8]]) = ([:], [:])
        for name in state.withLock({ $0.lookedFor }) {
            texts[name] = context.firstValue(of: name)
            binaries[name] = context.firstBinaryValue(of: name)
        }
        let sight = Sight(
            kind: context.kind, modelID: context.modelID(), method: context.method(), target: context.target(),
            peer: context.peer(), texts: texts, binaries: binaries)
        let work = state.withLock { state in
            state.sights.append(sight)
            state.calls.append(.context(sight.modelID))
            return state.onContext
        }
        return work(context.copied())
    }
}

// MARK: RunsProcesses

extension ScriptedBackend {
    package func measuring() -> (@Sendable () -> Void)? { nil }

    package func instances() -> [InstanceSnapshot] {
        let (processes, newest) = state.withLock { state in
            state.snapshots += 1
            return (state.processes, state.configuration)
        }
        return processes.sorted { $0.key < $1.key }.map { model, configuration in
            var snapshot = InstanceSnapshot(
                name: model.isEmpty ? name : "\(name)/\(model)", model: model.isEmpty ? nil : model, state: .ready)
            snapshot.isOutdated = configuration != newest
            return snapshot
        }
    }

    package func logs(of model: String?) async -> [any LogSource] { [] }

    package func restart(instance: String) async throws(BackendError) {
        state.withLock { $0.calls.append(.restart(instance)) }
    }

    package func retry() async throws(BackendError) -> Bool {
        state.withLock { $0.calls.append(.retry) }
        return true
    }
}
