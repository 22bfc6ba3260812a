// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

/// Numbers the events of all backends, keeps the newest, and wakes the readers that wait for one.
///
/// Its lock is the innermost: the caller of ``append(_:to:)`` holds the lock of what changed, so that the events of one thing are in
/// the order of its changes. Readers are woken and the log is written from the ``EventOutbox`` once that lock is free.
package final class EventHub: Sendable {
    private struct State {
        var log: EventLog
        var bells: [UInt64: OneShot<Void>] = [:]
        var lastBell: UInt64 = 0
        /// The last sequence that is reserved.
        var mark: UInt64
        /// Set when the shutdown is complete: no more events.
        var isClosed = false
    }

    let serverInstance: String
    private let journal: EventJournal
    private let watcherLimit: Int
    private let state: Guarded<State>
    private let store: (any StateStore)?

    /// The sequences follow `start`. Those up to `mark` are reserved, and the store keeps it when there are more: an event does not wait for
    /// the disk.
    init(
        serverInstance: String, limits: BackendLimits, log: Logger, after start: UInt64 = 0,
        reserved mark: UInt64 = 0, store: (any StateStore)? = nil
    ) {
        self.serverInstance = serverInstance
        self.store = store
        journal = EventJournal(log: log, after: start)
        watcherLimit = limits.watchers
        let events = EventLog(serverInstance: serverInstance, capacity: limits.events, after: start)
        state = Guarded(State(log: events, mark: mark))
    }

    /// The sequence of the newest event.
    var newest: UInt64 { state.withLock { $0.log.newest } }

    func append(_ event: DaemonEvent, to outbox: inout EventOutbox) {
        let block = StateMark.eventSequence.block
        let (event, bells, mark) = state.withLock { state in
            defer { state.bells.removeAll() }
            let event = state.log.append(event)
            let isReserving = store != nil && event.sequence + block / 2 > state.mark
            if isReserving { state.mark = event.sequence + block }
            return (event, Array(state.bells.values), isReserving ? state.mark : nil)
        }
        if let mark { store?.keep(.mark(.eventSequence, mark)) }
        outbox.events.append(event)
        outbox.bells += bells
    }

    /// Wakes all readers for good: there will be no more events.
    func close() {
        let bells = state.withLock { state in
            state.isClosed = true
            defer { state.bells.removeAll() }
            return Array(state.bells.values)
        }
        for bell in bells { bell.set(()) }
    }

    /// Writes the events to the log and wakes their readers. Call without any lock.
    func deliver(_ outbox: EventOutbox) {
        journal.write(outbox.events)
        for bell in outbox.bells { bell.set(()) }
    }

    /// Waits until the log has the events that were delivered.
    func waitUntilWritten() async { await journal.waitUntilWritten() }

    /// What follows a sequence that a reader has seen.
    enum Reading: Sendable {
        case events([DaemonEvent])
        /// The event right after it is gone.
        case lost
        /// Nothing yet: the bell rings with the next event. ``endWait(_:)`` takes it back.
        case wait(id: UInt64, OneShot<Void>)
        /// No event will follow.
        case closed
    }

    func read(after sequence: UInt64) throws(BackendError) -> Reading {
        try state.withLock { state throws(BackendError) in
            switch state.log.page(after: sequence) {
            case .lost: return .lost
            case .events(let events):
                if !events.isEmpty { return .events(events) }
            }
            if state.isClosed { return .closed }
            guard state.bells.count < watcherLimit else {
                throw BackendError(
                    .resourceExhausted, .watchersFull, "\(state.bells.count) watchers already wait; try again later",
                    retryAfter: .seconds(1))
            }
            state.lastBell += 1
            let bell = OneShot<Void>()
            state.bells[state.lastBell] = bell
            return .wait(id: state.lastBell, bell)
        }
    }

    func endWait(_ id: UInt64) {
        state.withLock { $0.bells[id] = nil }
    }

    /// Waits until there is an event after the sequence; false if there will be none.
    func waitForEvent(after sequence: UInt64) async throws(BackendError) -> Bool {
        switch try read(after: sequence) {
        case .events, .lost: return true
        case .closed: return false
        case .wait(let id, let bell):
            guard await bell.value() != nil else {
                endWait(id)
                throw .callerCancelled
            }
            return true
        }
    }
}

/// What was appended under a lock, to be delivered once that lock is free.
struct EventOutbox: Sendable {
    var events: [DaemonEvent] = []
    var bells: [OneShot<Void>] = []

    var isEmpty: Bool { events.isEmpty && bells.isEmpty }
}
