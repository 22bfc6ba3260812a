// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// What callers ask for.
extension RegistryState {
    /// Takes a command in: it runs now, or in its turn behind the start lock.
    ///
    /// - Returns: The actions, and whether the command waits for the start lock.
    /// - Throws: Why the command is refused; a refused command does not break a lock either.
    package mutating func submit(
        _ command: BackendCommand, on name: String, by caller: CallerID, _ options: StartLockOptions, at now: Timestamp
    ) throws(BackendError) -> (actions: [RegistryAction], isQueued: Bool) {
        try requireServing()
        let entry = try entry(name)
        let lock = entry.lock
        // A lock does not keep a deletion under way from its end, and so not a reload from its say about what follows.
        guard command.isSubjectToLock, !(command.isOfReload && entry.lifecycle.isDeleting) else {
            return (try run(command, on: name, by: caller, at: now), false)
        }
        switch try lock.admission(options) {
        case .open:
            return (try run(command, on: name, by: caller, at: now), false)
        case .breaking(let token):
            _ = updateIfPresent(name) { $0.lock.released(token: token) }
            do throws(BackendError) {
                let actions = try run(command, on: name, by: caller, at: now)
                return (actions + [.endLease(token, lock.brokenError)] + serveLock(of: name, at: now), false)
            } catch {
                _ = updateIfPresent(name) { $0.lock = lock }
                throw error
            }
        case .held:
            guard let wait = options.wait, wait > .zero else { throw lock.heldError }
            try update(name) { entry throws(BackendError) in try entry.lock.commandQueued(caller) }
            enqueue(command, by: caller)
            return ([], true)
        }
    }

    /// Stops a backend whatever its start lock says, because the daemon ends.
    package mutating func stopForShutdown(
        _ name: String, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let actions = try update(name) { entry throws(BackendError) in
            try entry.lifecycle.stopRequested(by: caller, cause: .shutdown)
        }
        enqueue(.stop(by: nil), by: caller)
        return translate(actions, on: name, at: now)
    }

    /// Refuses new commands from now on, also those that wait for a start lock or for a load to begin. Locks that are held stay so.
    package mutating func drain() -> [RegistryAction] {
        beginDraining()
        return order.flatMap { name -> [RegistryAction] in
            let callers = entries[name]?.lock.callers ?? []
            for caller in callers { _ = updateIfPresent(name) { $0.lock.callerLeft(caller) } }
            return callers.flatMap { refuse($0, .shuttingDown) } + [.refuseLoads(name)]
        }
    }

    /// A caller gives up: what waits for it alone is forgotten, and a lock that it was granted at this moment is free again.
    package mutating func callerLeft(_ caller: CallerID, on name: String, at now: Timestamp) -> [RegistryAction] {
        let token = updateIfPresent(name) { entry -> LockToken? in
            if !entry.lock.callerLeft(caller) { _ = entry.lifecycle.callerLeft(caller) }
            return entry.lock.token(of: caller)
        }
        let actions = refuse(caller, .callerCancelled)
        guard let token = token ?? nil else { return actions }
        return actions + release(token, of: name, at: now)
    }
}

// MARK: The start lock

extension RegistryState {
    /// A caller wants to hold the start lock; without a wait, at once or not at all.
    package mutating func requestLock(
        of name: String, by caller: CallerID, _ holder: CallerIdentity, wait: Duration?, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        try requireServing()
        try update(name) { entry throws(BackendError) in
            if entry.lock.token != nil, wait ?? .zero == .zero { throw entry.lock.heldError }
            try entry.lock.holderQueued(caller, holder)
        }
        enqueueForLock(by: caller)
        return serveLock(of: name, at: now)
    }

    /// Frees the start lock, if the token is the current one.
    package mutating func release(_ token: LockToken, of name: String, at now: Timestamp) -> [RegistryAction] {
        guard updateIfPresent(name, { $0.lock.released(token: token) }) == true else { return [] }
        return [.endLease(token, nil)] + serveLock(of: name, at: now)
    }

    /// A caller has waited for a start lock for as long as it wanted to.
    package mutating func lockWaitExpired(_ caller: CallerID, on name: String) -> [RegistryAction] {
        let error = updateIfPresent(name) { entry in entry.lock.callerLeft(caller) ? entry.lock.heldError : nil }
        guard let error = error ?? nil else { return [] }
        return refuse(caller, error)
    }

    /// Serves waiting callers in order, until the lock is held or no caller waits.
    private mutating func serveLock(of name: String, at now: Timestamp) -> [RegistryAction] {
        var actions: [RegistryAction] = []
        while let turn = nextTurn(of: name, at: now) {
            switch turn {
            case .grant(let caller, let token):
                actions += renewTokens(at: now) + grant(caller, token)
            case .refuse(let caller):
                actions += renewTokens(at: now)
                if let entry = entries[name] { actions += refuse(caller, entry.lock.tokenError) }
            case .run(let caller):
                guard let command = command(of: caller) else { continue }
                do throws(BackendError) {
                    actions += try decide(command, on: name, by: caller, at: now)
                } catch {
                    actions += refuse(caller, error)
                }
            }
        }
        return actions
    }
}

// MARK: Commands

extension RegistryState {
    private mutating func run(
        _ command: BackendCommand, on name: String, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        enqueue(command, by: caller)
        do throws(BackendError) {
            return try decide(command, on: name, by: caller, at: now)
        } catch {
            forget(caller)
            throw error
        }
    }

    private mutating func decide(
        _ command: BackendCommand, on name: String, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        var hold = try entry(name).hold
        var withdrawn: [RegistryAction] = []
        let actions: [BackendLifecycle.Action]
        switch command {
        case .registerConfig(let registration):
            return try register(registration, on: name, by: caller, at: now)
        case .setEnabled(let isEnabled):
            return try setEnabled(isEnabled, name, by: caller, at: now)
        case .redefine(let definition):
            return try redefine(definition, by: caller, at: now)
        case .retire:
            return try retire(name, by: caller, at: now)
        case .replace(let successor):
            return try retire(name, for: successor, by: caller, at: now)
        case .restartPart:
            let entry = try entry(name)
            guard entry.lifecycle.state == .started else { throw .backendNotStarted(name) }
            return answer(caller, entry.outcome(isChanged: true))
        case .start(let starter):
            if let refusal = try entry(name).upcoming.refusal(by: starter) { throw refusal }
            if starter == .person { hold = nil }
            actions = try update(name) { entry throws(BackendError) in
                try entry.lifecycle.startRequested(by: caller, cause: starter.cause)
            }
        case .restart:
            hold = nil
            actions = try update(name) { entry throws(BackendError) in
                try entry.lifecycle.restartRequested(by: caller)
            }
        case .stop(let person):
            hold = hold ?? person.map { BackendHold(caller: $0, time: now) }
            actions = try update(name) { entry throws(BackendError) in try entry.lifecycle.stopRequested(by: caller) }
        case .delete(let force):
            actions = try update(name) { entry throws(BackendError) in
                try entry.lifecycle.deleteRequested(by: caller, force: force)
            }
            withdrawn = withdrawReloads(of: name, before: caller)
        }
        let held = setHold(hold, of: name, isStateChanged: actions.contains { $0.isRecord }, at: now)
        let translated = translate(actions, on: name, at: now)
        return withdrawn + held
            + (held.contains(.persist(name)) ? translated.filter { $0 != .persist(name) } : translated)
    }

    private mutating func register(
        _ registration: ConfigRegistration, on name: String, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let entry = try entry(name)
        let isAtRest = entry.lifecycle.acceptsConfiguration
        guard isAtRest || registration.apply == .nextStart else {
            throw entry.lifecycle.atRestRequired(to: "configure")
        }
        var configuration = entry.configuration
        let change: BackendConfiguration.Change
        do throws(BackendError) {
            change = try configuration.register(registration, isAtRest: isAtRest)
        } catch {
            var error = error
            error.metadata["backend"] = name
            throw error
        }
        let more = configuration.bytes - entry.configuration.bytes
        if more > 0 { try requireRoom(forBytes: configurationBytes + more) }
        replaceConfiguration(of: name, by: configuration)
        let changed = try self.entry(name)
        let cause: BackendEvent.Cause? =
            switch change {
            case .none: nil
            case .applied: .configRegistered
            case .staged: .configStaged
            }
        var actions: [RegistryAction] = []
        if let cause {
            let event = changed.event(from: entry.state, to: entry.state, cause, failure: entry.failure, at: now)
            actions = [.record(event), .persist(name)]
            if change == .applied { actions.append(.indexModels(name)) }
        }
        let outcome = changed.outcome(isChanged: cause != nil, isStaged: !isAtRest && configuration.isStaged)
        return actions + answer(caller, outcome)
    }
}
