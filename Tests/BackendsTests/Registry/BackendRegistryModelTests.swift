// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: models", .timeLimit(.minutes(1)))
struct BackendRegistryModelTests {
    static let using = ModelRequest("m", startsAutomatically: true)

    static func house(
        rules: ModelRules = ModelRules(), capacity: ModelCapacity = ModelCapacity()
    ) async throws -> TestHouse {
        let house = try TestHouse()
        try house.create("a").loads("m", "n", rules: rules, capacity: capacity)
        _ = try await house.registry.start("a")
        return house
    }

    static func states(_ house: TestHouse) async throws -> [String] {
        try await house.registry.models().models.map { "\($0.model) \($0.state) \($0.uses)" }
    }

    @Test func `a model is loaded once, listed and unloaded`() async throws {
        let house = try await Self.house()
        let loaded = try await house.registry.loadModel("m")
        #expect(loaded.isChanged)
        #expect(loaded.model.endpoint?.address == "a/m")
        #expect(try await house.registry.loadModel("m", on: "a").isChanged == false)
        #expect(try await Self.states(house) == ["m READY 0"])
        #expect(try await house.registry.unloadModel("m") == ["a"])
        #expect(try await house.registry.unloadModel("m") == [])
        #expect(try await Self.states(house) == [])
        #expect(try house.fake("a").calls.suffix(2) == [.load("m"), .unload("m")])
        await house.close()
    }

    @Test func `to unload what none of the backends serves is an error, started or not`() async throws {
        let house = try await Self.house()
        try house.create("b").loads("x")
        let registry = house.registry
        for (model, backend) in [("n", nil), ("n", "a"), ("x", nil), ("x", "b")] as [(String, String?)] {
            #expect(try await registry.unloadModel(model, from: backend) == [], "\(model)")
        }
        for (model, backend, asked) in [("typo", nil, "a, b"), ("x", "a", "a"), ("n", "b", "b")]
            as [(String, String?, String)]
        {
            let error = await calling { () async throws(BackendError) in
                try await registry.unloadModel(model, from: backend)
            }.value.error
            #expect(error?.reason == .modelNotFound)
            #expect(error?.message == "no backend serves model \"\(model)\"; asked: \(asked)")
        }
        await house.close()
    }

    @Test func `a failure of the backend is told to uses and waits as that`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        try house.fake("a").supervisors.last?.failed(BackendFailure(reason: "EXITED", message: "it ended"))
        let loss = await use.waitUntilLost()
        #expect(loss?.reason == .backendFailed)
        #expect(loss?.message == "backend a failed while model \"m\" was in use: it ended")
        await house.close()
    }

    @Test func `a model in use is not unloaded before its use has ended`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        #expect(use.resolved.endpoint.address == "a/m")
        let unload = calling { () async throws(BackendError) in try await house.registry.unloadModel("m") }
        #expect(try await Self.states(house) == ["m DRAINING 1"])
        use.release()
        use.release()
        #expect(try await unload.value.get() == ["a"])
        #expect(try await Self.states(house) == [])
        await house.close()
    }

    @Test func `a use that takes longer than the drain keeps the model`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        let unload = calling { () async throws(BackendError) in
            try await house.registry.unloadModel("m", drain: .seconds(5))
        }
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(5))
        #expect(await unload.value.reason == .modelBusy)
        #expect(try await Self.states(house) == ["m READY 1"])
        use.release()
        await house.close()
    }

    @Test func `force ends the use, which is told`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        #expect(try await house.registry.unloadModel("m", force: true) == ["a"])
        #expect(await use.waitUntilLost()?.reason == .modelUnloaded)
        await house.close()
    }

    @Test func `a use that is forgotten is released`() async throws {
        let house = try await Self.house()
        _ = try await house.registry.use(Self.using, wait: .seconds(60))
        // The task that waited for the place may still hold it for a moment.
        while try await Self.states(house) != ["m READY 0"] { await Task.yield() }
        await house.close()
    }

    @Test func `without a wait there is a place at once or none`() async throws {
        let house = try await Self.house(rules: ModelRules(maxConcurrent: 1, maxQueue: 1))
        let gate = Gate()
        try house.fake("a").onLoad { _ in await gate.pass() }
        let cold = await calling { () async throws(BackendError) in try await house.registry.use(Self.using) }.value
        #expect(cold.reason == .modelNotReady)
        gate.open()
        _ = try await house.registry.loadModel("m")
        let use = try await house.registry.use(Self.using)
        let full = await calling { () async throws(BackendError) in try await house.registry.use(Self.using) }.value
        #expect(full.reason == .modelNotReady)
        let queued = calling { () async throws(BackendError) in
            try await house.registry.use(Self.using, wait: .seconds(60))
        }
        await house.clock.sleepersAre(1)
        let over = await calling { () async throws(BackendError) in
            try await house.registry.use(Self.using, wait: .seconds(60))
        }.value
        #expect(over.reason == .queueFull)
        #expect(over.error?.retryAfter == .seconds(1))
        use.release()
        try await queued.value.get().release()
        await house.close()
    }

    @Test func `the wait for a place ends, and frees the place in the queue`() async throws {
        let house = try await Self.house(rules: ModelRules(maxConcurrent: 1, maxQueue: 1))
        _ = try await house.registry.loadModel("m")
        let use = try await house.registry.use(Self.using)
        let queued = calling { () async throws(BackendError) in
            try await house.registry.use(Self.using, wait: .seconds(2))
        }
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(2))
        #expect(await queued.value.reason == .modelNotReady)
        #expect(try await house.registry.models().models.map(\.waiting) == [0])
        use.release()
        await house.close()
    }

    @Test(arguments: [Duration.seconds(-1), .seconds(3601)])
    func `a wait that cannot be one is refused`(wait: Duration) async throws {
        let house = try await Self.house()
        let use = await calling { () async throws(BackendError) in
            try await house.registry.use(Self.using, wait: wait)
        }.value
        #expect(use.reason == .waitInvalid)
        let unload = await calling { () async throws(BackendError) in
            try await house.registry.unloadModel("m", drain: wait)
        }.value
        #expect(unload.reason == .waitInvalid)
        await house.close()
    }

    @Test func `an idle model is unloaded after its time`() async throws {
        let house = try await Self.house(rules: ModelRules(ttl: .seconds(10)))
        _ = try await house.registry.loadModel("m")
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(10))
        let watch = try house.registry.watch()
        while try await !Self.states(house).isEmpty { _ = try await watch.next() }
        #expect(try house.fake("a").calls.last == .unload("m"))
        await house.close()
    }

    @Test func `events tell every step of a model, numbered with those of backends`() async throws {
        let house = try await Self.house()
        _ = try await house.registry.loadModel("m")
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 0)
        var told: [String] = []
        var sequences: [UInt64] = []
        while sequences.count < Int(house.registry.sequence) {
            for item in try await watch.next() {
                switch item {
                case .change(let event):
                    sequences.append(event.sequence)
                    told.append(event.cause.rawValue)
                case .model(let event):
                    sequences.append(event.sequence)
                    told.append("\(event.model) \(event.newState) \(event.cause.rawValue)")
                case .instance, .snapshot, .gap:
                    Issue.record("unexpected \(item)")
                }
            }
        }
        #expect(sequences == Array(1...house.registry.sequence))
        #expect(
            told == [
                "CREATED", "START_REQUESTED", "STARTED", "m QUEUED LOAD_REQUESTED", "m LOADING LOAD_BEGAN",
                "m READY LOADED",
            ])
        await house.close()
    }

    @Test func `a stop of the backend waits for the uses, and takes its models`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        let stop = calling { () async throws(BackendError) in try await house.registry.stop("a") }
        await house.clock.sleepersAre(1)
        #expect(try house.fake("a").calls.last == .load("m"))
        use.release()
        #expect(try await stop.value.get().isChanged)
        #expect(try await Self.states(house) == [])
        await house.close()
    }

    @Test func `a stop of the backend takes its models from uses that take too long`() async throws {
        let house = try await Self.house(capacity: ModelCapacity(drainTimeout: .seconds(7)))
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        let stop = calling { () async throws(BackendError) in try await house.registry.stop("a") }
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(7))
        #expect(try await stop.value.get().isChanged)
        let loss = await use.waitUntilLost()
        #expect(loss?.reason == .modelUnloaded)
        #expect(loss?.message == "backend a was stopped while model \"m\" was in use")
        await house.close()
    }

    @Test func `a model that breaks down is failed until it is loaded again`() async throws {
        let house = try await Self.house()
        let use = try await house.registry.use(Self.using, wait: .seconds(60))
        try house.fake("a").supervisors.last?.modelFailed(
            "m", BackendFailure(reason: "CRASH_LOOP", message: "it crashed"))
        #expect(await use.waitUntilLost()?.reason == .modelFailed)
        let again = await calling { () async throws(BackendError) in
            try await house.registry.use(Self.using, wait: .seconds(1))
        }.value
        #expect(again.reason == .modelFailed)
        #expect(again.error?.metadata["failure"] == "CRASH_LOOP")
        #expect(try await house.registry.loadModel("m").isChanged)
        await house.close()
    }

    @Test func `models are listed a page at a time`() async throws {
        let house = try await Self.house()
        try house.create("b").loads("m")
        _ = try await house.registry.start("b")
        for backend in ["a", "b"] { _ = try await house.registry.loadModel("m", on: backend) }
        _ = try await house.registry.loadModel("n", on: "a")
        var (names, token): ([String], String) = ([], "")
        repeat {
            let page = try await house.registry.models(size: 1, after: token)
            names += page.models.map { "\($0.backend) \($0.model)" }
            token = page.nextToken ?? ""
        } while !token.isEmpty
        #expect(names == ["a m", "a n", "b m"])
        #expect(try await house.registry.models(of: "b").models.count == 1)
        for token in ["x", "x/y"] {
            await #expect(throws: BackendError.self) { try await house.registry.models(after: token) }
        }
        await #expect(throws: BackendError.self) { try await house.registry.models(size: -1) }
        await #expect(throws: BackendError.self) { try await house.registry.models(of: "x") }
        await house.close()
    }

    @Test func `only codes that a broken server gives make the backend look`() async throws {
        let house = try await Self.house()
        let unknown = await calling { () async throws(BackendError) in
            try await house.registry.reportFailure(of: "m", code: 14).backend
        }.value
        #expect(unknown.reason == .modelNotFound)
        _ = try await house.registry.loadModel("m")
        for (code, verdict) in [
            (2, .healthy), (4, .healthy), (10, .healthy), (13, .healthy), (14, .healthy), (0, .ignored), (3, .ignored),
            (99, .ignored),
        ] as [(Int32, FailureVerdict)] {
            let outcome = try await house.registry.reportFailure(of: "m", code: code)
            #expect(outcome.verdict == verdict)
            #expect(outcome.backend == "a")
        }
        await house.close()
    }

    @Test func `a load tells the state at the moment of its success, whatever follows at once`() async throws {
        let house = try await Self.house(capacity: ModelCapacity(maxLoaded: 1))
        let gate = Gate()
        try house.fake("a").onLoad { model in if model == "m" { await gate.pass() } }
        let first = calling { () async throws(BackendError) in try await house.registry.loadModel("m") }
        await gate.reached()
        let second = calling { () async throws(BackendError) in try await house.registry.loadModel("n") }
        gate.open()
        #expect(try await first.value.get().model.state == .ready)
        #expect(try await first.value.get().model.endpoint?.address == "a/m")
        #expect(try await second.value.get().model.state == .ready)
        await house.close()
    }

    @Test func `a model that cannot be reached is listed as such, with the reason`() async throws {
        let house = try await Self.house()
        _ = try await house.registry.loadModel("m")
        let supervisor = try #require(try house.fake("a").supervisors.last)
        let failure = BackendFailure(reason: "EXITED", message: "exit code 3")
        supervisor.instanceChanged(
            InstanceChange(instance: "a/m", model: "m", oldState: .ready, newState: .backoff, failure: failure))
        supervisor.modelMoved("m", nil)
        let model = try #require(try await house.registry.models().models.first)
        #expect(model.state == .unready)
        #expect(model.unready == BackendFailure(reason: "EXITED", message: "instance a/m is BACKOFF: exit code 3"))
        #expect(model.endpoint == nil)
        await house.close()
    }

    @Test func `a started backend whose process does not serve says so beside its state`() async throws {
        let house = try await Self.house()
        let supervisor = try #require(try house.fake("a").supervisors.last)
        supervisor.instanceChanged(InstanceChange(instance: "a", oldState: .ready, newState: .unready))
        #expect(try house.registry.get("a").state == .started)
        #expect(try house.registry.get("a").unready?.reason == "INSTANCE_NOT_READY")
        supervisor.instanceChanged(InstanceChange(instance: "a", oldState: .unready, newState: .ready))
        #expect(try house.registry.get("a").unready == nil)
        await house.close()
    }

    /// A started backend whose configuration names these models and no pattern; the first is loaded.
    private static func naming(_ models: String...) async throws -> (TestHouse, ScriptedBackend) {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.loads(all: models)
        // Which models a configuration names is read once per generation.
        _ = try await house.registry.registerConfig(ConfigRegistration(owner: "x", patch: ["port": 9]), on: "a")
        _ = try await house.registry.start("a")
        _ = try await house.registry.loadModel(models[0])
        return (house, fake)
    }

    @Test func `a backend none of whose models can be had says so in every listing`() async throws {
        let (house, fake) = try await Self.naming("m")
        let supervisor = try #require(fake.supervisors.last)
        @Sendable func seen() async throws -> [String?] {
            [
                try house.registry.get("a").unready?.reason, house.registry.list().first?.unready?.reason,
                try await house.registry.start("a").backend.unready?.reason,
                house.registry.isServing("a") == true ? nil : "NOT_SERVING",
                house.registry.serving().first?.isServing == true ? nil : "NOT_SERVING",
            ]
        }
        let failure = BackendFailure(reason: "EXITED", message: "exit code 3")
        supervisor.instanceChanged(
            InstanceChange(instance: "a/m", model: "m", oldState: .ready, newState: .backoff, failure: failure))
        supervisor.modelMoved("m", nil)
        #expect(try await seen() == ["EXITED", "EXITED", "EXITED", "NOT_SERVING", "NOT_SERVING"])
        supervisor.modelMoved("m", ModelEndpoint(address: "a/m"))
        #expect(try await seen() == [nil, nil, nil, nil, nil])
        supervisor.modelFailed("m", BackendFailure(reason: "CRASH_LOOP", message: "it crashed"))
        #expect(try await seen() == ["CRASH_LOOP", "CRASH_LOOP", "CRASH_LOOP", "NOT_SERVING", "NOT_SERVING"])
        #expect(try house.registry.get("a").unready?.message == "model \"m\" is FAILED: it crashed")
        _ = try await house.registry.stop("a")
        #expect(try house.registry.get("a").unready == nil)
        await house.close()
    }

    @Test
    func
        `one bad model of several does not make the backend unready, nor one that fits a pattern and cannot be loaded`()
        async throws
    {
        let (house, fake) = try await Self.naming("m", "n")
        fake.supervisors.last?.modelMoved("m", nil)
        #expect(try house.registry.get("a").unready == nil)
        let open = try house.create("open")
        open.loads("*", "m", "typo")
        open.onLoad { model throws(BackendError) in
            if model == "typo" { throw BackendError(.internal, .exited, "it ended") }
        }
        _ = try await house.registry.start("open")
        await #expect(throws: BackendError.self) { try await house.registry.loadModel("typo", on: "open") }
        #expect(try house.registry.get("open").unready == nil)
        _ = try await house.registry.loadModel("m", on: "open")
        open.supervisors.last?.modelMoved("m", nil)
        #expect(try house.registry.get("open").unready?.reason == "INSTANCE_NOT_READY")
        await house.close()
    }
}
