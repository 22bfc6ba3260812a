// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
internal import SystemIO

/// Writes events to the log in the order of their sequences, whichever thread brings them first.
///
/// Who brings an event before an earlier one leaves it behind, and whoever brings that one writes both: it has left the
/// registry's lock already and is about to come.
package final class EventJournal: Sendable {
    private struct State {
        var next: UInt64 = 1
        var early: [UInt64: DaemonEvent] = [:]
    }

    let log: Logger
    private let state = Guarded(State())

    package init(log: Logger) {
        self.log = log
    }

    package func write(_ events: [DaemonEvent]) {
        guard !events.isEmpty else { return }
        state.withLock { state in
            for event in events { state.early[event.sequence] = event }
            while let event = state.early.removeValue(forKey: state.next) {
                state.next += 1
                event.write(to: log)
            }
        }
    }
}
