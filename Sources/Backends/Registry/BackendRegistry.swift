// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
package import Logging
internal import SystemIO

/// Every backend of the host: the one place that creates, configures, starts, stops, locks and watches them.
///
/// It drives ``RegistryState``: a command decides in one step under the lock, what was decided is carried out once the lock is free,
/// and the caller waits for its answer. What is under way belongs to the registry and not to a caller: a caller that gives up ends its
/// own wait and nothing else. ``shutDown(grace:immediateStop:)`` and ``finish()`` end and await all of it.
package final class BackendRegistry: Sendable {
    package let types: BackendTypes
    package let limits: BackendLimits
    let clock: any BackendClock
    let events: EventHub
    let driven: Guarded<Driven>
    /// Backends enter and leave it under the lock of ``driven``.
    let priorityList = Guarded(PriorityList())
    let runs = OwnedTasks()
    let contexts = OwnedTasks()
    let reloads = Guarded(Reloads())
    /// How long one backend may take for one runtime context.
    let contextLimit: Guarded<Duration>
    /// Set once processes are left to the next daemon.
    let hasLeft = Announcement<Void>()
    /// What waits for the idle time of a model.
    let idleTimers = OwnedTasks()
    /// Set while the processes of some backends are measured.
    let measuring = Guarded<Announcement<Void>?>(nil)
    let store: (any StateStore)?
    let log: Logger

    /// The reloads of the configuration file.
    struct Reloads: Sendable {
        /// The commands of the last one that were put into the queue of a start lock.
        var queued: [(name: String, caller: CallerID)] = []
    }

    /// What the lock protects: the decisions, and whom they concern.
    struct Driven: Sendable {
        var registry: RegistryState
        var commands: [CallerID: PendingCommand] = [:]
        var lockRequests: [CallerID: LockReply] = [:]
        /// What to set when a lock is taken away.
        var leases: [LockToken: OneShot<BackendError>] = [:]
        /// The routes that backends had learned when the last run of the daemon ended, until they are started.
        var savedRoutes: [String: [SavedRoute]] = [:]
        /// The backends of which routes are kept.
        var routed: Set<String> = []
        /// A digest of the configuration with which a backend was started last.
        var startedWith: [String: UInt64] = [:]
        /// The start or stop under way.
        var runs: [String: OwnedTasks.ID] = [:]
        /// What runs the backends that take the place of others.
        var successors: [String: Machinery] = [:]
    }

    /// A command that waits for its answer.
    struct PendingCommand: Sendable {
        let reply: CommandReply
        let saving: BackendCommand.Saving
    }

    /// What runs one backend: the code of its type, made before the lock is taken.
    struct Machinery: Sendable {
        let backend: any Backend
        let processes: (any RunsProcesses)?
        let models: ModelPoolDriver
        private let served: ServedModels
        private let generation: UInt64

        init(_ type: BackendType, _ name: String, _ configuration: BackendConfiguration, registry: BackendRegistry) {
            backend = type.make(name)
            processes = backend as? any RunsProcesses
            models = ModelPoolDriver(name: name, backend: backend, configuration, registry: registry)
            served = models.served(configuration)
            generation = configuration.generation
        }

        /// Under the lock.
        func enlist(_ entry: BackendEntry, in list: inout PriorityList) -> PriorityList.Member {
            let member = PriorityList.Member(
                name: entry.name, rank: entry.rank, backend: backend, processes: processes, models: models)
            list.insert(member, serving: served.patterns, generation: generation)
            return member
        }
    }

    typealias CommandReply = OneShot<Result<BackendOutcome, BackendError>>
    typealias LockReply = OneShot<Result<StartLockGrant, BackendError>>

    /// Makes an empty registry.
    ///
    /// `serverInstance` is an ID of this run of the daemon, different each time. `store` keeps what the registry decides to keep; `saved` is
    /// what it had, with the numbers that are reserved for this run.
    package init(
        types: BackendTypes, serverInstance: String, clock: any BackendClock,
        limits: BackendLimits = BackendLimits(), store: (any StateStore)? = nil, saved: SavedState = SavedState(),
        log: Logger
    ) {
        self.types = types
        self.limits = limits
        contextLimit = Guarded(limits.contextTimeout)
        self.clock = clock
        self.store = store
        self.log = log
        func numbers(_ mark: StateMark) -> (after: UInt64, reserved: UInt64) {
            (saved.marks[mark] ?? 0, saved.reserved[mark] ?? 0)
        }
        let (after, reserved) = numbers(.lockToken)
        let tokens = store == nil ? LockTokens() : LockTokens(after: after, reserved: reserved)
        driven = Guarded(
            Driven(
                registry: RegistryState(limits: limits, tokens: tokens), savedRoutes: saved.routes,
                routed: Set(saved.routes.keys)))
        let sequences = numbers(.eventSequence)
        events = EventHub(
            serverInstance: serverInstance, limits: limits, log: log, after: sequences.after,
            reserved: sequences.reserved, store: store)
    }

    /// The ID of this run of the daemon.
    package var serverInstance: String { events.serverInstance }

    /// The sequence of the newest event.
    package var sequence: UInt64 { events.newest }

    package func hasBackend(_ name: String) -> Bool { driven.withLock { $0.registry.entries[name] != nil } }

    package var count: Int { driven.withLock { $0.registry.entries.count } }
}

// MARK: Creating and reading

extension BackendRegistry {
    /// Creates a stopped backend; its type checks the configuration. ``waitUntilSaved(_:)`` waits until it is saved.
    ///
    /// It may come after backends that exist, and after `others`, which are about to be created. `record` is what an earlier run of the
    /// daemon has saved of it: the layers of its owners that still fit are put on top.
    package func create(
        _ definition: BackendDefinition, alongside others: Set<String> = [], restoring record: BackendRecord? = nil
    ) throws(BackendError) -> BackendSnapshot {
        let name = definition.name
        try BackendName.check(name)
        let type = try types.type(named: definition.type)
        var configuration = try BackendConfiguration(type: type, base: definition.configuration, limits: limits)
        if let record { warn(about: name, configuration.restore(record.configuration)) }
        try requireRoomInStore(for: name)
        let machinery = Machinery(type, name, configuration, registry: self)
        var record = record
        if machinery.processes?.endsWithDaemon(configuration.effective) == true { record?.startedBoot = nil }
        var snapshot = try decide { (driven, now) throws(BackendError) in
            let actions = try driven.registry.create(
                definition, type: type, configuration, alongside: others, restoring: record, at: now)
            let entry = try driven.registry.entry(name)
            // Those of another backend that had the name.
            if record == nil { forgetRoutes(of: name, &driven) }
            self.priorityList.withLock { list in _ = machinery.enlist(entry, in: &list) }
            return (actions, entry.snapshot)
        }
        warn(about: name)
        snapshot.models = machinery.models.served.names
        return snapshot
    }

    /// What may not work in the configuration of a backend, as this host is now.
    package func warnings(about name: String) -> [FieldViolation] {
        guard let entry = entry(name) else { return [] }
        return entry.type.warnings(entry.configuration.effective).map { warning in
            FieldViolation(
                path: ConfigPath(["config"]).appending(warning.path).description, description: warning.message)
        }
    }

    private func warn(about name: String, _ missing: [LayerNotRestored]) {
        for layer in missing {
            log.warning(
                "a saved layer does not fit the configuration any more and is dropped",
                metadata: [
                    "backend": "\(name)", "owner": "\(layer.owner ?? "staged for the next start")",
                    "error": "\(layer.error.message)",
                ])
        }
    }

    func warn(about name: String) {
        for warning in warnings(about: name) {
            log.warning(
                "a configuration may not work: \(warning.path) \(warning.description)", metadata: ["backend": "\(name)"]
            )
        }
    }

    /// Whether one of the backends runs processes on this host.
    package var runsProcesses: Bool {
        let entries = driven.withLock { Array($0.registry.entries.values) }
        return entries.contains { $0.type.runsProcesses($0.configuration.effective) }
    }

    package func get(_ name: String) throws(BackendError) -> BackendSnapshot { try backend(name).snapshot }

    /// The layer of every leaf of the effective configuration, sorted by path.
    package func origins(of name: String) throws(BackendError) -> [ConfigOrigin] {
        // Only the copy is made under the lock.
        try backend(name).entry.configuration.origins()
    }

    /// Whether a backend is started and serves: its process is ready, if it has only one, or one of its models is available. Nil when
    /// no backend has the name.
    package func isServing(_ name: String) -> Bool? { (try? backend(name))?.isServing }

    /// The same of all backends, in no order.
    package func serving() -> [(name: String, isServing: Bool)] {
        backends().map { ($0.entry.name, $0.isServing) }
    }

    /// Every backend, in priority order.
    package func list() -> [BackendSnapshot] { backends().map(\.snapshot) }

    func entry(_ name: String) -> BackendEntry? { driven.withLock { $0.registry.entries[name] } }

    func backend(_ name: String) throws(BackendError) -> RegisteredBackend {
        let backend = driven.withLock { driven -> RegisteredBackend? in
            guard let entry = driven.registry.entries[name], let member = priorityList.withLock({ $0[name] }) else {
                return nil
            }
            return RegisteredBackend(entry: entry, member: member)
        }
        guard let backend else { throw .backendNotFound(name) }
        return backend
    }

    /// Every backend in priority order.
    private func backends() -> [RegisteredBackend] { backends { $0.order[...] }.compactMap { $0 } }

    /// The backends of these names, nil for one that does not exist.
    func backends(named names: some Collection<String> & Sendable) -> [RegisteredBackend?] {
        backends { _ in names }
    }

    func backends<Names: Collection<String>>(
        _ names: (RegistryState) -> Names
    ) -> [RegisteredBackend?] {
        driven.withLock { driven in
            let list = priorityList.withLock { $0 }
            return names(driven.registry).map { name in
                guard let entry = driven.registry.entries[name], let member = list[name] else { return nil }
                return RegisteredBackend(entry: entry, member: member)
            }
        }
    }

    /// The named backends, once each and in priority order; all when none is named.
    func members(named names: [String]) throws(BackendError) -> [PriorityList.Member] {
        try priorityList.withLock { (list) throws(BackendError) in try list.selected(names) }
    }

    /// The named backend; all in priority order when none is named.
    func members(named name: String?) throws(BackendError) -> [PriorityList.Member] {
        try members(named: name.map { [$0] } ?? [])
    }

    /// The named backends; those that may serve the model when none is named.
    func members(named names: [String], serving model: String) throws(BackendError) -> [PriorityList.Member] {
        names.isEmpty ? priorityList.withLock { $0 }.members(serving: model) : try members(named: names)
    }

    /// The named backend; those that may serve the model in priority order when none is named.
    func members(named name: String?, serving model: String) throws(BackendError) -> [PriorityList.Member] {
        try members(named: name.map { [$0] } ?? [], serving: model)
    }
}
