// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
internal import SystemIO

/// Writes events to the log in the order of their sequences, whichever thread brings them first.
///
/// A thread that brings a later event first leaves it for the thread that brings the earlier one, which has left the registry's lock
/// already and is about to come. One thread writes at a time, without a lock; others leave theirs to it.
package final class EventJournal: Sendable {
    private struct State {
        var next: UInt64
        var early: [UInt64: DaemonEvent] = [:]
        var isWriting = false
        /// Set when no thread writes.
        var idle: Announcement<Void>?

        /// The events whose turn it is. Without any, no thread writes from now on.
        mutating func take() -> [DaemonEvent] {
            var events: [DaemonEvent] = []
            while let event = early.removeValue(forKey: next) {
                next += 1
                events.append(event)
            }
            isWriting = !events.isEmpty
            return events
        }
    }

    let log: Logger
    private let state: Guarded<State>

    /// Begins with the event that follows a sequence.
    package init(log: Logger, after start: UInt64 = 0) {
        self.log = log
        state = Guarded(State(next: start + 1))
    }

    package func write(_ events: [DaemonEvent]) {
        guard !events.isEmpty else { return }
        var due = state.withLock { state in
            for event in events { state.early[event.sequence] = event }
            return state.isWriting ? [] : state.take()
        }
        while !due.isEmpty {
            for event in due { event.write(to: log) }
            let idle: Announcement<Void>?
            (due, idle) = state.withLock { state in
                let due = state.take()
                return (due, due.isEmpty ? state.idle.take() : nil)
            }
            idle?.set(())
        }
    }

    /// Waits until the events are written that a thread has begun to write.
    package func waitUntilWritten() async {
        let idle = state.withLock { state -> Announcement<Void>? in
            guard state.isWriting else { return nil }
            let idle = state.idle ?? Announcement()
            state.idle = idle
            return idle
        }
        _ = await idle?.value()
    }
}
