// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("EventLog")
struct EventLogTests {
    static func event(_ backend: String = "a") -> DaemonEvent {
        .backend(
            BackendEvent(
                sequence: 0, time: Timestamp(seconds: 0), backend: backend, oldState: .stopped, newState: .starting,
                generation: 1, cause: .startRequested, failure: nil))
    }

    static func log(of count: Int, capacity: Int = 4) -> EventLog {
        var log = EventLog(serverInstance: "i", capacity: capacity)
        for _ in 0..<count { log.append(event()) }
        return log
    }

    static func sequences(_ page: EventLog.Page) -> [UInt64]? {
        switch page {
        case .events(let events): events.map(\.sequence)
        case .lost: nil
        }
    }

    @Test func `events are numbered from 1 without gaps`() {
        var log = EventLog(serverInstance: "i", capacity: 4)
        #expect(log.newest == 0)
        #expect(log.append(Self.event()).sequence == 1)
        #expect(log.append(Self.event()).sequence == 2)
        #expect(log.newest == 2)
    }

    @Test(arguments: [(0, [1, 2, 3]), (1, [2, 3]), (2, [3]), (3, [])] as [(UInt64, [UInt64])])
    func `a reader gets what follows the sequence it has seen`(seen: UInt64, expected: [UInt64]) {
        #expect(Self.sequences(Self.log(of: 3).page(after: seen)) == expected)
    }

    @Test(arguments: [5, 8, 9, 4003])
    func `the ring keeps the newest events`(count: Int) {
        let log = Self.log(of: count)
        let newest = UInt64(count)
        #expect(Self.sequences(log.page(after: newest - 4)) == [newest - 3, newest - 2, newest - 1, newest])
        #expect(log.page(after: newest - 5) == .lost)
        #expect(log.page(after: 0) == .lost)
    }

    @Test func `a page is bounded`() {
        let log = Self.log(of: 10, capacity: 16)
        #expect(Self.sequences(log.page(after: 2, limit: 3)) == [3, 4, 5])
    }

    @Test func `by default the ring keeps 4096 events`() {
        var log = EventLog(serverInstance: "i")
        for _ in 0..<4097 { log.append(Self.event()) }
        #expect(log.page(after: 0) == .lost)
        #expect(Self.sequences(log.page(after: 1, limit: 1)) == [2])
    }
}
