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
        /// Those of readers that wait for the next event.
        var bells: [UInt64: OneShot<Void>] = [:]
        /// Those of readers that wait for a later one. None of them waits for an event before `firstLater`.
        var laterBells: [UInt64: (sequence: UInt64, bell: OneShot<Void>)] = [:]
        var firstLater = UInt64.max
        var lastBell: UInt64 = 0
        /// The last sequence that is reserved.
        var mark: UInt64
        /// Set when the shutdown is complete: no more events.
        var isClosed = false

        /// The bells of those who wait for an event up to this one.
        mutating func takeBells(upTo sequence: UInt64) -> [OneShot<Void>] {
            var due = Array(bells.values)
            // The memory of a busy time is not kept for an idle one.
            bells.removeAll(keepingCapacity: bells.count > bells.capacity / 4)
            guard sequence >= firstLater else { return due }
            let rung = laterBells.filter { $0.value.sequence <= sequence }
            for (id, later) in rung {
                laterBells[id] = nil
                due.append(later.bell)
            }
            firstLater = laterBells.values.map(\.sequence).min() ?? .max
            return due
        }
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
            let event = state.log.append(event)
            let isReserving = store != nil && event.sequence + block / 2 > state.mark
            if isReserving { state.mark = event.sequence + block }
            return (event, state.takeBells(upTo: event.sequence), isReserving ? state.mark : nil)
        }
        if let mark { store?.keep(.mark(.eventSequence, mark)) }
        outbox.events.append(event)
        outbox.bells += bells
    }

    /// Wakes all readers for good: there will be no more events.
    func close() {
        let bells = state.withLock { state in
            state.isClosed = true
            return state.takeBells(upTo: .max)
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
        /// Empty if there is nothing yet.
        case events([DaemonEvent])
        /// The event right after it is gone.
        case lost
        /// No event will follow.
        case closed
    }

    func read(after sequence: UInt64) -> Reading {
        state.withLock { state in
            switch state.log.page(after: sequence) {
            case .lost: .lost
            case .events(let events): events.isEmpty && state.isClosed ? .closed : .events(events)
            }
        }
    }

    /// Rings when there is an event. ``endWait(_:)`` takes it back.
    struct Bell: Sendable {
        let id: UInt64
        let rung: OneShot<Void>
    }

    /// The bell that rings with an event; nil if that is there already, or none will follow.
    func bell(at sequence: UInt64) throws(BackendError) -> Bell? {
        try state.withLock { state throws(BackendError) in
            guard state.log.newest < sequence, !state.isClosed else { return nil }
            let waiting = state.bells.count + state.laterBells.count
            guard waiting < watcherLimit else {
                throw BackendError(
                    .resourceExhausted, .watchersFull, "\(waiting) watchers already wait; try again later",
                    retryAfter: .seconds(1))
            }
            state.lastBell += 1
            let bell = Bell(id: state.lastBell, rung: OneShot())
            if sequence == state.log.newest + 1 {
                state.bells[bell.id] = bell.rung
            } else {
                state.laterBells[bell.id] = (sequence, bell.rung)
                state.firstLater = min(state.firstLater, sequence)
            }
            return bell
        }
    }

    func endWait(_ bell: Bell) {
        state.withLock { state in
            if state.bells.removeValue(forKey: bell.id) == nil { state.laterBells[bell.id] = nil }
        }
    }

    /// Waits until there is an event after the sequence; false if there will be none.
    func waitForEvent(after sequence: UInt64) async throws(BackendError) -> Bool {
        if let bell = try bell(at: sequence + 1), await bell.rung.value() == nil {
            endWait(bell)
            throw .callerCancelled
        }
        return state.withLock { $0.log.newest > sequence }
    }
}

/// What was appended under a lock, to be delivered once that lock is free.
struct EventOutbox: Sendable {
    var events: [DaemonEvent] = []
    var bells: [OneShot<Void>] = []

    var isEmpty: Bool { events.isEmpty && bells.isEmpty }
}
