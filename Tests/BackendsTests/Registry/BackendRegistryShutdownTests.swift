// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import Testing

@Suite("BackendRegistry: shutting down")
struct BackendRegistryShutdownTests {
    @Test func `backends are stopped one after the other, the last in priority order first`() async throws {
        let house = try TestHouse()
        let order = Guarded<[String]>([])
        for name in ["a", "b", "c"] {
            try house.create(name).onStop { () async throws(BackendError) in
                order.withLock { $0.append("stop " + name) }
                await Task.yield()
                order.withLock { $0.append(name + " stopped") }
            }
            _ = try await house.registry.start(name)
        }
        #expect(await house.registry.shutDown(grace: .seconds(30)) == [])
        #expect(
            order.withLock { $0 } == [
                "stop c", "c stopped", "stop b", "b stopped", "stop a", "a stopped",
            ])
        #expect(try await house.causes().contains("SHUTDOWN"))
        await house.registry.finish()
    }

    @Test func `one that does not stop takes its share of the grace, not that of the others`() async throws {
        let house = try TestHouse()
        let gate = Gate()
        for name in ["a", "b", "c"] {
            let fake = try house.create(name)
            if name == "b" { fake.onStop { () async throws(BackendError) in await gate.passStubbornly() } }
            _ = try await house.registry.start(name)
        }
        async let left = house.registry.shutDown(grace: .seconds(20))
        await gate.reached()
        // The grace, and the share of b.
        await house.clock.sleepersAre(2)
        house.clock.advance(by: .seconds(10))
        while try house.registry.get("a").state != .stopped { await Task.yield() }
        #expect(try house.registry.get("c").state == .stopped)
        house.clock.advance(by: .seconds(10))
        #expect(await left == ["b"])
        gate.open()
        await house.registry.finish()
    }

    @Test func `new commands are refused while the daemon stops`() async throws {
        let house = try TestHouse()
        try house.create("a")
        house.registry.drain()
        let created = #expect(throws: BackendError.self) { try house.create("b") }
        #expect(created?.kind == .unavailable)
        #expect(created?.reason == .shuttingDown)
        for command in BackendRegistryStartLockTests.Command.allCases {
            #expect(await command.calling(house, StartLockOptions()).value.reason == .shuttingDown)
        }
        #expect(await BackendRegistryStartLockTests.hold(house).value.reason == .shuttingDown)
        #expect(try house.registry.get("a").state == .stopped)
    }

    @Test func `callers that wait for a start lock are refused, its holder is not`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let lease = try await BackendRegistryStartLockTests.hold(house).value.get()
        let holder = BackendRegistryStartLockTests.hold(house, wait: .seconds(5))
        let command = BackendRegistryStartLockTests.Command.start.calling(house, StartLockOptions(wait: .seconds(5)))
        house.registry.drain()
        #expect(await holder.value.reason == .shuttingDown)
        #expect(await command.value.reason == .shuttingDown)
        #expect(try house.registry.get("a").lockHolder == StartLockTests.one)
        lease.release()
    }

    @Test func `a lock does not keep a backend from being stopped`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        _ = try await house.registry.start("a")
        let lease = try await BackendRegistryStartLockTests.hold(house).value.get()
        #expect(await house.registry.shutDown(grace: .seconds(30)) == [])
        #expect(fake.calls.last == .stop)
        lease.release()
        await house.registry.finish()
    }

    @Test func `a start under way is cancelled and its callers are told`() async throws {
        let house = try TestHouse()
        let gate = Gate()
        try house.create("a").onStart { () async throws(BackendError) in await gate.pass() }
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        await gate.reached()
        #expect(await house.registry.shutDown(grace: .seconds(30)) == [])
        #expect(await start.value.reason == .startCancelled)
        await house.registry.finish()
    }

    @Test func `after the grace what is left is cancelled and named`() async throws {
        let house = try TestHouse()
        let gate = Gate()
        for name in ["a", "b", "c"] {
            try house.create(name)
            _ = try await house.registry.start(name)
        }
        try house.fake("b").onStop { () async throws(BackendError) in await gate.pass() }
        let shutdown = Task { await house.registry.shutDown(grace: .seconds(30)) }
        await gate.reached()
        await house.clock.sleepersAre(1)
        #expect(try house.fake("a").calls.contains(.stop) == false)
        house.clock.advance(by: .seconds(30))
        #expect(await shutdown.value == ["a", "b"])
        await house.registry.finish()
        for name in ["a", "b", "c"] {
            #expect(try house.registry.get(name).state == .stopped)
            #expect(try house.fake(name).calls.filter { $0 == .stop }.count == 1)
        }
    }

    @Test func `a failed backend is cleaned up`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        #expect(await house.registry.shutDown(grace: .seconds(30)) == [])
        #expect(fake.calls.last == .stop)
        await house.registry.finish()
    }

    @Test func `watches end after the last event`() async throws {
        let house = try TestHouse()
        try house.create("a")
        _ = try await house.registry.start("a")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: house.registry.sequence)
        let reader = Task {
            var causes: [BackendEvent.Cause] = []
            while let items = try? await watch.next(), !items.isEmpty {
                for case .change(let event) in items { causes.append(event.cause) }
            }
            return causes
        }
        await house.close()
        #expect(await reader.value == [.shutdown, .stopped])
    }
}
