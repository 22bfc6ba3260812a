// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: watching")
struct BackendRegistryWatchTests {
    static func house(events: Int = 4096) throws -> TestHouse {
        var limits = BackendLimits()
        limits.events = events
        return try TestHouse(limits: limits)
    }

    static func changes(_ items: [BackendWatchItem]) -> [UInt64] {
        items.compactMap { item in
            switch item {
            case .change(let event): event.sequence
            case .snapshot, .gap, .instance, .model: nil
            }
        }
    }

    /// Makes `count` events.
    static func churn(_ house: TestHouse, _ count: Int) async throws {
        for _ in 0..<count {
            let generation = Int64(try house.registry.get("a").generation)
            _ = try await house.registry.registerConfig(
                ConfigRegistration(owner: "x", patch: ["port": .integer(generation % 60_000 + 1)]), on: "a")
        }
    }

    @Test func `a watcher waits until as much is there as it gets at once, or until a time has passed`() async throws {
        var limits = BackendLimits()
        limits.watchers = 1
        let house = try TestHouse(limits: limits)
        try house.create("a")
        let watch = try house.registry.watch()
        _ = try await watch.next()
        try await Self.churn(house, EventLog.page - 1)
        let full = calling { () async throws(BackendError) in try await watch.waitForPage(within: .seconds(3600)) }
        // It still waits: there is no room for another one that does.
        let other = try house.registry.watch(serverInstance: TestHouse.instance, since: house.registry.sequence)
        let error = await #expect(throws: BackendError.self) { try await other.next() }
        #expect(error?.reason == .watchersFull)
        try await Self.churn(house, 2)
        try await full.value.get()
        #expect(try await watch.next().count == EventLog.page)
        try await watch.waitForPage(within: .milliseconds(1))
        #expect(try await watch.next().count == 1)
    }

    @Test func `a watcher that gives up waiting for a page is forgotten`() async throws {
        var limits = BackendLimits()
        limits.watchers = 1
        let house = try TestHouse(limits: limits)
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 0)
        let waiting = calling { () async throws(BackendError) in try await watch.waitForPage(within: .seconds(3600)) }
        waiting.cancel()
        #expect(await waiting.value.error?.reason == .callerCancelled)
        try await watch.waitForPage(within: .milliseconds(1))
    }

    @Test func `a new watcher begins with a snapshot of everything and then gets each change`() async throws {
        let house = try Self.house()
        try house.create("a")
        try house.create("b", priority: -1)
        let watch = try house.registry.watch()
        #expect(
            try await watch.next() == [
                .snapshot(
                    DaemonSnapshot(serverInstance: TestHouse.instance, sequence: 2, backends: house.registry.list()))
            ])
        try await Self.churn(house, 2)
        #expect(Self.changes(try await watch.next()) == [3, 4])
    }

    @Test func `events say what changed and why`() async throws {
        let house = try Self.house()
        try house.create("a")
        house.clock.advance(by: .milliseconds(1500))
        _ = try await house.registry.start("a")
        try house.fake("a").supervisors.first?.failed(BackendFailure(reason: "EXITED", message: "gone"))
        _ = try await house.registry.stop("a")
        _ = try await house.registry.delete("a")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance)
        let events = try await watch.next().compactMap { item in
            if case .change(let event) = item { event } else { nil }
        }
        let begin = ManualClock.start
        let later = Timestamp(seconds: begin.seconds + 1, nanoseconds: 500_000_000)
        let failure = BackendFailure(reason: "EXITED", message: "gone")
        func event(
            _ sequence: UInt64, _ old: BackendState?, _ new: BackendState?, _ cause: BackendEvent.Cause,
            _ time: Timestamp, _ failure: BackendFailure? = nil
        ) -> BackendEvent {
            BackendEvent(
                sequence: sequence, time: time, backend: "a", oldState: old, newState: new, generation: 1,
                cause: cause, failure: failure)
        }
        #expect(
            events == [
                event(1, nil, .stopped, .created, begin),
                event(2, .stopped, .starting, .startRequested, later),
                event(3, .starting, .started, .started, later),
                event(4, .started, .failed, .backendFailed, later, failure),
                event(5, .failed, .stopping, .stopRequested, later),
                event(6, .stopping, .stopped, .stopped, later),
                event(7, .stopped, nil, .deleted, later),
            ])
        await house.close()
    }

    @Test func `a change of the configuration is an event with the new generation`() async throws {
        let house = try Self.house()
        try house.create("a")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 1)
        _ = try await house.registry.registerConfig(ConfigRegistration(owner: "x", patch: ["port": 1]), on: "a")
        _ = try await house.registry.start("a")
        _ = try await house.registry.registerConfig(
            ConfigRegistration(owner: "x", patch: ["port": 2], apply: .nextStart), on: "a")
        _ = try await house.registry.stop("a")
        _ = try await house.registry.start("a")
        var seen: [String] = []
        while seen.count < 8 {
            for case .change(let event) in try await watch.next() {
                seen.append("\(event.cause.rawValue) \(event.generation)")
            }
        }
        #expect(
            seen == [
                "CONFIG_REGISTERED 2", "START_REQUESTED 2", "STARTED 2", "CONFIG_STAGED 2", "STOP_REQUESTED 2",
                "STOPPED 2", "START_REQUESTED 3", "STARTED 3",
            ])
        await house.close()
    }

    @Test func `a watcher that was here before gets what it missed`() async throws {
        let house = try Self.house()
        try house.create("a")
        try await Self.churn(house, 4)
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 2)
        #expect(Self.changes(try await watch.next()) == [3, 4, 5])
    }

    @Test func `a watcher that is up to date waits for the next event`() async throws {
        let house = try Self.house()
        try house.create("a")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 1)
        let next = calling { () async throws(BackendError) in try await watch.next() }
        try house.create("b")
        #expect(Self.changes(try await next.value.get()) == [2])
    }

    @Test func `if the ring is too short, there is a gap and a snapshot`() async throws {
        let house = try Self.house(events: 4)
        try house.create("a")
        try await Self.churn(house, 9)
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 5)
        #expect(
            try await watch.next() == [
                .gap(from: 6, to: 10),
                .snapshot(
                    DaemonSnapshot(serverInstance: TestHouse.instance, sequence: 10, backends: house.registry.list())),
            ])
        try await Self.churn(house, 1)
        #expect(Self.changes(try await watch.next()) == [11])
    }

    @Test func `a reader that is too slow gets a gap and a snapshot`() async throws {
        let house = try Self.house(events: 4)
        try house.create("a")
        let watch = try house.registry.watch()
        _ = try await watch.next()
        try await Self.churn(house, 20)
        let items = try await watch.next()
        #expect(items.first == .gap(from: 2, to: 21))
        #expect(items.count == 2)
    }

    @Test func `another run of the daemon gives a gap and a snapshot`() async throws {
        let house = try Self.house()
        try house.create("a")
        let watch = try house.registry.watch(serverInstance: "run-0", since: 900)
        let items = try await watch.next()
        #expect(items.first == .gap(from: 1, to: 1))
        #expect(items.last == .snapshot(.init(serverInstance: "run-1", sequence: 1, backends: house.registry.list())))
    }

    @Test func `a sequence from the future is refused`() throws {
        let house = try Self.house()
        try house.create("a")
        let error = #expect(throws: BackendError.self) {
            try house.registry.watch(serverInstance: TestHouse.instance, since: 2)
        }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .sequenceUnknown)
    }

    @Test func `a watcher that gives up is forgotten, and may go on later`() async throws {
        let house = try Self.house()
        try house.create("a")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 1)
        let next = calling { () async throws(BackendError) in try await watch.next() }
        next.cancel()
        #expect(await next.value.reason == .callerCancelled)
        try house.create("b")
        #expect(Self.changes(try await watch.next()) == [2])
    }

    @Test func `watchers that wait are bounded`() async throws {
        var limits = BackendLimits()
        limits.watchers = 1
        let house = try TestHouse(limits: limits)
        let since = { () throws(BackendError) in try house.registry.watch(serverInstance: TestHouse.instance, since: 0)
        }
        let (one, two) = (try since(), try since())
        let waiting = calling { () async throws(BackendError) in try await one.next() }
        let error = await #expect(throws: BackendError.self) { try await two.next() }
        #expect(error?.kind == .resourceExhausted)
        #expect(error?.reason == .watchersFull)
        try house.create("a")
        #expect(Self.changes(try await waiting.value.get()) == [1])
    }

    @Test func `a watcher that keeps up sees every sequence once while many change things`() async throws {
        let house = try Self.house()
        for name in ["a", "b", "c"] { try house.create(name) }
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 0)
        let reader = Task {
            var seen: [UInt64] = []
            while let items = try? await watch.next(), !items.isEmpty { seen += Self.changes(items) }
            return seen
        }
        await withTaskGroup(of: Void.self) { group in
            for name in ["a", "b", "c"] {
                group.addTask {
                    for _ in 0..<50 {
                        _ = try? await house.registry.start(name)
                        _ = try? await house.registry.stop(name)
                    }
                }
            }
        }
        await house.close()
        #expect(await reader.value == Array(1...house.registry.sequence))
        #expect(house.registry.sequence == 3 + 3 * 50 * 4)
    }

    /// The parts of a snapshot with all that is in it.
    static func parts(of watch: BackendWatch) async throws -> [DaemonSnapshot] {
        var parts: [DaemonSnapshot] = []
        while parts.last?.hasMore ?? true {
            for item in try await watch.next() {
                guard case .snapshot(let part) = item else { continue }
                parts.append(part)
            }
        }
        return parts
    }

    @Test func `a snapshot that is large comes in parts, and with what changes meanwhile after it`() async throws {
        let house = try Self.house()
        let text = String(repeating: "x", count: 200_000)
        for name in ["a", "b", "c"] { try house.create(name, config: ["tags": [.string(text)]]) }
        let watch = try house.registry.watch()
        let first = try await watch.next()
        try house.create("d")
        let parts = try await Self.parts(of: watch)
        guard case .snapshot(let part) = first.first else {
            Issue.record("\(first)")
            return
        }
        #expect(([part] + parts).map { $0.backends.map(\.name) } == [["a"], ["b"], ["c"], []])
        #expect(([part] + parts).map(\.hasMore) == [true, true, true, false])
        #expect(([part] + parts).map(\.sequence) == [3, 3, 3, 3])
        #expect(Self.changes(try await watch.next()) == [4])
        let pages = try [house.registry.page(), house.registry.page(after: house.registry.page().nextToken ?? "")]
        #expect(pages.flatMap(\.backends).map(\.name).prefix(2) == ["a", "b"])
        #expect(pages[0].nextToken != nil)
    }

    @Test func `the parts of a snapshot have each backend and each model once`() async throws {
        let house = try Self.house()
        let models = (0..<150).map { "m\($0)" }
        for number in 0..<100 { try house.create("b\(number)") }
        try house.create("c").loads(all: models)
        _ = try await house.registry.start("c")
        for model in models { _ = try await house.registry.loadModel(model, on: "c") }
        let parts = try await Self.parts(of: try house.registry.watch())
        #expect(parts.flatMap(\.backends).map(\.name) == (0..<100).map { "b\($0)" } + ["c"])
        #expect(parts.flatMap(\.models).map(\.model) == models.sorted())
        #expect(parts.allSatisfy { $0.backends.count + $0.models.count <= 64 })
        #expect(parts.filter { !$0.hasMore }.count == 1)
    }
}
