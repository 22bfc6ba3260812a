// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The models of one backend at work: carries out what its ``ModelPool`` decides.
///
/// Loads and unloads belong to the registry and not to a caller: a caller that gives up ends its own wait and nothing else.
final class BackendModels: Sendable {
    typealias Reply = OneShot<Result<ModelReply, BackendError>>

    struct State: Sendable {
        var pool: ModelPool
        var lastCaller: CallerID = 0
        var replies: [CallerID: Reply] = [:]
        /// Of the uses under way: set when one is over by itself.
        var losses: [CallerID: OneShot<BackendError>] = [:]
        var loads: [ModelPool.RunID: Task<Void, Never>] = [:]
        /// Set when the last use ends.
        var whenUnused: OneShot<Void>?
    }

    /// A request that the pool has taken in.
    struct Asked: Sendable {
        let caller: CallerID
        let reply: Reply
        let loss: OneShot<BackendError>
    }

    /// Who has to hear of a step once the lock is free.
    struct Outbox: Sendable {
        var events = EventOutbox()
        var replies: [(Reply, Result<ModelReply, BackendError>)] = []
        var losses: [(OneShot<BackendError>, BackendError)] = []
        var unused: OneShot<Void>?

        func deliver(_ hub: EventHub) {
            hub.deliver(events)
            for (reply, result) in replies { reply.set(result) }
            for (loss, error) in losses { loss.set(error) }
            unused?.set(())
        }
    }

    let name: String
    let backend: any Backend
    let clock: any BackendClock
    private let hub: EventHub
    private let runs: OwnedTasks
    private let timers: OwnedTasks
    let state: Guarded<State>
    /// Which models the configuration of a generation serves, read once per generation.
    let serving: Guarded<(generation: UInt64, models: ServedModels)>

    init(name: String, backend: any Backend, layers: ConfigLayers, registry: BackendRegistry) {
        serving = Guarded((layers.generation, backend.served(configuration: layers.effective)))
        self.name = name
        self.backend = backend
        clock = registry.clock
        hub = registry.events
        runs = registry.runs
        timers = registry.idleTimers
        state = Guarded(State(pool: ModelPool(backend: name)))
    }

    /// Which models the configuration serves that was read last.
    var served: ServedModels { serving.withLock { $0.models } }

    /// Which models the backend serves once it is started with its configuration.
    func served(_ layers: ConfigLayers) -> ServedModels {
        let known = serving.withLock { $0 }
        if known.generation == layers.generation { return known.models }
        let models = backend.served(configuration: layers.effective)
        serving.withLock { $0 = (layers.generation, models) }
        return models
    }

    /// One step of the pool; everybody concerned is told afterwards, also where it throws.
    @discardableResult
    func step<Value: Sendable>(
        _ body: (inout State, Duration) throws(BackendError) -> ([ModelPool.Action], Value)
    ) throws(BackendError) -> Value {
        let (outbox, value) = try prepared(body)
        outbox.deliver(hub)
        return value
    }

    /// A step that cannot fail and gives nothing.
    func step(_ body: (inout ModelPool, Duration) -> [ModelPool.Action]) {
        prepared(body).deliver(hub)
    }

    /// A step whose outbox the caller delivers, once it has left its own lock.
    func prepared(_ body: (inout ModelPool, Duration) -> [ModelPool.Action]) -> Outbox {
        let now = clock.uptime()
        return state.withLock { state in
            let actions = body(&state.pool, now)
            return carryOut(actions, &state)
        }
    }

    private func prepared<Value: Sendable>(
        _ body: (inout State, Duration) throws(BackendError) -> ([ModelPool.Action], Value)
    ) throws(BackendError) -> (Outbox, Value) {
        let now = clock.uptime()
        return try state.withLock { state throws(BackendError) in
            let (actions, value) = try body(&state, now)
            return (carryOut(actions, &state), value)
        }
    }
}

// MARK: Carrying out

extension BackendModels {
    /// Under the lock.
    private func carryOut(_ actions: [ModelPool.Action], _ state: inout State) -> Outbox {
        var outbox = Outbox()
        for action in actions {
            switch action {
            case .record(let model, let old, let new, let cause, let failure):
                let event = ModelEvent(
                    time: clock.now(), backend: name, model: model, oldState: old, newState: new, cause: cause,
                    failure: failure)
                hub.append(.model(event), to: &outbox.events)
            case .load(let model, let run):
                state.loads[run] = load(model, run)
            case .cancelLoad(let run):
                state.loads[run]?.cancel()
            case .unload(let model, let run):
                unload(model, run)
            case .watchIdle(let model, let after):
                watchIdle(model, after)
            case .watchRoom(let after):
                watchRoom(after)
            case .loaded(let caller, let model, let entry, let changed):
                let snapshot = ModelSnapshot(
                    model, entry, backend: name, now: clock.now(), uptime: clock.uptime())
                answer(caller, .success(.loaded(snapshot, changed: changed)), &state, &outbox)
            case .grant(let caller, let endpoint):
                answer(caller, .success(.endpoint(endpoint)), &state, &outbox)
            case .succeed(let caller, let changed):
                answer(caller, .success(.done(changed: changed)), &state, &outbox)
            case .fail(let caller, let error):
                answer(caller, .failure(error), &state, &outbox)
                state.losses[caller] = nil
            case .lose(let caller, let error):
                guard let loss = state.losses.removeValue(forKey: caller) else { continue }
                outbox.losses.append((loss, error))
            }
        }
        if state.whenUnused != nil, state.pool.isUnused { outbox.unused = state.whenUnused.take() }
        return outbox
    }

    private func answer(
        _ caller: CallerID, _ result: Result<ModelReply, BackendError>, _ state: inout State, _ outbox: inout Outbox
    ) {
        guard let reply = state.replies.removeValue(forKey: caller) else { return }
        outbox.replies.append((reply, result))
    }

    private func load(_ model: String, _ run: ModelPool.RunID) -> Task<Void, Never> {
        runs.spawn {
            let result: Result<ModelEndpoint, BackendError>
            do throws(BackendError) {
                if Task.isCancelled { throw .callerCancelled }
                let endpoint = try await self.backend.load(model)
                if !endpoint.isComplete {
                    try? await self.backend.unload(model)
                    throw .addressMissing(model, self.name)
                }
                result = .success(endpoint)
            } catch {
                result = .failure(error)
            }
            self.state.withLock { $0.loads[run] = nil }
            self.step { (pool: inout ModelPool, now) in pool.loadFinished(model, run: run, result, at: now) }
        }
    }

    private func unload(_ model: String, _ run: ModelPool.RunID) {
        runs.spawn {
            var failure: BackendError?
            do throws(BackendError) {
                try await self.backend.unload(model)
            } catch {
                failure = error
            }
            let error = failure
            self.step { (pool: inout ModelPool, now) in pool.unloadFinished(model, run: run, error: error, at: now) }
        }
    }

    /// A timer is not work: nobody waits for it at the end.
    private func watchIdle(_ model: String, _ after: Duration) {
        timers.spawn {
            guard (try? await self.clock.sleep(for: after)) != nil else { return }
            self.step { (pool: inout ModelPool, now) in pool.idleTimePassed(model, at: now) }
        }
    }
}

extension BackendModels {
    private func watchRoom(_ after: Duration) {
        timers.spawn {
            guard (try? await self.clock.sleep(for: after)) != nil else { return }
            self.step { (pool: inout ModelPool, now) in pool.roomTimePassed(at: now) }
        }
    }
}

// MARK: Callers

extension BackendModels {
    /// Puts a request to the pool; the reply comes once it is decided.
    func request(
        _ body: (inout ModelPool, CallerID, Duration) throws(BackendError) -> [ModelPool.Action]
    ) throws(BackendError) -> Asked {
        let (reply, loss) = (Reply(), OneShot<BackendError>())
        let caller = try step { (state, now) throws(BackendError) -> ([ModelPool.Action], CallerID) in
            state.lastCaller += 1
            let caller = state.lastCaller
            let actions = try body(&state.pool, caller, now)
            state.replies[caller] = reply
            state.losses[caller] = loss
            return (actions, caller)
        }
        return Asked(caller: caller, reply: reply, loss: loss)
    }

    /// A caller gives up waiting. Where its use was granted in the same moment it is released.
    func leave(_ caller: CallerID, _ model: String) {
        try? step { (state, now) throws(BackendError) -> ([ModelPool.Action], Void) in
            state.replies[caller] = nil
            state.losses[caller] = nil
            if let actions = state.pool.callerLeft(caller, model, at: now) { return (actions, ()) }
            return (state.pool.released(caller, model, at: now) + state.pool.unloaderLeft(caller, model, at: now), ())
        }
    }

    /// Waits for the answer to a request that is no use.
    func answer(to asked: Asked, _ model: String) async throws(BackendError) -> ModelReply {
        defer { forget(asked.caller) }
        guard let result = await asked.reply.value() else {
            leave(asked.caller, model)
            throw .callerCancelled
        }
        return try result.get()
    }

    /// The uses took longer than a caller waits for their end.
    func giveUpUnloading(_ caller: CallerID, _ model: String) {
        try? step { (state, now) throws(BackendError) -> ([ModelPool.Action], Void) in
            // What takes long now is the end of the model itself.
            guard state.pool.state(of: model) == .draining else { return ([], ()) }
            let actions = state.pool.unloaderLeft(caller, model, at: now)
            return (actions + [.fail(caller, .modelBusy(model, name))], ())
        }
    }

    /// Nobody keeps the loss of a caller that holds no use.
    func forget(_ caller: CallerID) {
        state.withLock { $0.losses[caller] = nil }
    }

    /// Waits until no use is under way, as long as the configuration says.
    func waitUntilUnused() async {
        let waiter = OneShot<Void>()
        let (isUnused, timeout) = state.withLock { state in
            if !state.pool.isUnused { state.whenUnused = waiter }
            return (state.pool.isUnused, state.pool.capacity.drainTimeout)
        }
        if isUnused { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await waiter.value() }
            group.addTask { _ = try? await self.clock.sleep(for: timeout) }
            await group.next()
            group.cancelAll()
        }
    }
}
