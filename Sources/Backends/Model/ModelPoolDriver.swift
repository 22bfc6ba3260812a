// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// The models of one backend at work: carries out what its ``ModelPool`` decides.
///
/// Loads and unloads belong to the registry and not to a caller: a caller that gives up ends its own wait and nothing else.
final class ModelPoolDriver: Sendable {
    typealias Reply = OneShot<Result<ModelReply, BackendError>>

    struct State: Sendable {
        var pool: ModelPool
        var lastCaller: UInt64 = 0
        var replies: [CallerID: Reply] = [:]
        /// Of the uses under way: set when one is over by itself.
        var losses: [CallerID: OneShot<BackendError>] = [:]
        var loads: [RunID: OwnedTasks.ID] = [:]
        /// Set when the last use ends.
        var whenUnused: OneShot<Void>?
    }

    /// A request that the pool has taken in.
    struct Asked: Sendable {
        let caller: CallerID
        let reply: Reply
        let loss: OneShot<BackendError>
    }

    /// What has to be carried out once the lock is free.
    struct Outbox: Sendable {
        enum Effect: Sendable {
            case load(OwnedTasks.ID, String, RunID)
            case cancelLoad(OwnedTasks.ID)
            case unload(OwnedTasks.ID, String, RunID)
            case watchIdle(String, after: Duration)
            case watchRoom(after: Duration)
            case answer(Reply, Result<ModelReply, BackendError>)
            case lose(OneShot<BackendError>, BackendError)
            case unused(OneShot<Void>)
        }

        var events = EventOutbox()
        var effects: [Effect] = []
        fileprivate let driver: ModelPoolDriver

        /// Carries out what is in it. Call once, without any lock.
        func deliver() {
            if !events.isEmpty { driver.hub.deliver(events) }
            for effect in effects { driver.carryOut(effect) }
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
    private let serving: Guarded<(generation: UInt64, models: ServedModels)>
    /// Whether ``serving`` has models that are served wherever a context says: looked at for each context, so without a lock.
    let followsRoutes: Atomic<Bool>

    init(name: String, backend: any Backend, _ configuration: BackendConfiguration, registry: BackendRegistry) {
        let models = backend.served(configuration: configuration.effective)
        serving = Guarded((configuration.generation, models))
        followsRoutes = Atomic(models.routed != nil)
        self.name = name
        self.backend = backend
        clock = registry.clock
        hub = registry.events
        runs = registry.runs
        timers = registry.idleTimers
        state = Guarded(State(pool: ModelPool(backend: name)))
    }

    /// Which models the newest configuration serves.
    var served: ServedModels { serving.withLock { $0.models } }

    /// Which models the backend serves once it is started with its configuration.
    func served(_ configuration: BackendConfiguration) -> ServedModels {
        let known = serving.withLock { $0 }
        if known.generation == configuration.generation { return known.models }
        let models = backend.served(configuration: configuration.effective)
        serving.withLock { serving in
            guard configuration.generation > serving.generation else { return }
            serving = (configuration.generation, models)
            followsRoutes.store(models.routed != nil, ordering: .relaxed)
        }
        return models
    }

    /// Makes one decision of the pool and carries it out.
    @discardableResult
    func decide<Value: Sendable>(
        _ body: (inout State, Duration) throws(BackendError) -> ([ModelPool.Action], Value)
    ) throws(BackendError) -> Value {
        let (outbox, value) = try taken(body)
        outbox.deliver()
        return value
    }

    /// Tells the pool what cannot be refused, and carries out what follows.
    func report(_ body: (inout ModelPool, Duration) -> [ModelPool.Action]) {
        prepared(body).deliver()
    }

    /// Tells the pool what cannot be refused. The caller delivers the outbox once it has left its own lock.
    func prepared(_ body: (inout ModelPool, Duration) -> [ModelPool.Action]) -> Outbox {
        taken { state, now in (body(&state.pool, now), ()) }.0
    }

    private func taken<Value: Sendable, Failure: Error>(
        _ body: (inout State, Duration) throws(Failure) -> ([ModelPool.Action], Value)
    ) throws(Failure) -> (Outbox, Value) {
        let now = clock.uptime()
        return try state.withLock { (state) throws(Failure) in
            let (actions, value) = try body(&state, now)
            var outbox = Outbox(driver: self)
            for action in actions { apply(action, to: &state, &outbox) }
            if state.whenUnused != nil, state.pool.isUnused, let waiter = state.whenUnused.take() {
                outbox.effects.append(.unused(waiter))
            }
            return (outbox, value)
        }
    }

    /// Under the lock: numbers the events, and notes what is to be carried out.
    private func apply(_ action: ModelPool.Action, to state: inout State, _ outbox: inout Outbox) {
        switch action {
        case .record(let model, let old, let new, let cause, let failure):
            let event = ModelEvent(
                time: clock.now(), backend: name, model: model, oldState: old, newState: new, cause: cause,
                failure: failure)
            hub.append(.model(event), to: &outbox.events)
        case .load(let model, let run):
            let id = runs.reserve()
            state.loads[run] = id
            outbox.effects.append(.load(id, model, run))
        case .cancelLoad(let run):
            if let id = state.loads[run] { outbox.effects.append(.cancelLoad(id)) }
        case .unload(let model, let run):
            outbox.effects.append(.unload(runs.reserve(), model, run))
        case .watchIdle(let model, let after):
            outbox.effects.append(.watchIdle(model, after: after))
        case .watchRoom(let after):
            outbox.effects.append(.watchRoom(after: after))
        case .loaded(let caller, let model, let entry, let changed):
            let snapshot = ModelSnapshot(model, entry, backend: name, now: clock.now(), uptime: clock.uptime())
            answer(caller, .success(.loaded(snapshot, changed: changed)), &state, &outbox)
        case .grant(let caller, let endpoint):
            answer(caller, .success(.endpoint(endpoint)), &state, &outbox)
        case .succeed(let caller, let changed):
            answer(caller, .success(.done(changed: changed)), &state, &outbox)
        case .fail(let caller, let error):
            answer(caller, .failure(error), &state, &outbox)
            state.losses[caller] = nil
        case .lose(let caller, let error):
            if let loss = state.losses.removeValue(forKey: caller) { outbox.effects.append(.lose(loss, error)) }
        }
    }

    private func answer(
        _ caller: CallerID, _ result: Result<ModelReply, BackendError>, _ state: inout State, _ outbox: inout Outbox
    ) {
        guard let reply = state.replies.removeValue(forKey: caller) else { return }
        outbox.effects.append(.answer(reply, result))
    }
}

// MARK: Carrying out

extension ModelPoolDriver {
    /// Without the lock.
    private func carryOut(_ effect: Outbox.Effect) {
        switch effect {
        case .load(let id, let model, let run): load(model, run, as: id)
        case .cancelLoad(let id): runs.cancel(id)
        case .unload(let id, let model, let run): unload(model, run, as: id)
        case .watchIdle(let model, let after):
            report(after: after) { pool, now in pool.idleTimePassed(model, at: now) }
        case .watchRoom(let after):
            report(after: after) { pool, now in pool.roomTimePassed(at: now) }
        case .answer(let reply, let result): reply.set(result)
        case .lose(let loss, let error): loss.set(error)
        case .unused(let waiter): waiter.set(())
        }
    }

    private func load(_ model: String, _ run: RunID, as id: OwnedTasks.ID) {
        runs.begin(id) {
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
            self.report { pool, now in pool.loadFinished(model, run: run, result, at: now) }
        }
    }

    private func unload(_ model: String, _ run: RunID, as id: OwnedTasks.ID) {
        runs.begin(id) {
            var failure: BackendError?
            do throws(BackendError) {
                try await self.backend.unload(model)
            } catch {
                failure = error
            }
            let error = failure
            self.report { pool, now in pool.unloadFinished(model, run: run, error: error, at: now) }
        }
    }

    /// Tells the pool that a time has passed. A timer is not work: the end of the daemon does not wait for it.
    private func report(
        after time: Duration, _ event: @escaping @Sendable (inout ModelPool, Duration) -> [ModelPool.Action]
    ) {
        timers.spawn {
            guard (try? await self.clock.sleep(for: time)) != nil else { return }
            self.report(event)
        }
    }
}

// MARK: Callers

extension ModelPoolDriver {
    /// Puts a request to the pool; the reply comes once it is decided.
    func request(
        _ body: (inout ModelPool, CallerID, Duration) throws(BackendError) -> [ModelPool.Action]
    ) throws(BackendError) -> Asked {
        let (reply, loss) = (Reply(), OneShot<BackendError>())
        let caller = try decide { (state, now) throws(BackendError) -> ([ModelPool.Action], CallerID) in
            state.lastCaller += 1
            let caller = CallerID(state.lastCaller)
            let actions = try body(&state.pool, caller, now)
            state.replies[caller] = reply
            state.losses[caller] = loss
            return (actions, caller)
        }
        return Asked(caller: caller, reply: reply, loss: loss)
    }

    /// A caller gives up waiting. A use that was granted at the same moment is released.
    func leave(_ caller: CallerID, _ model: String) {
        try? decide { (state, now) throws(BackendError) -> ([ModelPool.Action], Void) in
            state.replies[caller] = nil
            state.losses[caller] = nil
            if let actions = state.pool.callerLeft(caller, model, at: now) { return (actions, ()) }
            return (state.pool.released(caller, model, at: now) + state.pool.unloaderLeft(caller, model, at: now), ())
        }
    }

    /// Waits for the answer to a request other than a use.
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
        try? decide { (state, now) throws(BackendError) -> ([ModelPool.Action], Void) in
            // What takes long now is the end of the model itself.
            guard state.pool.state(of: model) == .draining else { return ([], ()) }
            let actions = state.pool.unloaderLeft(caller, model, at: now)
            return (actions + [.fail(caller, .modelBusy(model, name))], ())
        }
    }

    /// Forgets the loss of a caller that does not hold a use.
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
        await firstOf({ _ = await waiter.value() }, { try? await self.clock.sleep(for: timeout) })
    }
}
