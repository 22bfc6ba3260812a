// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite struct EventJournalTests {
    private static func event(_ sequence: UInt64) -> DaemonEvent {
        .backend(
            BackendEvent(
                sequence: sequence, time: Timestamp(seconds: 0), backend: "a", oldState: .stopped, newState: .starting,
                generation: 1, cause: .startRequested))
    }

    @Test func `events are written in their order, whichever arrives first`() {
        let capture = LogCapture()
        let journal = EventJournal(log: capture.logger)
        journal.write([])
        journal.write([Self.event(2), Self.event(3)])
        #expect(capture.lines.isEmpty)
        journal.write([Self.event(5)])
        journal.write([Self.event(1)])
        #expect(capture.lines.map { $0.fields["sequence"] } == ["1", "2", "3"])
        journal.write([Self.event(4)])
        #expect(capture.lines.map { $0.fields["sequence"] } == ["1", "2", "3", "4", "5"])
    }
}
