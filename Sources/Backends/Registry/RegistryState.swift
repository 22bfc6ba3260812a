// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// Every backend of the host as a value: what it is, what its callers wait for, and what each command and event makes of that.
///
/// Commands go in, ``RegistryAction`` comes out, and ``BackendRegistry`` drives. Each caller that went in comes out exactly once, in
/// `answer`, `refuse` or `grant`. A command that throws changes nothing, and its caller does not wait.
package struct RegistryState: Sendable {
    /// What a caller waits for.
    private enum Wait: Sendable {
        case command(BackendCommand)
        case startLock
    }

    let limits: BackendLimits
    package private(set) var entries: [String: BackendEntry] = [:]
    /// Names in priority order.
    package private(set) var order: [String] = []
    /// Set by a shutdown: commands are refused.
    package private(set) var isDraining = false
    /// Bytes of all configurations.
    private(set) var configurationBytes = 0
    private var waiting: [CallerID: Wait] = [:]
    private var tokens: LockTokens
    private var lastID: UInt64 = 0

    package init(limits: BackendLimits = BackendLimits(), tokens: LockTokens = LockTokens()) {
        self.limits = limits
        self.tokens = tokens
    }

    /// Returns an ID for a new call.
    package mutating func newCaller() -> CallerID { CallerID(nextID()) }

    /// The callers that wait for anything.
    package var callers: Set<CallerID> { Set(waiting.keys) }

    private mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }
}

// MARK: Backends

extension RegistryState {
    package func entry(_ name: String) throws(BackendError) -> BackendEntry {
        guard let entry = entries[name] else { throw .backendNotFound(name) }
        return entry
    }

    /// The first backends in priority order, as many as `count` says.
    func ordered(first count: Int = .max) -> [BackendEntry] { order.prefix(count).compactMap { entries[$0] } }

    /// The first place in the order that does not come before a rank.
    func place(of rank: PriorityList.Rank) -> Int {
        order.place { name in entries[name].map { $0.rank < rank } ?? false }
    }

    func requireServing() throws(BackendError) {
        if isDraining { throw .shuttingDown }
    }

    func requireRoom(forBytes bytes: Int) throws(BackendError) {
        guard bytes <= limits.totalConfigurationBytes else {
            throw BackendError(
                .resourceExhausted, .configTooLarge,
                "all configurations together would take \(bytes) bytes; the limit is \(limits.totalConfigurationBytes)",
                metadata: ["limit_bytes": String(limits.totalConfigurationBytes)])
        }
    }

    /// Creates a stopped backend, whose configuration its type has checked; `others` are about to be created too, and an earlier run of the
    /// daemon may have saved a `record` of it.
    package mutating func create(
        _ definition: BackendDefinition, type: BackendType, _ configuration: BackendConfiguration,
        alongside others: Set<String> = [], restoring record: BackendRecord? = nil, at now: Timestamp
    ) throws(BackendError) -> [RegistryAction] {
        let name = definition.name
        try requireServing()
        guard entries[name] == nil else {
            throw BackendError(
                .alreadyExists, .backendExists, "backend \(name) exists; choose another name",
                metadata: ["backend": name])
        }
        guard entries.count < limits.backends else {
            throw BackendError(
                .resourceExhausted, .backendsFull,
                "the limit of \(limits.backends) backends is reached; delete one first",
                metadata: ["limit": String(limits.backends)])
        }
        try checkOrder(of: definition, alongside: others)
        try requireRoom(forBytes: configurationBytes + configuration.bytes)
        let entry = newEntry(definition, type, configuration, record, at: now)
        insert(entry)
        return [created(entry, at: now), .persist(name)]
    }

    private mutating func newEntry(
        _ definition: BackendDefinition, _ type: BackendType, _ configuration: BackendConfiguration,
        _ record: BackendRecord?, at now: Timestamp
    ) -> BackendEntry {
        let name = definition.name
        return BackendEntry(
            name: name, type: type, priority: definition.priority ?? nextPriority, start: definition.start,
            after: definition.after, apply: definition.apply, isEnabled: record?.isEnabled ?? true, hold: record?.hold,
            isUp: record?.startedBoot == MonotonicClock.boot, origin: definition.origin, creation: nextID(),
            createTime: record?.createTime ?? now, stateTime: now,
            configuration: configuration,
            lifecycle: BackendLifecycle(name: name, callerLimit: limits.callers),
            lock: StartLock(name: name, waiterLimit: limits.lockWaiters))
    }

    private mutating func insert(_ entry: BackendEntry) {
        order.insert(entry.name, at: place(of: entry.rank))
        entries[entry.name] = entry
        configurationBytes += entry.configuration.bytes
    }

    private mutating func takeOut(_ name: String) -> BackendEntry? {
        guard let entry = entries[name] else { return nil }
        order.remove(at: place(of: entry.rank))
        entries[name] = nil
        configurationBytes -= entry.configuration.bytes
        return entry
    }

    private func created(_ entry: BackendEntry, at now: Timestamp) -> RegistryAction {
        .record(entry.event(from: nil, to: .stopped, .created, at: now))
    }

    private func deleted(_ entry: BackendEntry, at now: Timestamp) -> RegistryAction {
        .record(entry.event(from: entry.state, to: nil, .deleted, at: now))
    }

    /// After the last backend, in steps of 10.
    private var nextPriority: Int32 {
        guard let last = order.last.flatMap({ entries[$0] })?.priority else { return 0 }
        let (next, isOver) = last.addingReportingOverflow(10)
        return isOver ? .max : next
    }

    /// Forgets a backend; those that wait for its start lock are told.
    mutating func remove(_ name: String, for callers: [CallerID], at now: Timestamp) -> [RegistryAction] {
        guard let entry = takeOut(name) else { return [] }
        var actions: [RegistryAction] = [.unlist(name), deleted(entry, at: now), .persist(name)]
        let outcome = entry.outcome(isChanged: true)
        actions += callers.flatMap { answer($0, outcome) }
        actions += entry.lock.callers.flatMap { refuse($0, .backendNotFound(name)) }
        if let token = entry.lock.token { actions.append(.endLease(token, .backendNotFound(name))) }
        return actions
    }

    /// Puts its successor in the place of a backend, in one change of the state.
    ///
    /// The start lock stays with those that hold it and wait for it.
    mutating func replace(
        _ name: String, for callers: [CallerID], _ succession: BackendLifecycle.Succession, at now: Timestamp
    ) -> [RegistryAction] {
        guard let successor = entries[name]?.wantedSuccessor, let old = takeOut(name) else { return [] }
        var configuration = successor.configuration
        let record = succession.keepsRecord ? old.record : nil
        // What does not fit was named by the plan of the reload.
        if let record { _ = configuration.restore(record.configuration) }
        var entry = newEntry(successor.definition, successor.type, configuration, record, at: now)
        entry.lock = old.lock
        // Saved with its creation, and not only with its start.
        entry.isUp = succession.isStarted
        insert(entry)
        let outcome = old.outcome(isChanged: true)
        var actions: [RegistryAction] = [.unlist(name), deleted(old, at: now), .list(name), created(entry, at: now)]
        actions.append(.persist(name))
        actions += callers.flatMap { answer($0, outcome) }
        guard succession.isStarted else { return actions }
        let start = updateIfPresent(name) {
            $0.lifecycle.successionBegan(for: succession.starters, cause: .reloaded)
        }
        return actions + translate(start ?? [], on: name, at: now)
    }
}

// MARK: Changes in place

extension RegistryState {
    /// Changes one backend.
    mutating func update<Result>(
        _ name: String, _ body: (inout BackendEntry) throws(BackendError) -> Result
    ) throws(BackendError) -> Result {
        guard let index = entries.index(forKey: name) else { throw .backendNotFound(name) }
        return try body(&entries.values[index])
    }

    /// Changes one backend, if there is one of this name.
    mutating func updateIfPresent<Result>(_ name: String, _ body: (inout BackendEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: name) else { return nil }
        return body(&entries.values[index])
    }

    mutating func replaceConfiguration(of name: String, by configuration: BackendConfiguration) {
        guard let index = entries.index(forKey: name) else { return }
        configurationBytes += configuration.bytes - entries.values[index].configuration.bytes
        entries.values[index].configuration = configuration
    }

    /// Moves a backend to the place of another priority.
    mutating func reprioritize(_ name: String, to priority: Int32) {
        guard var entry = entries[name], entry.priority != priority else { return }
        order.remove(at: place(of: entry.rank))
        entry.priority = priority
        entries[name] = entry
        order.insert(name, at: place(of: entry.rank))
    }

    mutating func beginDraining() { isDraining = true }

    mutating func nextTurn(of name: String, at now: Timestamp) -> StartLock.Turn? {
        guard let index = entries.index(forKey: name) else { return nil }
        return entries.values[index].lock.next(at: now, tokens: &tokens)
    }

    /// The number of the newest token.
    var newestToken: UInt64 { tokens.last }

    /// Asks for further numbers of tokens before those that are reserved are used up.
    mutating func renewTokens(at now: Timestamp) -> [RegistryAction] {
        tokens.renewal(at: now).map { [.reserveTokens($0)] } ?? []
    }

    /// The numbers of tokens up to this one are reserved on the disk.
    package mutating func tokensReserved(upTo number: UInt64) { tokens.reserved(upTo: number) }
}

// MARK: Callers

extension RegistryState {
    mutating func enqueue(_ command: BackendCommand, by caller: CallerID) { waiting[caller] = .command(command) }

    mutating func enqueueForLock(by caller: CallerID) { waiting[caller] = .startLock }

    /// What the caller waits for, if it is a command.
    func command(of caller: CallerID) -> BackendCommand? {
        guard case .command(let command) = waiting[caller] else { return nil }
        return command
    }

    mutating func forget(_ caller: CallerID) { waiting[caller] = nil }

    mutating func answer(_ caller: CallerID, _ outcome: BackendOutcome) -> [RegistryAction] {
        waiting.removeValue(forKey: caller).map { _ in [.answer(caller, outcome)] } ?? []
    }

    mutating func refuse(_ caller: CallerID, _ error: BackendError) -> [RegistryAction] {
        waiting.removeValue(forKey: caller).map { _ in [.refuse(caller, error)] } ?? []
    }

    mutating func grant(_ caller: CallerID, _ token: LockToken) -> [RegistryAction] {
        waiting.removeValue(forKey: caller).map { _ in [.grant(caller, token)] } ?? []
    }
}
