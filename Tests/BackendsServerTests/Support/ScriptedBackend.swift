// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO

/// A backend that does what a test tells it, and keeps what it was asked.
final class ScriptedBackend: Backends.Backend {
    typealias Work = @Sendable () async throws(BackendError) -> Void

    /// What the backend found in a context when it looked for the names of `lookedFor`.
    struct Sight: Equatable, Sendable {
        var kind: RuntimeContextKind
        var modelID: String
        var method: String
        var target: String
        var peer: String
        var texts: [String: String]
        var binaries: [String: [UInt8]]
    }

    private struct State {
        var supervisor: BackendSupervisor?
        var onStart: Work = {}
        var onStop: Work = {}
        var onContext: @Sendable () -> ContextDisposition = { .handled }
        var lookedFor: [String] = []
        /// Set where each model has to be loaded.
        var loading: (rules: ModelRules, capacity: ModelCapacity)?
        var sights: [Sight] = []
        var starts: [ConfigValue] = []
        var snapshots = 0
    }

    private let state = Guarded(State())

    var supervisor: BackendSupervisor? { state.withLock { $0.supervisor } }
    /// What contexts looked like, in the order they came.
    var sights: [Sight] { state.withLock { $0.sights } }
    /// The configurations that the backend was started with.
    var starts: [ConfigValue] { state.withLock { $0.starts } }

    /// How often its processes were asked for, as for each snapshot of it that is made.
    var snapshots: Int { state.withLock { $0.snapshots } }

    func instances() -> [InstanceSnapshot] {
        state.withLock { $0.snapshots += 1 }
        return []
    }

    func onStart(_ work: @escaping Work) { state.withLock { $0.onStart = work } }
    func onStop(_ work: @escaping Work) { state.withLock { $0.onStop = work } }
    func onContext(_ work: @escaping @Sendable () -> ContextDisposition) { state.withLock { $0.onContext = work } }
    func loads(rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()) {
        state.withLock { $0.loading = (rules, capacity) }
    }
    func look(for names: [String]) { state.withLock { $0.lookedFor = names } }

    /// Stays until the task is cancelled.
    static func untilCancelled() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in stream {}
        continuation.finish()
    }

    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let work = state.withLock { state in
            state.starts.append(configuration)
            state.supervisor = supervisor
            return state.onStart
        }
        try await work()
    }

    func stop() async throws(BackendError) {
        try await state.withLock { $0.onStop }()
    }

    var capacity: ModelCapacity { state.withLock { $0.loading }?.capacity ?? ModelCapacity() }

    func offer(of model: String) -> ModelOffer {
        state.withLock { $0.loading }.map { .loadable($0.rules) } ?? .endpoint(.inProcess, ModelRules())
    }

    func load(_ model: String) async throws(BackendError) -> ModelEndpoint { ModelEndpoint(address: "127.0.0.1:80") }

    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        let names = state.withLock { $0.lookedFor }
        var (texts, binaries): ([String: String], [String: [UInt8]]) = ([:], [:])
        for name in names {
            texts[name] = context.firstValue(of: name)
            binaries[name] = context.firstBinaryValue(of: name)
        }
        let sight = Sight(
            kind: context.kind, modelID: context.modelID(), method: context.method(), target: context.target(),
            peer: context.peer(), texts: texts, binaries: binaries)
        return state.withLock { state in
            state.sights.append(sight)
            return state.onContext
        }()
    }
}

extension BackendError {
    /// What a backend of a test fails with.
    static let broken = BackendError(.internal, .startFailed, "the model server ended", metadata: ["code": "3"])
}
