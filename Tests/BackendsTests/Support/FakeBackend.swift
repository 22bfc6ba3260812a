// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO

/// A backend that does what a test says and remembers what it was asked.
final class FakeBackend: Backend {
    typealias Work = @Sendable () async throws(BackendError) -> Void

    enum Call: Equatable, Sendable {
        case start(ConfigValue)
        case stop
        case context(String)
        case load(String)
        case unload(String)
    }

    private struct State {
        var calls: [Call] = []
        var supervisors: [BackendSupervisor] = []
        var onStart: Work = {}
        var onStop: Work = {}
        var onContext: @Sendable (OwnedRuntimeContext) -> ContextDisposition = { _ in .ignored }
        var onOffer: @Sendable (String) -> ModelOffer = { _ in .endpoint(.inProcess, ModelRules()) }
        var onLoad: @Sendable (String) async throws(BackendError) -> Void = { _ in }
        var served: Set<String>?
        var readings = 0
        var isDeleted = false
        var capacity = ModelCapacity()
    }

    let name: String
    private let state = Guarded(State())

    init(name: String) {
        self.name = name
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var supervisors: [BackendSupervisor] { state.withLock { $0.supervisors } }

    func onStart(_ work: @escaping Work) { state.withLock { $0.onStart = work } }
    func onStop(_ work: @escaping Work) { state.withLock { $0.onStop = work } }
    func onOffer(_ offer: @escaping @Sendable (String) -> ModelOffer) { state.withLock { $0.onOffer = offer } }
    func onLoad(_ work: @escaping @Sendable (String) async throws(BackendError) -> Void) {
        state.withLock { $0.onLoad = work }
    }

    /// Serves these models alone, each of which has to be loaded.
    func loads(_ models: String..., rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()) {
        loads(all: models, rules: rules, capacity: capacity)
    }

    func loads(all models: [String], rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()) {
        let models = Set(models)
        state.withLock { state in
            state.capacity = capacity
            state.served = models
            state.onOffer = { model in
                models.contains(model) ? .loadable(rules) : .notServed
            }
        }
    }
    func onContext(_ work: @escaping @Sendable (OwnedRuntimeContext) -> ContextDisposition) {
        state.withLock { $0.onContext = work }
    }

    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let work = state.withLock { state in
            state.calls.append(.start(configuration))
            state.supervisors.append(supervisor)
            return state.onStart
        }
        try await work()
    }

    func stop() async throws(BackendError) {
        let work = state.withLock { state in
            state.calls.append(.stop)
            return state.onStop
        }
        try await work()
    }

    var capacity: ModelCapacity { state.withLock { $0.capacity } }

    /// How often its configuration was read for that.
    var readings: Int { state.withLock { $0.readings } }

    func served(configuration: ConfigValue) -> ServedModels {
        let known = state.withLock { state in
            state.readings += 1
            return state.served
        }
        return ServedModels(known?.sorted() ?? ["*"]) { model in
            let isServed = self.state.withLock { $0.served?.contains(model) ?? true }
            return isServed ? nil : .notServed
        }
    }

    func offer(of model: String) -> ModelOffer {
        state.withLock { $0.onOffer }(model)
    }

    func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        let work = state.withLock { state in
            state.calls.append(.load(model))
            return state.onLoad
        }
        try await work(model)
        return ModelEndpoint(address: "\(name)/\(model)")
    }

    var isDeleted: Bool { state.withLock { $0.isDeleted } }

    func deleted() { state.withLock { $0.isDeleted = true } }

    func unload(_ model: String) async throws(BackendError) {
        state.withLock { $0.calls.append(.unload(model)) }
    }

    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        let copy = context.copied()
        let work = state.withLock { state in
            state.calls.append(.context(copy.modelID()))
            return state.onContext
        }
        return work(copy)
    }
}
