// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import Testing

/// A reload with backends that run.
@Suite(.timeLimit(.minutes(5))) struct BackendRegistryReloadTests {
    private static func file(
        _ name: String = "a", config: ConfigValue = [:], priority: Int32 = 0, start: StartPolicy = .onDemand,
        apply: ReloadApply = .nextStart
    ) -> BackendDefinition {
        BackendDefinition(
            name: name, type: "FAKE", configuration: config, priority: priority, start: start, apply: apply,
            origin: .file)
    }

    private static func house(_ definitions: BackendDefinition...) async throws -> TestHouse {
        let house = try TestHouse()
        for definition in definitions {
            _ = try house.registry.create(definition)
            _ = try await house.registry.start(definition.name)
        }
        return house
    }

    @Test func `a dry run changes nothing`() async throws {
        let house = try await Self.house(Self.file())
        let sequence = house.registry.sequence
        let plan = try house.registry.reload([Self.file("b"), Self.file(config: ["port": 1])], isDryRun: true)
        #expect(plan.steps.map(\.kind) == [.added, .needsRestart])
        #expect(house.registry.sequence == sequence)
        #expect(house.registry.list().map(\.name) == ["a"])
        await house.close()
    }

    @Test func `a wrong entry changes nothing, whatever else the file has`() async throws {
        let house = try await Self.house(Self.file())
        let sequence = house.registry.sequence
        #expect(throws: ReloadFaults.self) {
            try house.registry.reload([Self.file("b"), Self.file("c", config: ["port": 0])], isDryRun: false)
        }
        #expect(house.registry.sequence == sequence)
        await house.close()
    }

    @Test func `added backends are started at once if they start at boot, and removed ones are stopped`() async throws {
        let house = try await Self.house(Self.file())
        let fake = try house.fake("a")
        _ = try house.registry.reload([Self.file("b", start: .boot), Self.file("c")], isDryRun: false)
        try await house.reaches(.started, "b")
        #expect(try house.registry.get("c").state == .stopped)
        let watch = try house.registry.watch()
        while house.registry.hasBackend("a") { _ = try await watch.next() }
        #expect(fake.calls.last == .stop)
        await house.close()
    }

    @Test func `a live change is handed to the backend, which runs on`() async throws {
        let house = try await Self.house(Self.file())
        _ = try house.registry.reload([Self.file(config: ["tags": ["x"]])], isDryRun: false)
        #expect(try house.fake("a").calls.last == .reconfigure(["port": 8080, "tags": ["x"]]))
        #expect(try house.fake("a").starts.count == 1)
        #expect(try house.registry.get("a").configuration["tags"] == ["x"])
        await house.close()
    }

    @Test func `a change that is applied now restarts the backend with it`() async throws {
        let house = try await Self.house(Self.file())
        _ = try house.registry.reload([Self.file(config: ["port": 1], apply: .now)], isDryRun: false)
        let watch = try house.registry.watch()
        while try house.fake("a").starts.count < 2 || house.registry.get("a").state != .started {
            _ = try await watch.next()
        }
        #expect(try house.fake("a").starts.last == ["port": 1])
        await house.close()
    }

    @Test func `another type replaces a started backend, with the layers of its owners`() async throws {
        let house = try await Self.house()
        _ = try house.registry.create(
            BackendDefinition(name: "a", type: "LOCAL", configuration: ["n": 1], priority: 0, origin: .file))
        _ = try await house.registry.registerConfig(ConfigRegistration(owner: "me", patch: ["port": 9]), on: "a")
        _ = try await house.registry.start("a")
        let plan = try house.registry.reload([Self.file()], isDryRun: false)
        #expect(plan.steps.map(\.paths) == [["type"]])
        let watch = try house.registry.watch()
        while (try? house.registry.get("a"))?.type != "FAKE" || (try? house.registry.get("a"))?.state != .started {
            _ = try await watch.next()
        }
        #expect(try house.fake("a").starts == [["port": 9]])
        await house.close()
    }

    @Test func `a change waits for the start lock, and is applied when its holder lets go`() async throws {
        let house = try await Self.house(Self.file())
        let lease = try await house.registry.holdStartLock(of: "a", holder: CallerIdentity(pid: 7, uid: 1))
        let plan = try house.registry.reload([Self.file(config: ["tags": ["x"]])], isDryRun: false)
        #expect(plan.steps.first?.lockHolder?.pid == 7)
        #expect(try house.registry.get("a").configuration["tags"] == nil)
        lease.release()
        #expect(try house.registry.get("a").configuration["tags"] == ["x"])
        await house.close()
    }

    // MARK: A backend that is being deleted

    /// A registry with the backend `a`, started, with the layer of an owner, and as slow to stop as the gate says.
    private static func slow(_ gate: Gate, store: RecordingStore? = nil) async throws -> TestHouse {
        let house = try TestHouse(store: store)
        _ = try house.registry.create(file())
        _ = try await house.registry.registerConfig(ConfigRegistration(owner: "me", patch: ["tags": ["x"]]), on: "a")
        _ = try await house.registry.start("a")
        try house.fake("a").onStop { () async throws(BackendError) in await gate.passStubbornly() }
        return house
    }

    @Test func `a backend whose entry comes back before it has stopped is created again with its layers, and started`()
        async throws
    {
        let gate = Gate()
        let house = try await Self.slow(gate)
        let first = try house.fake("a")
        #expect(try house.registry.reload([], isDryRun: false).steps.map(\.kind) == [.removed])
        await gate.reached()
        #expect(try house.registry.reload([Self.file()], isDryRun: false).steps.map(\.kind) == [.added])
        #expect(try house.registry.reload([Self.file()], isDryRun: false).steps.map(\.kind) == [.unchanged])
        let watch = try house.registry.watch()
        gate.open()
        while try !first.isDeleted || house.registry.get("a").state != .started { _ = try await watch.next() }
        #expect(try house.registry.get("a").configuration["tags"] == ["x"])
        #expect(try house.fake("a").starts == [["port": 8080, "tags": ["x"]]])
        await house.close()
    }

    @Test func `a type that is taken back before the backend has stopped stays as it was`() async throws {
        let (gate, store) = (Gate(), RecordingStore())
        let house = try await Self.slow(gate, store: store)
        let local = BackendDefinition(name: "a", type: "LOCAL", priority: 0, origin: .file)
        #expect(try house.registry.reload([local], isDryRun: false).steps.map(\.paths) == [["type"]])
        await gate.reached()
        _ = try house.registry.reload([Self.file()], isDryRun: false)
        let watch = try house.registry.watch()
        gate.open()
        while try house.registry.get("a").state != .started { _ = try await watch.next() }
        #expect(try house.registry.get("a").type == "FAKE")
        #expect(store.records["a"]?.type == "FAKE" && store.records["a"]?.configuration.ownerNames == ["me"])
        await house.close()
    }

    @Test func `at no moment of a change of the type is the backend missing in the state`() async throws {
        let (gate, store) = (Gate(), RecordingStore())
        let house = try await Self.slow(gate, store: store)
        _ = try house.registry.reload(
            [BackendDefinition(name: "a", type: "LOCAL", priority: 0, origin: .file)], isDryRun: false)
        await gate.reached()
        gate.open()
        let watch = try house.registry.watch()
        while try house.registry.get("a").type != "LOCAL" { _ = try await watch.next() }
        #expect(!store.changes.contains(.backendRemoved("a")))
        let records = store.changes.compactMap { change -> BackendRecord? in
            guard case .backend(let record) = change else { return nil }
            return record
        }
        #expect(records.dropFirst(2).allSatisfy { $0.configuration.ownerNames == ["me"] && $0.startedBoot != nil })
        #expect(records.last?.type == "LOCAL")
        await house.close()
    }

    @Test func `a backend of the file that a caller deletes is created again by a reload, without its layers`()
        async throws
    {
        let gate = Gate()
        let house = try await Self.slow(gate)
        let registry = house.registry
        let deletion = calling { () async throws(BackendError) in
            try await registry.delete("a", lock: StartLockOptions(force: true))
        }
        await gate.reached()
        let plan = try registry.reload([Self.file(start: .boot)], isDryRun: false)
        #expect(plan.steps.map(\.kind) == [.added])
        gate.open()
        #expect(await deletion.value.error == nil)
        try await house.reaches(.started)
        #expect(try registry.get("a").configuration["tags"] == nil)
        await house.close()
    }

    @Test func `what comes after a backend that takes the place of another one is started after it`() async throws {
        let gate = Gate()
        let house = try await Self.slow(gate)
        _ = try house.registry.reload([], isDryRun: false)
        await gate.reached()
        let next = BackendDefinition(name: "b", type: "FAKE", priority: 1, start: .boot, after: ["a"], origin: .file)
        _ = try house.registry.reload([Self.file(start: .boot), next], isDryRun: false)
        #expect(try house.registry.get("b").state == .stopped)
        gate.open()
        try await house.reaches(.started, "b")
        #expect(try house.registry.get("a").state == .started)
        await house.close()
    }

    @Test func `a request that waits for a backend is told that another one has taken its place`() async throws {
        let house = try await Self.house()
        _ = try house.registry.create(Self.file())
        let gate = Gate()
        try house.fake("a").onStart { () async throws(BackendError) in await gate.pass() }
        let request = ModelRequest("m", backends: ["a"], waitsUntilReady: true, startsAutomatically: true)
        let call = calling { () async throws(BackendError) in
            try await BackendRegistryResolvingTests.resolve(house, request)
        }
        await gate.reached()
        _ = try house.registry.reload(
            [BackendDefinition(name: "a", type: "LOCAL", priority: 0, origin: .file)], isDryRun: false)
        #expect(await call.value.reason == .backendDeleting)
        #expect(try house.registry.get("a").state == .started)
        await house.close()
    }

    @Test func `the end of the daemon keeps what takes a place, and does not start it`() async throws {
        let (gate, store) = (Gate(), RecordingStore())
        let house = try await Self.slow(gate, store: store)
        _ = try house.registry.reload(
            [BackendDefinition(name: "a", type: "LOCAL", priority: 0, origin: .file)], isDryRun: false)
        await gate.reached()
        let registry = house.registry
        let end = Task.immediate { await registry.shutDown(grace: .seconds(3600)) }
        gate.open()
        #expect(await end.value.isEmpty)
        await registry.finish()
        #expect(store.records["a"]?.type == "LOCAL" && store.records["a"]?.configuration.ownerNames == ["me"])
        #expect(try registry.get("a").state == .stopped)
    }

    @Test func `a reload is in effect while the disk is full, and what it decides is kept for later`() async throws {
        let store = RecordingStore(isSavingAtOnce: false)
        let house = try TestHouse(store: store)
        _ = try house.registry.reload([Self.file(start: .boot)], isDryRun: false)
        try await house.reaches(.started)
        store.finish(StateFault("the disk is full"))
        _ = try house.registry.reload([Self.file(config: ["tags": ["x"]], start: .boot)], isDryRun: false)
        #expect(try house.registry.get("a").configuration["tags"] == ["x"])
        store.finish(StateFault("the disk is full"))
        #expect(store.records["a"]?.configuration.basePatch == ["tags": ["x"]])
        #expect(store.savePoint(of: .backend("a")) != nil)
        store.finish()
        await house.close()
    }
}
