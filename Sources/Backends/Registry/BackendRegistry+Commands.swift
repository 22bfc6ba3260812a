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
        if let full = try? get(name) {
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
    /// Its start lock is freed; callers that wait for it are told that the backend does not exist.
    @discardableResult
    package func delete(
        _ name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        try await perform(.delete(force: lock.force), on: name, lock)
    }

    /// Merges a patch into the layer of its owner, see ``BackendConfiguration``.
    package func registerConfig(
        _ registration: ConfigRegistration, on name: String, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        // What is wrong in any state of the backend is said before the wait for a lock.
        try backend(name).entry.configuration.check(registration)
        let outcome = try await perform(.registerConfig(registration), on: name, lock)
        if outcome.isChanged { warn(about: name) }
        return outcome
    }

    private func perform(
        _ command: BackendCommand, on name: String, _ lock: StartLockOptions
    ) async throws(BackendError) -> BackendOutcome {
        try StartLock.checkWait(lock.wait, limit: limits.lockWait)
        if Task.isCancelled { throw .callerCancelled }
        let ticket = try decide { (driven, now) throws(BackendError) in
            let (caller, reply) = (driven.registry.newCaller(), CommandReply())
            let (actions, isQueued) = try driven.registry.submit(command, on: name, by: caller, lock, at: now)
            driven.commands[caller] = PendingCommand(reply: reply, mustBeSaved: command.mustBeSaved)
            return (actions, CommandTicket(caller: caller, reply: reply, isQueued: isQueued))
        }
        let result = await outcome(of: ticket, on: name, lockWait: ticket.isQueued ? lock.wait : nil)
        guard let result else { throw .callerCancelled }
        var outcome = try result.get()
        // The configuration is read without the lock; a backend that was deleted serves nothing.
        if let backend = try? backend(name) { outcome.backend.models = backend.served.names }
        return outcome
    }

    /// Nil when the caller gave up.
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
        return await withDeadline(after: lockWait, sleep: clock.sleep(for:)) {
            self.lockWaitExpired(caller, name)
        } _: {
            await wait()
        }
    }

    /// A caller gives up: what waits for it alone is forgotten.
    func leave(_ caller: CallerID, _ name: String) {
        report { $0.callerLeft(caller, on: name, at: $1) }
    }

    private func lockWaitExpired(_ caller: CallerID, _ name: String) {
        report { registry, _ in registry.lockWaitExpired(caller, on: name) }
    }
}

/// A command that was taken in.
struct CommandTicket: Sendable {
    let caller: CallerID
    let reply: BackendRegistry.CommandReply
    /// Whether it waits for the start lock.
    let isQueued: Bool
}

/// What a caller wants of one backend, subject to its start lock.
package enum BackendCommand: Sendable {
    case start
    case stop
    case delete(force: Bool)
    case registerConfig(ConfigRegistration)

    /// Whether the command fails if what it changed cannot be saved. A start serves and a stop ends processes whatever the disk does.
    var mustBeSaved: Bool {
        switch self {
        case .start, .stop: false
        case .delete, .registerConfig: true
        }
    }
}

/// What became of a command.
package struct BackendOutcome: Equatable, Sendable {
    /// The backend right after the command.
    package var backend: BackendSnapshot
    /// False if it was so before: already started, already stopped, the same patch again.
    package var isChanged: Bool
    /// Whether the patch waits for the next start.
    package var isStaged: Bool

    private let configuration: BackendConfiguration

    init(backend: BackendSnapshot, isChanged: Bool, isStaged: Bool = false, configuration: BackendConfiguration) {
        self.backend = backend
        self.isChanged = isChanged
        self.isStaged = isStaged
        self.configuration = configuration
    }

    /// The layer of every leaf of the effective configuration, sorted by path.
    package func origins() -> [ConfigOrigin] { configuration.origins() }
}
