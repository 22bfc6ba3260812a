// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a reload of the configuration file makes of the backends.
extension RegistryState {
    /// Makes a backend what its entry in the file says; the type is the same.
    mutating func redefine(
        _ definition: BackendDefinition, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let name = definition.name
        let old = try entry(name)
        guard old.type.name == definition.type else { throw .typeDiffers(name) }
        let change = try BackendRedefinition(definition, of: old)
        let more = change.configuration.bytes - old.configuration.bytes
        if more > 0 { try requireRoom(forBytes: configurationBytes + more) }
        replaceConfiguration(of: name, by: change.configuration)
        if let priority = definition.priority { reprioritize(name, to: priority) }
        let entry = try update(name) { entry throws(BackendError) in
            (entry.start, entry.after, entry.apply) = (definition.start, definition.after, definition.apply)
            entry.origin = definition.origin
            return entry
        }
        var actions = told(entry, since: old, change, at: now)
        switch change.effect {
        case .none: break
        case .reconfigured: actions.append(.reconfigure(name))
        case .rolled: actions += [.reconfigure(name), .roll(name)]
        case .restarted:
            let restart = try update(name) { entry throws(BackendError) in
                try entry.lifecycle.restartRequested(by: caller, cause: .reloaded)
            }
            return actions + translate(restart, on: name, at: now)
        }
        return actions + answer(caller, entry.outcome(isChanged: !actions.isEmpty, isStaged: change.isStaged))
    }

    /// Keeps and tells what has changed; nothing if nothing has.
    private func told(
        _ entry: BackendEntry, since old: BackendEntry, _ change: BackendRedefinition, at now: Timestamp
    ) -> [RegistryAction] {
        guard entry.configuration != old.configuration || entry.definition != old.definition else { return [] }
        let cause: BackendEvent.Cause = change.isStaged ? .reloadStaged : .reloaded
        let event = entry.event(from: entry.state, to: entry.state, cause, failure: entry.failure, at: now)
        var actions: [RegistryAction] = [.record(event), .persist(entry.name)]
        if entry.rank != old.rank { actions.append(.rerank(entry.name)) }
        if entry.configuration.generation != old.configuration.generation { actions.append(.indexModels(entry.name)) }
        return actions
    }

    /// Deletes a backend that the file does not have any more, which is stopped first, or puts another one in its place.
    ///
    /// The answer comes at once, because nothing can keep it from that any more but a later reload or deletion.
    mutating func retire(
        _ name: String, for successor: BackendSuccessor? = nil, by caller: CallerID, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let old = try entry(name)
        let actions = try update(name) { entry throws(BackendError) in
            entry.wantedSuccessor = successor
            return entry.lifecycle.retireRequested(isReplacement: successor != nil)
        }
        let translated = translate(actions, on: name, at: now)
        return translated + answer(caller, (entries[name] ?? old).outcome(isChanged: true))
    }

    /// A started backend has taken its new configuration over, and has this room for models.
    mutating func reconfigured(_ name: String, _ creation: UInt64, capacity: ModelCapacity) -> [RegistryAction] {
        guard entries[name]?.creation == creation else { return [] }
        _ = updateIfPresent(name) { $0.capacity = capacity }
        return []
    }

    /// Takes a command that an earlier reload has left in the queue of a start lock back; what has begun goes on.
    package mutating func withdraw(_ caller: CallerID, from name: String) -> [RegistryAction] {
        let isQueued = updateIfPresent(name) { $0.lock.callerLeft(caller) } ?? false
        return isQueued ? refuse(caller, .callerCancelled) : []
    }

    /// Takes the commands of reloads that are older than a deletion out of the queue of the start lock: the deletion is right about what
    /// they would do.
    mutating func withdrawReloads(of name: String, before deletion: CallerID) -> [RegistryAction] {
        let waiting = entries[name]?.lock.callers ?? []
        return waiting.filter { $0 < deletion && command(of: $0)?.isOfReload == true }
            .flatMap { withdraw($0, from: name) }
    }
}

extension BackendRedefinition {
    /// Whether the configuration waits for the next start.
    var isStaged: Bool { step.kind == .needsRestart && effect == .none }
}

extension BackendError {
    /// The backend was replaced by one of another type while the command waited.
    static func typeDiffers(_ name: String) -> BackendError {
        BackendError(
            .aborted, .backendExists, "backend \(name) has another type meanwhile; reload again",
            metadata: ["backend": name])
    }
}
