// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Starts the backend and waits until it serves; joins a start under way, waits for a stop under way first.
    package func start(
        _ name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        var outcome = try await perform(.start, on: name, lock)
        // With what runs now; the processes are asked without the lock.
        await measure(name)
        if let full = state.withLock({ $0.entries[name] })?.fullSnapshot {
            outcome.backend.instances = full.instances
            if outcome.backend.isStarted, full.isStarted { outcome.backend.unready = full.unready }
        }
        return outcome
    }

    /// Stops the backend and waits until nothing of it is left; cancels a start under way.
    package func stop(
        _ name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        try await perform(.stop, on: name, lock)
    }

    /// Deletes the backend, which has to be at rest unless `lock.force` is set: then it is stopped first.
    ///
    /// Its start lock is freed; whoever waits for it is told that there is no such backend.
    @discardableResult
    package func delete(
        _ name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        try await perform(.delete(force: lock.force), on: name, lock)
    }

    /// Merges a patch into the layer of its owner, see ``ConfigLayers``.
    package func registerConfig(
        _ registration: ConfigRegistration, on name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        // What is wrong whatever happens meanwhile is said before the wait for a lock.
        let layers = try state.withLock { state throws(BackendError) in try state.entry(name).layers }
        try layers.check(registration)
        let outcome = try await perform(.registerConfig(registration), on: name, lock)
        if outcome.isChanged { warn(about: name) }
        return outcome
    }

    private func perform(
        _ command: BackendCommand, on name: String, _ lock: StartLockOptions
    ) async throws(BackendError) -> BackendOutcome {
        try StartLock.checkWait(lock.wait, limit: limits.lockWait)
        if Task.isCancelled { throw .callerCancelled }
        let ticket = try step { (state, outbox) throws(BackendError) in
            try self.submit(command, on: name, lock, &state, &outbox)
        }
        let result = await outcome(of: ticket, on: name, lockWait: ticket.isQueued ? lock.wait : nil)
        guard let result else { throw .callerCancelled }
        var outcome = try result.get()
        // The configuration is read without the lock; one that was deleted serves nothing any more.
        if let entry = state.withLock({ $0.entries[name] }) {
            outcome.backend.models = entry.models.served(entry.layers).names
        }
        return outcome
    }

    /// Nil where the caller gave up.
    private func outcome(
        of ticket: CommandTicket, on name: String, lockWait: Duration?
    ) async -> Result<BackendOutcome, BackendError>? {
        let result = await waiting(for: ticket.caller, on: name, lockWait: lockWait) { await ticket.reply.value() }
        if result == nil { leave(ticket.caller, name) }
        return result
    }

    /// Waits with a bound on the time in the queue of a start lock.
    func waiting<Value: Sendable>(
        for caller: CallerID, on name: String, lockWait: Duration?, _ wait: () async -> Value
    ) async -> Value {
        guard let lockWait else { return await wait() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                guard (try? await self.clock.sleep(for: lockWait)) != nil else { return }
                self.lockWaitExpired(caller, name)
            }
            let value = await wait()
            group.cancelAll()
            return value
        }
    }

    /// A caller gives up: what waits for it alone is forgotten.
    func leave(_ caller: CallerID, _ name: String) {
        withStep { state, outbox in
            if let index = state.entries.index(forKey: name), !state.entries.values[index].lock.callerLeft(caller) {
                _ = state.entries.values[index].lifecycle.callerLeft(caller)
            }
            state.refuse(caller, .callerCancelled, &outbox)
        }
    }

    private func lockWaitExpired(_ caller: CallerID, _ name: String) {
        withStep { state, outbox in
            guard let index = state.entries.index(forKey: name), state.entries.values[index].lock.callerLeft(caller)
            else { return }
            state.refuse(caller, state.entries.values[index].lock.heldError, &outbox)
        }
    }

    /// A step that cannot fail.
    func withStep(_ body: (inout RegistryState, inout RegistryOutbox) -> Void) {
        var outbox = RegistryOutbox()
        state.withLock { body(&$0, &outbox) }
        outbox.deliver(events)
    }
}

/// A command that was taken in.
struct CommandTicket: Sendable {
    let caller: CallerID
    let reply: RegistryOutbox.CommandReply
    /// Whether it waits for the start lock.
    let isQueued: Bool
}
