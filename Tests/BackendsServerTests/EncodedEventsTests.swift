// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import SocketRPC
import SystemIO
import Testing

/// The messages of a watch, which all watchers share.
@Suite struct EncodedEventsTests {
    private let events = EncodedEvents()

    private func items(_ sequences: ClosedRange<UInt64>, backend: String = "a") -> [BackendWatchItem] {
        sequences.map { sequence in
            .model(
                ModelEvent(
                    sequence: sequence, time: Timestamp(seconds: 1, nanoseconds: 2), backend: backend, model: "m",
                    oldState: .loading, newState: .ready, cause: .loaded))
        }
    }

    private func messages(_ items: [BackendWatchItem]) throws -> [WatchBackendsResponse] {
        try events.messages(for: items, instance: "run").map { try WatchBackendsResponse(decoding: $0) }
    }

    private func events(of message: WatchBackendsResponse) -> [WatchBackendsResponse] {
        var first = message
        first.following = []
        return [first] + message.following
    }

    @Test(arguments: [UInt64(1), 2, 511, 512, 513, 1500])
    func `events go together, each as it is alone`(count: UInt64) throws {
        for _ in 0..<2 {
            let messages = try messages(items(1...count))
            #expect(messages.count == 1)
            let alone = items(1...count).map { WatchBackendsResponse($0, instance: "run") }
            #expect(messages.flatMap(events(of:)) == alone)
        }
    }

    @Test func `an event that comes after others in its place is encoded again`() throws {
        _ = try messages(items(1...2000))
        #expect(try messages(items(3...3)) == items(3...3).map { WatchBackendsResponse($0, instance: "run") })
        #expect(try messages(items(1999...2000)).flatMap(events(of:)).count == 2)
    }

    @Test(arguments: [(1, "first"), (4000, "first"), (5000, "second")])
    func `an event is encoded once, unless it is large`(size: Int, backend: String) throws {
        let padding = String(repeating: "x", count: size)
        _ = try messages(items(1...1, backend: "first" + padding))
        let again = try messages(items(1...1, backend: "second" + padding))
        #expect(again == items(1...1, backend: backend + padding).map { WatchBackendsResponse($0, instance: "run") })
    }

    @Test func `a snapshot or a gap goes alone`() throws {
        let gap = BackendWatchItem.gap(from: 1, to: 4)
        let messages = try messages([gap] + items(5...6) + [gap] + items(7...7))
        #expect(messages.map { events(of: $0).count } == [1, 2, 1, 1])
    }

    @Test func `a message has a bound`() throws {
        let large = String(repeating: "b", count: 5000)
        let messages = try messages(items(1...100, backend: large))
        #expect(messages.count == 2)
        #expect(messages.flatMap(events(of:)).count == 100)
        for message in messages { #expect(try message.encoded().count <= 256 << 10) }
    }

    @Test func `one event that is larger than a message goes alone`() throws {
        let messages = try messages(items(1...2, backend: String(repeating: "b", count: 300 << 10)))
        #expect(messages.count == 2)
    }
}
