// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// What a reload makes of the configuration file: of each backend that the file names or that came from an earlier file, and of each key of
/// the daemon that differs.
///
/// A value, which changes nothing. It names what differs, never a value.
package struct ReloadPlan: Equatable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// It is created.
        case added
        /// It is stopped and deleted.
        case removed
        /// It gets what has changed, and its processes run on.
        case changed
        /// Its processes have to be started again to get what has changed.
        case needsRestart
        case unchanged
    }

    /// What becomes of one backend.
    package struct Step: Equatable, Sendable {
        package let name: String
        package var kind: Kind
        /// When a change that needs a restart takes effect; nil for other changes.
        package var apply: ReloadApply?
        /// What differs, sorted: `priority`, `config.command`.
        package var paths: [String] = []
        /// Who holds the start lock, so that the change waits until the lock is free.
        package var lockHolder: CallerIdentity?
        /// The owners whose layers do not fit the new configuration: these layers are dropped.
        package var droppedOwners: [String] = []
        /// The names in its `after` that no backend has: it does not wait for them.
        package var unknownNames: [String] = []

        var changesSomething: Bool { kind != .unchanged }
    }

    /// What becomes of one key of the daemon that differs.
    package struct Key: Hashable, Sendable {
        package let path: String
        /// Whether only the next start of the daemon takes it over.
        package let needsRestart: Bool

        package init(path: String, needsRestart: Bool) {
            self.path = path
            self.needsRestart = needsRestart
        }
    }

    /// Those of the file in its order, then those that it does not name any more.
    package internal(set) var steps: [Step] = []
    /// Sorted by path.
    package var keys: [Key] = []

    /// How many backends there are of a kind.
    package func count(of kind: Kind) -> Int { steps.count { $0.kind == kind } }

    /// Plans a reload of a file with these backends.
    ///
    /// - Throws: What is wrong with the file: the same that would keep the daemon from starting with it.
    package init(
        file definitions: [BackendDefinition], registry: RegistryState, types: BackendTypes
    ) throws(ReloadFaults) {
        var faults: [ReloadFaults.Fault] = []
        var future = FutureRegistry(of: registry, file: definitions)
        for (index, definition) in definitions.enumerated() {
            do throws(BackendError) {
                steps.append(try future.step(for: definition, types: types))
            } catch {
                faults.append(ReloadFaults.Fault(index: index, error: error))
            }
        }
        guard faults.isEmpty else { throw ReloadFaults(faults: faults) }
        let names = Set(definitions.map(\.name))
        for entry in registry.ordered() where entry.upcoming.origin == .file && !names.contains(entry.name) {
            steps.append(Step(name: entry.name, kind: .removed, lockHolder: entry.lock.holder))
        }
    }
}

/// What is wrong with the backends of a file.
package struct ReloadFaults: Error, Equatable, Sendable {
    package struct Fault: Equatable, Sendable {
        /// The place of the backend in the list of the file.
        package let index: Int
        package let error: BackendError
    }

    package let faults: [Fault]
}

/// The registry as it would be after a reload, built up to find what the file has wrong.
private struct FutureRegistry {
    private let present: RegistryState
    private let names: Set<String>
    private var state: RegistryState

    init(of registry: RegistryState, file definitions: [BackendDefinition]) {
        present = registry
        state = RegistryState(limits: registry.limits)
        let own = Set(definitions.map(\.name))
        let others = registry.ordered().filter { $0.upcoming.origin == .rpc && !own.contains($0.name) }
        names = own.union(others.map(\.name))
        for entry in others {
            // What was created before stays, even if its order does not fit any more.
            var definition = entry.definition
            definition.after.removeAll { !names.contains($0) }
            _ = try? state.create(
                definition, type: entry.type, entry.configuration, alongside: names, at: entry.createTime)
        }
    }

    mutating func step(
        for definition: BackendDefinition, types: BackendTypes
    ) throws(BackendError) -> ReloadPlan.Step {
        try BackendName.check(definition.name)
        let type = try types.type(named: definition.type)
        var (configuration, step) = try change(definition, type)
        step.unknownNames = definition.after.filter { !names.contains($0) }
        _ = try state.create(
            definition, type: type, configuration, alongside: names, at: Timestamp(seconds: 0))
        return step
    }

    private func change(
        _ definition: BackendDefinition, _ type: BackendType
    ) throws(BackendError) -> (BackendConfiguration, ReloadPlan.Step) {
        let name = definition.name
        guard let entry = present.entries[name] else {
            let configuration = try BackendConfiguration(
                type: type, base: definition.configuration, limits: present.limits)
            return (configuration, ReloadPlan.Step(name: name, kind: .added))
        }
        if entry.lifecycle.isDeleting || entry.type.name != type.name {
            return try replacement(of: entry, by: definition, type)
        }
        let change = try BackendRedefinition(definition, of: entry)
        return (change.configuration, change.step)
    }
    /// What takes the place of a backend that is being deleted, or has another type.
    private func replacement(
        of entry: BackendEntry, by definition: BackendDefinition, _ type: BackendType
    ) throws(BackendError) -> (BackendConfiguration, ReloadPlan.Step) {
        var configuration = try BackendConfiguration(
            type: type, base: definition.configuration, limits: present.limits)
        let dropped = entry.keptRecord.map { configuration.restore($0.configuration) } ?? []
        var step = ReloadPlan.Step(
            name: entry.name, kind: .added, droppedOwners: dropped.compactMap(\.owner))
        if entry.isReplaced(by: definition) {
            step = ReloadPlan.Step(name: entry.name, kind: .unchanged)
        } else if !entry.lifecycle.isDeleting {
            (step.kind, step.apply) = entry.isAtRest ? (.changed, nil) : (.needsRestart, .now)
            (step.paths, step.lockHolder) = (["type"], entry.lock.holder)
        }
        return (configuration, step)
    }
}
