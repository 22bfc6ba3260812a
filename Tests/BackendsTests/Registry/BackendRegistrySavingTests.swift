// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing

@Suite struct BackendRegistrySavingTests {
    private static func patch(_ port: Int64) -> ConfigRegistration {
        ConfigRegistration(owner: "me", patch: ["port": .integer(port)])
    }

    @Test func `a change is kept before its caller is answered, and a refused one is not`() async throws {
        let store = RecordingStore()
        let house = try TestHouse(store: store)
        try house.create("a")
        #expect(store.records["a"]?.configuration.generation == 1)
        let count = store.changes.count
        #expect(throws: BackendError.self) { try house.create("a") }
        #expect(store.changes.count == count)
        _ = try await house.registry.registerConfig(Self.patch(1), on: "a")
        #expect(store.changes.count == count + 1)
        _ = try await house.registry.registerConfig(Self.patch(1), on: "a")
        #expect(store.changes.count == count + 1)
        try await house.registry.delete("a")
        #expect(store.changes.last == .backendRemoved("a"))
        await house.close()
    }

    @Test func `a caller gets its answer only when its change is saved`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        try house.create("a")
        let created = calling { () async throws(BackendError) in try await house.registry.waitUntilSaved("a") }
        store.finish()
        #expect(await created.value.error == nil)
        let done = Recorder<String>()
        let change = calling { () async throws(BackendError) in
            _ = try await house.registry.registerConfig(Self.patch(1), on: "a")
            done.append("answered")
        }
        await store.waitForWaiter()
        #expect(done.elements.isEmpty)
        #expect(try house.registry.get("a").configuration == ["port": 1])
        store.finish()
        #expect(await change.value.error == nil)
        #expect(done.elements == ["answered"])
    }

    @Test func `the same patch again waits for the first one to be saved`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        try house.create("a")
        store.finish()
        let calls = (0..<2).map { _ in
            calling { () async throws(BackendError) in
                try await house.registry.registerConfig(Self.patch(1), on: "a").isChanged
            }
        }
        await store.waitForWaiter()
        store.finish(StateFault("the disk is full"))
        #expect(await calls[0].value.reason == .stateNotSaved)
        #expect(await calls[1].value.reason == .stateNotSaved)
    }

    @Test func `a change that cannot be saved is in effect, and told so`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        try house.create("a")
        let call = calling { () async throws(BackendError) in try await house.registry.waitUntilSaved("a") }
        store.finish(StateFault("cannot write /x: the disk is full; make room on it"))
        let error = await call.value.error
        #expect(error?.reason == .stateNotSaved)
        #expect(
            error?.message
                == "the change of backend a is in effect but not saved: cannot write /x: the disk is full; make room on it; it is saved"
                + " as soon as that is possible, and lost if the daemon ends before")
        #expect(house.registry.hasBackend("a"))
    }

    @Test func `a start succeeds although it cannot be saved`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        try house.create("a")
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        await store.waitForWaiter()
        store.finish(StateFault("the disk is full"))
        #expect(await start.value.error == nil)
        store.finish()
        await house.close()
    }

    @Test func `a stop by a person fails while its hold cannot be saved, and is in effect`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        try house.create("a")
        store.finish()
        let stop = calling { () async throws(BackendError) in
            try await house.registry.stop("a", by: CallerIdentity(pid: 1, uid: 1))
        }
        await store.waitForWaiter()
        store.finish(StateFault("the disk is full"))
        #expect(await stop.value.error?.reason == .stateNotSaved)
        #expect(try house.registry.get("a").hold?.caller == CallerIdentity(pid: 1, uid: 1))
        store.finish()
        await house.close()
    }

    @Test func `whether a backend is up is kept from its start to its stop, also during a restart`() async throws {
        let store = RecordingStore()
        let house = try TestHouse(store: store)
        let backend = try house.create("a")
        #expect(store.records["a"]?.startedBoot == nil)
        _ = try await house.registry.start("a")
        #expect(store.records["a"]?.startedBoot == MonotonicClock.boot)
        let seen = Recorder<String?>()
        backend.onStop { seen.append(store.records["a"]?.startedBoot) }
        _ = try await house.registry.restart("a")
        #expect(seen.elements == [MonotonicClock.boot])
        _ = try await house.registry.stop("a")
        #expect(seen.elements == [MonotonicClock.boot, nil])
        await house.close()
    }

    @Test(
        arguments: [
            (MonotonicClock.boot, false, true), ("another", false, false), (nil, false, false),
            (MonotonicClock.boot, true, false),
        ] as [(String?, Bool, Bool)])
    func `the next daemon starts what was up in this boot and does not end with the daemon`(
        boot: String?, endsWithDaemon: Bool, isStarted: Bool
    ) async throws {
        let store = RecordingStore()
        let house = try TestHouse(store: store)
        var record = try BackendRecordTests.record()
        record.startedBoot = boot
        let definition = BackendDefinition(
            name: "a", type: record.type, configuration: endsWithDaemon ? ["tags": ["ends with daemon"]] : [:])
        _ = try house.registry.create(definition, restoring: record)
        // Also after a kill before it is started.
        #expect((store.records["a"]?.startedBoot != nil) == isStarted)
        #expect(house.registry.leftStarted == (isStarted ? ["a"] : []))
        await house.registry.adopt("a")
        #expect(house.registry.leftStarted == [])
        await house.close()
    }

    @Test func `no backend is created while too much is not saved`() throws {
        let store = RecordingStore()
        let house = try TestHouse(store: store)
        store.fill()
        let error = #expect(throws: BackendError.self) { try house.create("a") }
        #expect(error?.reason == .stateNotSaved)
        #expect(!house.registry.hasBackend("a"))
    }

    @Test func `a lock is granted from what is reserved, without waiting for the disk`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        var saved = SavedState()
        (saved.marks, saved.reserved) = ([.lockToken: 1000], [.lockToken: 1002])
        let house = try TestHouse(store: store, saved: saved)
        try house.create("a")
        func token() async throws -> UInt64 {
            let lease = try await house.registry.holdStartLock(of: "a", holder: CallerIdentity(pid: 1, uid: 1))
            return lease.token.number
        }
        // The clock is ahead of what is reserved.
        #expect(try await token() == 1001)
        let time = UInt64(ManualClock.start.seconds) * 1_000_000
        #expect(store.changes.last == .mark(.lockToken, time + StateMark.lockToken.block))
        store.finish(StateFault("the disk is full"))
        #expect(try await token() == 1002)
        let error = await #expect(throws: BackendError.self) { _ = try await token() }
        #expect(error?.reason == .stateNotSaved)
        #expect(
            error?.message
                == "cannot give the start lock of backend a: its token cannot be saved; the daemon's log says why")
        store.finish()
        #expect(try await token() == time)
    }

    @Test func `a run that could reserve no token gives none until it can`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        var saved = SavedState()
        saved.marks = [.lockToken: UInt64(ManualClock.start.seconds + 86_400) * 1_000_000]
        let house = try TestHouse(store: store, saved: saved)
        try house.create("a")
        func lease() async throws -> StartLockLease {
            try await house.registry.holdStartLock(of: "a", holder: CallerIdentity(pid: 1, uid: 1))
        }
        _ = await #expect(throws: BackendError.self) { _ = try await lease() }
        store.finish()
        #expect(try await lease().token.number == (saved.marks[.lockToken] ?? 0) + 1)
    }

    /// The digest of the configuration of a backend that a test creates.
    private static func digest(_ configuration: ConfigValue = [:]) throws -> UInt64 {
        let house = try TestHouse()
        try house.create("a", config: configuration)
        return try house.registry.get("a").configuration.json(pretty: false).digest
    }

    private static func route(_ model: String, configuration: UInt64) throws -> SavedRoute {
        let address = try #require(IPAddress("127.0.0.1"))
        let route = LearnedRoute(model: model, server: HostPort(address, port: 1), address: address)
        return SavedRoute(route: route, configuration: configuration)
    }

    /// A registry that has the record and a route of a backend `a`.
    private func house(_ store: RecordingStore, restoring configuration: ConfigValue?) async throws -> TestHouse {
        var saved = SavedState()
        saved.routes = ["a": [try Self.route("old", configuration: try Self.digest())]]
        let house = try TestHouse(store: store, saved: saved)
        guard let configuration else {
            try house.create("a")
            return house
        }
        let definition = BackendDefinition(name: "a", type: "FAKE", configuration: configuration)
        _ = try house.registry.create(definition, restoring: try BackendRecordTests.record())
        return house
    }

    @Test func `routes are kept until the backend stops, but not forgotten at the end of the daemon`() async throws {
        let store = RecordingStore()
        let house = try await house(store, restoring: [:])
        let digest = try house.registry.get("a").configuration.json(pretty: false).digest
        let (old, new) = (try Self.route("old", configuration: digest), try Self.route("new", configuration: digest))
        let fake = try house.fake("a")
        _ = try await house.registry.start("a")
        #expect(fake.supervisors.last?.routes == [old.route])
        fake.supervisors.last?.routeLearned(new.route)
        #expect(store.changes.last == .route(new, backend: "a"))
        _ = try await house.registry.stop("a")
        #expect(store.changes.last == .routesForgotten(backend: "a"))
        let count = store.changes.count
        fake.supervisors.last?.routeLearned(new.route)
        #expect(store.changes.count == count)
        _ = try await house.registry.start("a")
        #expect(fake.supervisors.last?.routes == [])
        fake.supervisors.last?.routeLearned(new.route)
        await house.close()
        #expect(
            store.changes.last {
                $0.subject == .routes(backend: "a") || $0.subject == .route(backend: "a", model: "new")
            }
                == .route(new, backend: "a"))
    }

    @Test(arguments: [nil, ["port": 7]] as [ConfigValue?])
    func `routes are not taken over by another backend of the name, nor under another configuration`(
        configuration: ConfigValue?
    ) async throws {
        let store = RecordingStore()
        let house = try await house(store, restoring: configuration)
        _ = try await house.registry.start("a")
        #expect(try house.fake("a").supervisors.last?.routes == [])
        #expect(store.changes.contains(.routesForgotten(backend: "a")))
        await house.close()
    }

    @Test func `sequences continue behind the mark, and the end leaves the last one`() async throws {
        let store = RecordingStore()
        var saved = SavedState()
        saved.marks = [.eventSequence: 1000]
        let house = try TestHouse(store: store, saved: saved)
        try house.create("a")
        #expect(house.registry.sequence == 1001)
        #expect(store.changes.contains(.mark(.eventSequence, 1001 + StateMark.eventSequence.block)))
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 1000)
        #expect(try await watch.next().count == 1)
        await house.close()
        #expect(store.changes.last == .mark(.eventSequence, 1001))
    }
}
