// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
package import Logging
internal import SystemIO

/// Every backend of the host: the one place that creates, configures, starts, stops, locks and watches them.
///
/// Commands decide in one step under a lock and then wait for what they began. What is under way belongs to the registry and
/// not to a caller: a caller that gives up ends its own wait and nothing else. ``shutDown(grace:)`` and ``finish()`` end and
/// await all of it.
package final class BackendRegistry: Sendable {
    package let types: BackendTypes
    package let limits: BackendLimits
    let clock: any BackendClock
    let events: EventHub
    let state = Guarded(RegistryState())
    /// Apart from the state, so that the busiest call only meets whoever adds or deletes a backend.
    let routes = Guarded(ContextRoutes())
    let runs = OwnedTasks()
    let contexts = OwnedTasks()
    /// What waits for the idle time of a model.
    let idleTimers = OwnedTasks()
    /// Set while the processes of some backends are measured.
    let measuring = Guarded<Announcement<Void>?>(nil)
    private let log: Logger

    /// Makes an empty registry. `instance` is an id of this run of the daemon, different each time.
    package init(
        types: BackendTypes, instance: String, clock: any BackendClock,
        limits: BackendLimits = BackendLimits(), log: Logger
    ) {
        self.types = types
        self.limits = limits
        self.clock = clock
        self.log = log
        events = EventHub(instance: instance, limits: limits, log: log)
    }

    /// The id of this run of the daemon.
    package var instance: String { events.instance }

    /// The sequence of the newest event.
    package var sequence: UInt64 { events.newest }

    package func hasBackend(_ name: String) -> Bool { state.withLock { $0.entries[name] != nil } }

    package var count: Int { state.withLock { $0.entries.count } }

    /// Runs one step under the lock and tells everybody concerned afterwards, also where the step throws.
    func step<Value: Sendable>(
        _ body: (inout RegistryState, inout RegistryOutbox) throws(BackendError) -> Value
    ) throws(BackendError) -> Value {
        var outbox = RegistryOutbox()
        let result = state.withLock { state -> Result<Value, BackendError> in
            do throws(BackendError) {
                return .success(try body(&state, &outbox))
            } catch {
                return .failure(error)
            }
        }
        outbox.deliver(events)
        return try result.get()
    }
}

// MARK: Creating and reading

extension BackendRegistry {
    /// Creates a stopped backend; its type checks the configuration.
    package func create(_ definition: BackendDefinition) throws(BackendError) -> BackendSnapshot {
        let name = definition.name
        guard BackendName.isValid(name) else {
            let rule = "must match [a-z][a-z0-9-]{0,62}"
            throw BackendError(
                .invalidArgument, .nameInvalid,
                "cannot create a backend as \(BackendName.quoted(name)); the name \(rule)",
                violations: [FieldViolation(path: "name", description: rule)])
        }
        let type = try types.type(named: definition.type)
        let layers = try ConfigLayers(type: type, base: definition.configuration, limits: limits)
        // Made before the lock is taken: it is the code of the type.
        let backend = type.make(name)
        let models = BackendModels(name: name, backend: backend, layers: layers, registry: self)
        var snapshot = try step { (state, outbox) throws(BackendError) in
            try state.requireServing()
            try self.requireRoom(for: name, layers, in: state)
            let now = self.clock.now()
            let entry = BackendEntry(
                name: name, type: type, backend: backend,
                priority: definition.priority ?? state.nextPriority, creation: state.nextID(), createTime: now,
                stateTime: now, layers: layers,
                lifecycle: BackendLifecycle(name: name, callerLimit: self.limits.callers),
                lock: StartLock(name: name, waiterLimit: self.limits.lockWaiters),
                models: models)
            state.insert(entry)
            self.routes.withLock { $0.insert(entry.target) }
            let event = self.event(of: entry, from: nil, to: .stopped, .created, at: now)
            self.events.append(.backend(event), to: &outbox.events)
            return entry.snapshot
        }
        warn(about: name)
        snapshot.models = models.served(layers).names
        return snapshot
    }

    /// What may not work in the configuration of a backend, as this host is now.
    package func warnings(about name: String) -> [FieldViolation] {
        guard let entry = state.withLock({ $0.entries[name] }) else { return [] }
        return entry.type.warnings(entry.layers.effective).map { warning in
            FieldViolation(
                path: ConfigPath(["config"]).appending(warning.path).description, description: warning.message)
        }
    }

    /// Whether a backend of now runs processes on this host.
    package var runsProcesses: Bool {
        let entries = state.withLock { Array($0.entries.values) }
        return entries.contains { $0.type.runsProcesses($0.layers.effective) }
    }

    func warn(about name: String) {
        for warning in warnings(about: name) {
            log.warning(
                "a configuration may not work: \(warning.path) \(warning.description)", metadata: ["backend": "\(name)"]
            )
        }
    }

    private func requireRoom(
        for name: String, _ layers: ConfigLayers, in state: RegistryState
    ) throws(BackendError) {
        guard state.entries[name] == nil else {
            throw BackendError(
                .alreadyExists, .backendExists,
                "backend \(name) exists; choose another name",
                metadata: ["backend": name])
        }
        guard state.entries.count < limits.backends else {
            throw BackendError(
                .resourceExhausted, .backendsFull,
                "there are \(limits.backends) backends, which is the most; delete one first",
                metadata: ["limit": String(limits.backends)])
        }
        try requireRoom(forBytes: state.configurationBytes + layers.bytes)
    }

    func requireRoom(forBytes bytes: Int) throws(BackendError) {
        guard bytes <= limits.totalConfigurationBytes else {
            throw BackendError(
                .resourceExhausted, .configTooLarge,
                "all configurations together would have \(bytes) bytes; \(limits.totalConfigurationBytes) is the most",
                metadata: ["limit_bytes": String(limits.totalConfigurationBytes)])
        }
    }

    package func get(_ name: String) throws(BackendError) -> BackendSnapshot {
        try state.withLock { state throws(BackendError) in try state.entry(name) }.fullSnapshot
    }

    /// The layer of every leaf of the effective configuration, sorted by path.
    package func origins(of name: String) throws(BackendError) -> [ConfigOrigin] {
        // Only the copy is made under the lock.
        let layers = try state.withLock { state throws(BackendError) in try state.entry(name).layers }
        return layers.origins()
    }

    /// Whether a backend is started and serves: its process is ready, where it has only one, or one of its models may be had. Nil
    /// where no backend has the name.
    package func isServing(_ name: String) -> Bool? { state.withLock { $0.entries[name] }?.isServing }

    /// The same of all backends, in no order.
    package func serving() -> [(name: String, isServing: Bool)] {
        state.withLock { Array($0.entries.values) }.map { ($0.name, $0.isServing) }
    }

    /// Every backend, in priority order.
    package func list() -> [BackendSnapshot] {
        state.withLock { $0.ordered }.map(\.fullSnapshot)
    }

    func event(
        of entry: BackendEntry, from old: BackendState?, to new: BackendState?, _ cause: BackendEvent.Cause,
        failure: BackendFailure? = nil, at time: Timestamp
    ) -> BackendEvent {
        BackendEvent(
            sequence: 0, time: time, backend: entry.name, oldState: old, newState: new,
            generation: entry.layers.generation, cause: cause, failure: failure)
    }
}
