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
    }

    private struct State {
        var calls: [Call] = []
        var supervisors: [BackendSupervisor] = []
        var onStart: Work = {}
        var onStop: Work = {}
        var onContext: @Sendable (OwnedRuntimeContext) -> ContextDisposition = { _ in .ignored }
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

    func offer(of model: String) -> ModelOffer {
        .endpoint(ModelEndpoint(address: ""), ModelRules())
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
