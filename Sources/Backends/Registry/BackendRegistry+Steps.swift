// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// Everything here runs under the lock.
extension BackendRegistry {
    /// Runs the command, or queues it behind the start lock.
    func submit(
        _ command: BackendCommand, on name: String, _ options: StartLockOptions,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) throws(BackendError) -> CommandTicket {
        try state.requireServing()
        let lock = try state.entry(name).lock
        let admission = try lock.admission(options)
        let caller = state.nextID()
        let reply = RegistryOutbox.CommandReply()
        switch admission {
        case .open:
            try run(command, for: caller, reply, on: name, &state, &outbox)
        case .breaking(let token):
            _ = state.entries[name]?.lock.released(token: token)
            do throws(BackendError) {
                try run(command, for: caller, reply, on: name, &state, &outbox)
            } catch {
                // A command that is refused does not break the lock either.
                state.entries[name]?.lock = lock
                throw error
            }
            if let lease = state.leases.removeValue(forKey: token) { outbox.breaks.append((lease, lock.brokenError)) }
            serveLock(of: name, &state, &outbox)
        case .held:
            guard let wait = options.wait, wait > .zero else { throw lock.heldError }
            try state.update(name) { entry throws(BackendError) in try entry.lock.commandQueued(caller) }
            state.pending[caller] = RegistryState.Pending(command: command, reply: reply)
            return CommandTicket(caller: caller, reply: reply, isQueued: true)
        }
        return CommandTicket(caller: caller, reply: reply, isQueued: false)
    }

    private func run(
        _ command: BackendCommand, for caller: CallerID, _ reply: RegistryOutbox.CommandReply, on name: String,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) throws(BackendError) {
        state.pending[caller] = RegistryState.Pending(command: command, reply: reply)
        do throws(BackendError) {
            try decide(command, for: caller, on: name, &state, &outbox)
        } catch {
            state.pending[caller] = nil
            throw error
        }
    }

    private func decide(
        _ command: BackendCommand, for caller: CallerID, on name: String,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) throws(BackendError) {
        let actions = try state.update(name) { entry throws(BackendError) -> [BackendLifecycle.Action] in
            switch command {
            case .start: try entry.lifecycle.startRequested(by: caller)
            case .stop: try entry.lifecycle.stopRequested(by: caller)
            case .delete(let force): try entry.lifecycle.deleteRequested(by: caller, force: force)
            case .registerConfig: []
            }
        }
        if case .registerConfig(let registration) = command {
            try register(registration, for: caller, on: name, &state, &outbox)
        }
        carryOut(actions, on: name, &state, &outbox)
    }

    private func register(
        _ registration: ConfigRegistration, for caller: CallerID, on name: String,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) throws(BackendError) {
        let entry = try state.entry(name)
        let isAtRest = entry.lifecycle.acceptsConfiguration
        guard isAtRest || registration.apply == .nextStart else {
            throw entry.lifecycle.atRestRequired(to: "configure")
        }
        var layers = entry.layers
        let change: ConfigLayers.Change
        do throws(BackendError) {
            change = try layers.register(registration, isAtRest: isAtRest)
        } catch {
            var error = error
            error.metadata["backend"] = name
            throw error
        }
        let bytes = state.configurationBytes - entry.layers.bytes + layers.bytes
        if layers.bytes > entry.layers.bytes { try requireRoom(forBytes: bytes) }
        let changed = try state.update(name) { entry throws(BackendError) in
            entry.layers = layers
            return entry
        }
        state.configurationBytes = bytes
        let cause: BackendEvent.Cause? =
            switch change {
            case .none: nil
            case .applied: .configRegistered
            case .staged: .configStaged
            }
        if let cause {
            let now = clock.now()
            let event = event(
                of: changed, from: entry.state, to: entry.state, cause, failure: entry.failure, at: now)
            events.append(.backend(event), to: &outbox.events)
        }
        let outcome = changed.outcome(isChanged: change != .none, isStaged: !isAtRest && layers.isStaged)
        state.answer(caller, .success(outcome), &outbox)
    }

    /// Does what a lifecycle decided.
    func carryOut(
        _ actions: [BackendLifecycle.Action], on name: String,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) {
        for action in actions {
            switch action {
            case .record(let old, let new, let cause, let failure):
                record(old, new, cause, failure, on: name, &state, &outbox)
            case .start(let run, let cleanUpFirst):
                begin(on: name, &state) { $0.start(run, of: $1, cleanUpFirst: cleanUpFirst) }
            case .stop(let run):
                begin(on: name, &state) { $0.stop(run, of: $1) }
            case .cancelStart:
                state.entries[name]?.task?.cancel()
            case .succeed(let callers, let isChanged):
                guard let outcome = state.entries[name]?.outcome(isChanged: isChanged) else { continue }
                for caller in callers { state.answer(caller, .success(outcome), &outbox) }
            case .fail(let callers, let error):
                for caller in callers { state.refuse(caller, error, &outbox) }
            case .remove(let callers):
                remove(name, for: callers, &state, &outbox)
            }
        }
    }

    private func record(
        _ old: BackendState, _ new: BackendState, _ cause: BackendEvent.Cause, _ failure: BackendFailure?,
        on name: String, _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) {
        guard let index = state.entries.index(forKey: name) else { return }
        let now = clock.now()
        let bytes = state.entries.values[index].layers.bytes
        if new == .starting { _ = state.entries.values[index].layers.startBegan() }
        state.configurationBytes += state.entries.values[index].layers.bytes - bytes
        state.entries.values[index].state = new
        state.entries.values[index].failure = failure
        state.entries.values[index].stateTime = now
        let entry = state.entries.values[index]
        outbox.models.append(follow(entry, to: new))
        let event = event(of: entry, from: old, to: new, cause, failure: failure, at: now)
        events.append(.backend(event), to: &outbox.events)
    }

    /// The models of a backend live between the end of its start and the begin of its stop.
    private func follow(_ entry: BackendEntry, to new: BackendState) -> BackendModels.Outbox {
        entry.models.prepared { pool, _ in
            switch new {
            case .started:
                pool.opened(capacity: entry.backend.capacity)
                return []
            case .stopping: return pool.closed()
            case .stopped, .failed: return pool.cleared(entry.failure)
            case .starting: return []
            }
        }
    }

    private func begin(
        on name: String, _ state: inout RegistryState, _ task: (BackendRegistry, BackendEntry) -> Task<Void, Never>
    ) {
        guard let entry = state.entries[name] else { return }
        state.entries[name]?.task = task(self, entry)
    }

    private func remove(
        _ name: String, for callers: [CallerID], _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) {
        guard let entry = state.remove(name) else { return }
        routes.withLock { $0.remove(name) }
        outbox.deleted.append(entry.backend)
        let now = clock.now()
        let event = event(of: entry, from: entry.state, to: nil, .deleted, at: now)
        events.append(.backend(event), to: &outbox.events)
        let outcome = entry.outcome(isChanged: true)
        for caller in callers { state.answer(caller, .success(outcome), &outbox) }
        for caller in entry.lock.callers { state.refuse(caller, .backendNotFound(name), &outbox) }
        if let token = entry.lock.token, let lease = state.leases.removeValue(forKey: token) {
            outbox.breaks.append((lease, .backendNotFound(name)))
        }
    }
}

// MARK: The start lock

extension BackendRegistry {
    /// Lets those in whose turn it is, until somebody holds the lock or nobody waits.
    func serveLock(of name: String, _ state: inout RegistryState, _ outbox: inout RegistryOutbox) {
        let now = clock.now()
        while let index = state.entries.index(forKey: name),
            let turn = state.entries.values[index].lock.next(at: now, tokens: &state.tokens)
        {
            switch turn {
            case .grant(let caller, let token):
                guard let reply = state.holders.removeValue(forKey: caller) else { continue }
                let lease = OneShot<BackendError>()
                state.leases[token] = lease
                outbox.locks.append((reply, .success(StartLockGrant(token: token, broken: lease))))
            case .run(let caller):
                guard let pending = state.pending[caller] else { continue }
                do throws(BackendError) {
                    try decide(pending.command, for: caller, on: name, &state, &outbox)
                } catch {
                    state.refuse(caller, error, &outbox)
                }
            }
        }
    }
}
