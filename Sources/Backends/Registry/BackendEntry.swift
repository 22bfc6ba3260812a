// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO

/// What the registry knows of one backend.
package struct BackendEntry: Sendable {
    package let name: String
    let type: BackendType
    package internal(set) var priority: Int32
    /// Who may start it besides a person.
    package internal(set) var start: StartPolicy
    /// The backends that are started before it when the daemon starts.
    package internal(set) var after: [String]
    /// When a change of its entry in the file that needs a restart takes effect.
    package internal(set) var apply: ReloadApply
    /// Whether the boot and requests may start it.
    package internal(set) var isEnabled: Bool
    /// The stop by a person that keeps it down.
    package internal(set) var hold: BackendHold?
    /// Whether it is started, or will be, also by the next daemon if this one ends without stopping it.
    package internal(set) var isUp: Bool
    package internal(set) var origin: BackendOrigin
    /// Grows with every backend created, so that a new one is never taken for an old one of the same name.
    package let creation: UInt64
    let createTime: Timestamp
    /// The state as the events tell it: while the actions of a lifecycle are translated, the lifecycle itself is ahead.
    package internal(set) var state = BackendState.stopped
    var failure: BackendFailure?
    var stateTime: Timestamp
    /// Why its only process does not serve now.
    var unready: BackendFailure?
    var configuration: BackendConfiguration
    /// The generation of the configuration that its last start got.
    var startedGeneration: UInt64 = 0
    /// What it has room for since its last start.
    var capacity = ModelCapacity()
    package internal(set) var lifecycle: BackendLifecycle
    package internal(set) var lock: StartLock
    /// What a reload has last wanted in its place; see ``successor`` for whether that still holds.
    var wantedSuccessor: BackendSuccessor?

    var rank: PriorityList.Rank { PriorityList.Rank(priority: priority, creation: creation) }

    /// What is saved of it.
    package var record: BackendRecord {
        BackendRecord(
            name: name, type: type.name, priority: priority, origin: origin, creation: creation,
            createTime: createTime, configuration: configuration.saved, start: start, after: after,
            isEnabled: isEnabled, hold: hold, startedBoot: isUp ? MonotonicClock.boot : nil)
    }

    /// What takes its place once it is stopped.
    var successor: BackendSuccessor? { lifecycle.isBeingReplaced ? wantedSuccessor : nil }

    /// What is kept of it for a backend that takes its place: everything, unless a caller has deleted it.
    var keptRecord: BackendRecord? { lifecycle.isDeletedForGood ? nil : record }

    /// What a reload that wants it back puts in its place, if only a reload has deleted it.
    var returningRecord: BackendRecord? { lifecycle.isDeleting ? keptRecord : nil }

    /// Whether a reload has already decided that this takes its place.
    func isReplaced(by definition: BackendDefinition) -> Bool { successor?.definition == definition }

    /// The backend that a start of this name starts: itself, or the one that takes its place.
    var upcoming: BackendEntry {
        guard let successor else { return self }
        var entry = self
        (entry.start, entry.after) = (successor.definition.start, successor.definition.after)
        entry.origin = successor.definition.origin
        if lifecycle.isDeletedForGood { (entry.isEnabled, entry.hold) = (true, nil) }
        return entry
    }

    /// Without its models and processes, see ``RegisteredBackend/snapshot``.
    var snapshot: BackendSnapshot {
        BackendSnapshot(
            name: name, type: type.name, priority: priority, state: state, generation: configuration.generation,
            failure: failure, configuration: configuration.masked, isConfigurationStaged: configuration.isStaged,
            createTime: createTime, stateTime: stateTime, lockHolder: lock.holder,
            unready: state == .started ? unready : nil, start: start, after: after, isEnabled: isEnabled, hold: hold)
    }

    func outcome(isChanged: Bool, isStaged: Bool = false) -> BackendOutcome {
        BackendOutcome(backend: snapshot, isChanged: isChanged, isStaged: isStaged, configuration: configuration)
    }

    func event(
        from old: BackendState?, to new: BackendState?, _ cause: BackendEvent.Cause, failure: BackendFailure? = nil,
        at time: Timestamp
    ) -> DaemonEvent {
        .backend(
            BackendEvent(
                sequence: 0, time: time, backend: name, oldState: old, newState: new,
                generation: configuration.generation, cause: cause, failure: failure, hold: hold))
    }
}

/// A backend as the registry knows it, with what runs it; ask it without the registry's lock.
struct RegisteredBackend: Sendable {
    let entry: BackendEntry
    let member: PriorityList.Member

    /// Which models it serves once it is started with its configuration.
    var served: ServedModels { member.models.served(entry.configuration) }

    var isServing: Bool {
        entry.state == .started && entry.unready == nil && member.models.unready(entry.configuration) == nil
    }

    /// With its models and processes.
    var snapshot: BackendSnapshot {
        var snapshot = entry.snapshot
        snapshot.models = served.names
        if entry.state == .started { snapshot.unready = entry.unready ?? member.models.unready(entry.configuration) }
        var instances = member.processes?.instances() ?? []
        if !instances.isEmpty {
            let uses = member.models.uses(of: instances.map(\.model))
            for (index, count) in zip(instances.indices, uses) { instances[index].uses = count }
        }
        if entry.isOutdated {
            for index in instances.indices { instances[index].isOutdated = true }
        }
        snapshot.instances = instances
        return snapshot
    }
}

/// What takes the place of a backend: one of the configuration file, whose type has checked its configuration.
package struct BackendSuccessor: Sendable {
    package let definition: BackendDefinition
    let type: BackendType
    /// Without the layers of owners.
    let configuration: BackendConfiguration

    package init(
        _ definition: BackendDefinition, type: BackendType, limits: BackendLimits
    ) throws(BackendError) {
        self.definition = definition
        self.type = type
        configuration = try BackendConfiguration(type: type, base: definition.configuration, limits: limits)
    }
}

/// A backend to create.
package struct BackendDefinition: Hashable, Sendable {
    /// Matches `[a-z][a-z0-9-]{0,62}`.
    package var name: String
    package var type: String
    package var configuration: ConfigValue
    /// Lower comes first; nil: after the last backend, in steps of 10.
    package var priority: Int32?
    /// Who may start it besides a person.
    package var start: StartPolicy
    /// The backends that are started before it when the daemon starts. Those of a call exist; the file may name others, which are not waited
    /// for.
    package var after: [String]
    /// When a change of its entry in the file that needs a restart takes effect.
    package var apply: ReloadApply
    package var origin: BackendOrigin

    package init(
        name: String, type: String, configuration: ConfigValue = [:], priority: Int32? = nil,
        start: StartPolicy = .onDemand, after: [String] = [], apply: ReloadApply = .nextStart,
        origin: BackendOrigin = .rpc
    ) {
        self.origin = origin
        self.name = name
        self.type = type
        self.configuration = configuration
        self.priority = priority
        self.start = start
        self.after = after
        self.apply = apply
    }
}
