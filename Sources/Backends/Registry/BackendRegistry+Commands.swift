// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Starts the backend and waits until it serves; joins a start under way, waits for a stop under way first.
    ///
    /// A fresh start of a started backend starts the processes that wait for their restart, see
    /// ``InstanceMachine/retryRequested()``.
    package func start(
        _ name: String, by starter: Starter = .person, isFresh: Bool = false,
        lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        var outcome = try await perform(.start(by: starter), on: name, lock)
        if isFresh, !outcome.isChanged, let processes = try backend(name).member.processes {
            outcome.isChanged = try await processes.retry()
        }
        return await withProcesses(outcome)
    }

    /// Stops the backend and waits until nothing of it is left; cancels a start under way.
    ///
    /// A stop by a person holds: until a person starts the backend, neither requests nor the boot do.
    package func stop(
        _ name: String, by person: CallerIdentity? = nil, lock: StartLockOptions = StartLockOptions()
    ) async throws(BackendError) -> BackendOutcome {
        try await perform(.stop(by: person), on: name, lock)
    }

    /// Enables or disables the starts of the backend by requests and by the boot. What runs goes on.
    package func setEnabled(_ isEnabled: Bool, _ name: String) async throws(BackendError) -> BackendOutcome {
        try await perform(.setEnabled(isEnabled), on: name, StartLockOptions())
    }

    /// With what runs now; the processes are asked without the lock.
    func withProcesses(_ outcome: BackendOutcome) async -> BackendOutcome {
        var outcome = outcome
        let name = outcome.backend.name
        await measure(name)
        guard let full = try? get(name) else { return outcome }
        outcome.backend.instances = full.instances
        if outcome.backend.isStarted, full.isStarted { outcome.backend.unready = full.unready }
        return outcome
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

    func perform(
        _ command: BackendCommand, on name: String, _ lock: StartLockOptions
    ) async throws(BackendError) -> BackendOutcome {
        try StartLock.checkWait(lock.wait, limit: limits.lockWait)
        if Task.isCancelled { throw .callerCancelled }
        let ticket = try begin(command, on: name, lock)
        let result = await outcome(of: ticket, on: name, lockWait: lock.wait)
        guard let result else { throw .callerCancelled }
        var outcome = try result.get()
        // The configuration is read without the lock; a backend that was deleted serves nothing.
        if let backend = try? backend(name) { outcome.backend.models = backend.served.names }
        return outcome
    }

    /// Takes a command in. `machinery` runs the backend that takes the place of this one.
    func begin(
        _ command: BackendCommand, on name: String, _ lock: StartLockOptions, machinery: Machinery? = nil
    ) throws(BackendError) -> CommandTicket {
        try decide { (driven, now) throws(BackendError) in
            let (caller, reply) = (driven.registry.newCaller(), CommandReply())
            let (actions, isQueued) = try driven.registry.submit(command, on: name, by: caller, lock, at: now)
            if let machinery { driven.successors[name] = machinery }
            driven.commands[caller] = PendingCommand(reply: reply, saving: command.saving)
            return (actions, CommandTicket(caller: caller, reply: reply, isQueued: isQueued))
        }
    }

    /// Nil when the caller gave up.
    func outcome(
        of ticket: CommandTicket, on name: String, lockWait: Duration?
    ) async -> Result<BackendOutcome, BackendError>? {
        let lockWait = ticket.isQueued ? lockWait : nil
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
    case start(by: Starter)
    /// With the person who stops it: the backend is held then.
    case stop(by: CallerIdentity?)
    case restart
    /// Restart a model or a process; the command only waits for its turn, and for a backend that is started.
    case restartPart
    case delete(force: Bool)
    case registerConfig(ConfigRegistration)
    case setEnabled(Bool)
    /// Become what the entry of the configuration file says.
    case redefine(BackendDefinition)
    /// Stop and be deleted, because the configuration file has no entry for it any more.
    case retire
    /// The same, and another one takes its place.
    case replace(BackendSuccessor)

    var isSubjectToLock: Bool {
        switch self {
        case .start, .stop, .restart, .restartPart, .delete, .registerConfig, .redefine, .retire, .replace: true
        case .setEnabled: false
        }
    }

    /// Whether it comes from a reload of the configuration file.
    var isOfReload: Bool {
        switch self {
        case .redefine, .retire, .replace: true
        case .start, .stop, .restart, .restartPart, .delete, .registerConfig, .setEnabled: false
        }
    }

    /// What the answer to a command has to do with the disk.
    enum Saving {
        /// The command fails if what it changed cannot be saved, although that is in effect.
        case required
        /// The answer comes when the change is saved, or cannot be.
        case awaited
        case ignored
    }

    var saving: Saving {
        switch self {
        // It serves now. What the configuration file says is read again at the next start.
        case .start, .restart, .restartPart, .redefine, .retire, .replace, .stop(by: nil): .awaited
        // A stop by a person holds also tomorrow.
        case .stop, .delete, .registerConfig, .setEnabled: .required
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
