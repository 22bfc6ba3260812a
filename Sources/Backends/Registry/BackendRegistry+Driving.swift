// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

// MARK: Deciding

extension BackendRegistry {
    /// Takes in what cannot be refused, and carries out what follows.
    func report(_ event: (inout RegistryState, Timestamp) -> [RegistryAction]) {
        decide { driven, now in (event(&driven.registry, now), ()) }
    }

    /// Makes one decision about the registry and those who wait, and carries it out.
    func decide<Value: Sendable, Failure: Error>(
        _ decision: (inout Driven, Timestamp) throws(Failure) -> ([RegistryAction], Value)
    ) throws(Failure) -> Value {
        let (outbox, value) = try driven.withLock { (driven) throws(Failure) in
            if let number = store?.savedMark(.lockToken) { driven.registry.tokensReserved(upTo: number) }
            let (actions, value) = try decision(&driven, clock.now())
            var outbox = RegistryOutbox()
            for action in actions { apply(action, to: &driven, &outbox) }
            return (outbox, value)
        }
        carryOut(outbox)
        return value
    }

    /// Under the lock: changes other values, and notes what is to be carried out.
    private func apply(_ action: RegistryAction, to driven: inout Driven, _ outbox: inout RegistryOutbox) {
        switch action {
        case .unlist(let name):
            if let member = priorityList.withLock({ $0.remove(name) }) {
                outbox.deleted.append(member.backend)
            }
            driven.runs[name] = nil
            if driven.registry.entries[name] == nil { driven.successors[name] = nil }
            forgetRoutes(of: name, &driven)
        case .list(let name):
            guard let entry = driven.registry.entries[name],
                let machinery = driven.successors.removeValue(forKey: name)
            else { return }
            let member = priorityList.withLock { machinery.enlist(entry, in: &$0) }
            outbox.effects += [.indexModels(member, entry.configuration), .warn(name)]
        case .updateModels(let name, let state, let capacity, let failure):
            guard let member = member(name) else { return }
            outbox.models.append(Self.updateModels(of: member, to: state, capacity, failure))
        case .rerank(let name):
            guard let entry = driven.registry.entries[name] else { return }
            priorityList.withLock { $0.rerank(name, to: entry.rank) }
        case .refuseLoads(let name):
            guard let member = member(name) else { return }
            outbox.models.append(member.models.prepared { $0.loadsRefused(at: $1) })
        case .record(let event):
            events.append(event, to: &outbox.events)
        case .persist(let name):
            store?.keep(driven.registry.entries[name].map { .backend($0.record) } ?? .backendRemoved(name))
        case .reserveTokens(let mark):
            store?.keep(.mark(.lockToken, mark))
        case .indexModels(let name):
            guard let member = member(name), let entry = driven.registry.entries[name] else { return }
            outbox.effects.append(.indexModels(member, entry.configuration))
        case .reconfigure(let name):
            if let member = member(name) { outbox.effects.append(.reconfigure(member)) }
        case .roll(let name):
            if let member = member(name) { outbox.effects.append(.roll(member)) }
        case .start(let name, let run, let configuration, let cleanUpFirst):
            guard let (id, member) = reserveRun(of: name, &driven) else { return }
            let routes = savedRoutes(of: name, under: configuration, &driven)
            outbox.effects.append(.start(id, member, run, configuration, routes, cleanUpFirst: cleanUpFirst))
        case .stop(let name, let run):
            guard let (id, member) = reserveRun(of: name, &driven) else { return }
            // The end of the daemon is not the end of the routes.
            if !driven.registry.isDraining { forgetRoutes(of: name, &driven) }
            outbox.effects.append(.stop(id, member, run))
        case .cancelStart(let name):
            if let id = driven.runs[name] { outbox.effects.append(.cancel(id)) }
        case .answer(let caller, let outcome):
            guard let command = driven.commands.removeValue(forKey: caller) else { return }
            let point = store?.savePoint(of: .backend(outcome.backend.name))
            outbox.effects.append(.answer(command, .success(outcome), after: point))
        case .refuse(let caller, let error):
            if let command = driven.commands.removeValue(forKey: caller) {
                outbox.effects.append(.answer(command, .failure(error), after: nil))
            }
            if let reply = driven.lockRequests.removeValue(forKey: caller) {
                outbox.effects.append(.grant(reply, .failure(error)))
            }
        case .grant(let caller, let token):
            guard let reply = driven.lockRequests.removeValue(forKey: caller) else { return }
            let lease = OneShot<BackendError>()
            driven.leases[token] = lease
            let grant = StartLockGrant(token: token, broken: lease)
            outbox.effects.append(.grant(reply, .success(grant)))
        case .endLease(let token, let error):
            guard let lease = driven.leases.removeValue(forKey: token), let error else { return }
            outbox.effects.append(.breakLease(lease, error))
        }
    }

    private func member(_ name: String) -> PriorityList.Member? { priorityList.withLock { $0[name] } }

    private func reserveRun(of name: String, _ driven: inout Driven) -> (OwnedTasks.ID, PriorityList.Member)? {
        guard let member = member(name) else { return nil }
        let id = runs.reserve()
        driven.runs[name] = id
        return (id, member)
    }

    /// The models of a backend live between the end of its start and the beginning of its stop.
    private static func updateModels(
        of member: PriorityList.Member, to new: BackendState, _ capacity: ModelCapacity, _ failure: BackendFailure?
    ) -> ModelPoolDriver.Outbox {
        member.models.prepared { pool, _ in
            switch new {
            case .started:
                pool.opened(capacity: capacity)
                return []
            case .stopping: return pool.closed()
            case .stopped, .failed: return pool.cleared(failure)
            case .starting: return []
            }
        }
    }
}

/// What the registry has to carry out once its lock is free.
struct RegistryOutbox: Sendable {
    enum Effect: Sendable {
        case indexModels(PriorityList.Member, BackendConfiguration)
        case warn(String)
        case reconfigure(PriorityList.Member)
        case roll(PriorityList.Member)
        case start(OwnedTasks.ID, PriorityList.Member, RunID, ConfigValue, [LearnedRoute], cleanUpFirst: Bool)
        case stop(OwnedTasks.ID, PriorityList.Member, RunID)
        case cancel(OwnedTasks.ID)
        case answer(BackendRegistry.PendingCommand, Result<BackendOutcome, BackendError>, after: SavePoint?)
        case grant(BackendRegistry.LockReply, Result<StartLockGrant, BackendError>)
        case breakLease(OneShot<BackendError>, BackendError)
    }

    var events = EventOutbox()
    var deleted: [any Backend] = []
    var effects: [Effect] = []
    var models: [ModelPoolDriver.Outbox] = []
}

// MARK: Carrying out

extension BackendRegistry {
    /// Without the lock.
    private func carryOut(_ outbox: RegistryOutbox) {
        store?.save()
        events.deliver(outbox.events)
        // Before the answers: a caller that creates a backend of the name afterwards finds nothing of this one.
        for backend in outbox.deleted { backend.deleted() }
        // Before the starts and stops: a stop finds the loads cancelled.
        for models in outbox.models { models.deliver() }
        for effect in outbox.effects {
            switch effect {
            case .indexModels(let member, let configuration): indexModels(of: member, configuration)
            case .warn(let name): warn(about: name)
            case .reconfigure(let member): reconfigure(member)
            case .roll(let member): roll(member)
            case .start(let id, let member, let run, let configuration, let routes, let cleanUpFirst):
                beginStart(run, of: member, with: configuration, routes, cleanUpFirst: cleanUpFirst, as: id)
            case .stop(let id, let member, let run): beginStop(run, of: member, as: id)
            case .cancel(let id): runs.cancel(id)
            case .answer(let command, let result, let point): answer(command, result, after: point)
            case .grant(let reply, let result): reply.set(result)
            case .breakLease(let lease, let error): lease.set(error)
            }
        }
    }

    private func indexModels(of member: PriorityList.Member, _ configuration: BackendConfiguration) {
        let patterns = member.models.served(configuration).patterns
        priorityList.withLock { $0.update(member, serving: patterns, generation: configuration.generation) }
    }

    private func beginStart(
        _ run: RunID, of member: PriorityList.Member, with configuration: ConfigValue, _ routes: [LearnedRoute],
        cleanUpFirst: Bool, as id: OwnedTasks.ID
    ) {
        let supervisor = supervisor(of: member, run, routes)
        runs.begin(id) {
            let error = await Self.failure { () async throws(BackendError) in
                if cleanUpFirst { try await member.backend.stop() }
                if Task.isCancelled { throw .callerCancelled }
                try await member.backend.start(configuration: configuration, supervisor: supervisor)
            }
            let capacity = member.backend.capacity
            self.report { registry, now in
                registry.startFinished(
                    run, of: member.name, member.rank.creation, capacity: capacity, error: error, at: now)
            }
            guard error == nil else { return }
            for model in member.backend.recoveredModels {
                guard case .loadable(let rules) = member.backend.offer(of: model) else { continue }
                member.models.report { pool, now in pool.adopted(model, rules: rules, at: now) }
            }
        }
    }

    private func beginStop(_ run: RunID, of member: PriorityList.Member, as id: OwnedTasks.ID) {
        runs.begin(id) {
            // Uses may end by themselves before the backend is stopped under them.
            await member.models.waitUntilUnused()
            let error = await Self.failure { () async throws(BackendError) in try await member.backend.stop() }
            self.report { $0.stopFinished(run, of: member.name, member.rank.creation, error: error, at: $1) }
        }
    }

    private func supervisor(
        of member: PriorityList.Member, _ run: RunID, _ routes: [LearnedRoute]
    ) -> BackendSupervisor {
        let (name, creation) = (member.name, member.rank.creation)
        return BackendSupervisor(routes: routes) { [weak self, weak models = member.models] report in
            switch report {
            case .failed(let failure):
                self?.report { $0.failureReported(failure, by: run, of: name, creation, at: $1) }
            case .instanceChanged(let change):
                if let model = change.model {
                    models?.report { pool, _ in
                        pool.unreadyBecause(change.unready, model)
                        return []
                    }
                }
                self?.report { $0.instanceChanged(change, of: name, creation, at: $1) }
            case .modelFailed(let model, let failure):
                models?.report { pool, now in pool.brokeDown(model, failure, at: now) }
            case .modelMoved(let model, let endpoint):
                models?.report { pool, now in pool.moved(model, to: endpoint, at: now) }
            case .routeLearned(let route):
                self?.keep(route, of: name, creation)
            }
        }
    }

    private static func failure(of work: () async throws(BackendError) -> Void) async -> BackendError? {
        do throws(BackendError) {
            try await work()
            return nil
        } catch {
            return error
        }
    }
}
