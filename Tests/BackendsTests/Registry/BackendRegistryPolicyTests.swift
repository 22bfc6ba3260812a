// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: policies and restarts", .timeLimit(.minutes(1)))
struct BackendRegistryPolicyTests {
    private static let person = CallerIdentity(pid: 7, uid: 1)
    private static let waiting = ModelRequest("m", waitsUntilReady: true, startsAutomatically: true)

    /// A house with the stopped backend `a`, which loads `m`.
    private static func house(start: StartPolicy = .onDemand) throws -> TestHouse {
        let house = try TestHouse()
        try house.create("a", start: start).loads("m")
        return house
    }

    /// What a request for the model is refused for, whether it resolves it, uses it, or only asks what would be done.
    private static func refusals(_ house: TestHouse) async throws -> Set<BackendError.Reason?> {
        let resolution = await calling { () async throws(BackendError) in
            try await BackendRegistryResolvingTests.resolve(house, waiting)
        }.value
        let use = await calling { () async throws(BackendError) in
            try await house.registry.use(waiting, wait: .seconds(10)).resolved
        }.value
        let load = await calling { () async throws(BackendError) in
            try await house.registry.loadModel("m", startsAutomatically: true).isChanged
        }.value
        var reasons = [resolution.reason, use.reason, load.reason]
        for verdict in try await house.registry.explain(waiting) {
            if case .skip(let error) = verdict.verdict { reasons.append(error.reason) } else { reasons.append(nil) }
        }
        return Set(reasons)
    }

    // MARK: Requests

    @Test func `a stop by a person holds until a person starts the backend`() async throws {
        let house = try Self.house()
        _ = try await house.registry.start("a")
        _ = try await house.registry.stop("a", by: Self.person)
        #expect(try await Self.refusals(house) == [.backendHeld])
        #expect(try house.registry.get("a").hold == BackendHold(caller: Self.person, time: house.clock.now()))
        _ = try await house.registry.start("a")
        #expect(try house.registry.get("a").hold == nil)
        _ = try await house.registry.stop("a")
        #expect(try await BackendRegistryResolvingTests.resolve(house, Self.waiting).backend == "a")
        await house.close()
    }

    @Test func `a request does not start a manual backend, and uses it once it is started`() async throws {
        let house = try Self.house(start: .manual)
        #expect(try await Self.refusals(house) == [.backendManual])
        _ = try await house.registry.start("a")
        #expect(try await BackendRegistryResolvingTests.resolve(house, Self.waiting).backend == "a")
        await house.close()
    }

    @Test func `a request does not start a disabled backend, and does once it is enabled`() async throws {
        let house = try Self.house(start: .boot)
        #expect(try await house.registry.setEnabled(false, "a").isChanged)
        #expect(try await Self.refusals(house) == [.backendDisabled])
        #expect(try await house.registry.setEnabled(true, "a").backend.isEnabled)
        #expect(try await BackendRegistryResolvingTests.resolve(house, Self.waiting).backend == "a")
        await house.close()
    }

    @Test func `a request goes on to the next backend behind one that is held`() async throws {
        let house = try Self.house()
        try house.create("b").loads("m")
        _ = try await house.registry.stop("a", by: Self.person)
        let resolved = try await BackendRegistryResolvingTests.resolve(house, Self.waiting)
        #expect(resolved.backend == "b")
        #expect(BackendRegistryResolvingTests.skips(resolved) == ["a BACKEND_HELD"])
        await house.close()
    }

    @Test func `the events tell of the hold as long as it lasts`() async throws {
        let house = try Self.house()
        let watch = try house.registry.watch(serverInstance: TestHouse.instance, since: 0)
        _ = try await house.registry.start("a")
        _ = try await house.registry.stop("a", by: Self.person)
        _ = try await house.registry.stop("a", by: Self.person)
        _ = try await house.registry.start("a")
        var holds: [String] = []
        while holds.count < house.registry.sequence {
            for case .change(let event) in try await watch.next() {
                holds.append(event.cause.rawValue + (event.hold.map { " \($0.caller.pid)" } ?? ""))
            }
        }
        #expect(
            holds == [
                "CREATED", "START_REQUESTED", "STARTED", "STOP_REQUESTED 7", "STOPPED 7", "START_REQUESTED", "STARTED",
            ])
        await house.close()
    }

    // MARK: Restarts

    @Test func `a restart stops and starts, and those that wait for a start get the new one`() async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("a").onStart { () async throws(BackendError) in
            await gate.pass()
            if Task.isCancelled { throw PoolTranscript.broken }
        }
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        await gate.reached()
        let restart = calling { () async throws(BackendError) in try await house.registry.restart("a") }
        await gate.reached(by: 2)
        gate.open()
        #expect(try await start.value.get().backend.isStarted)
        #expect(try await restart.value.get().isChanged)
        #expect(try house.fake("a").calls == [.start(["port": 8080]), .stop, .start(["port": 8080])])
        #expect(try await house.causes().filter { $0 == "RESTART_REQUESTED" }.count == 1)
        await house.close()
    }

    @Test func `a restart starts a backend that is held down`() async throws {
        let house = try Self.house()
        _ = try await house.registry.stop("a", by: Self.person)
        let outcome = try await house.registry.restart("a")
        #expect(outcome.backend.isStarted && outcome.backend.hold == nil)
        await house.close()
    }

    @Test func `a model is unloaded and loaded again, and loaded if it was not`() async throws {
        let house = try Self.house()
        _ = try await house.registry.start("a")
        _ = try await house.registry.restart("a", .model("m"))
        _ = try await house.registry.restart("a", .model("m"))
        #expect(try house.fake("a").calls == [.start(["port": 8080]), .load("m"), .unload("m"), .load("m")])
        await house.close()
    }

    @Test func `a model in use is restarted once it is free, or with force at once`() async throws {
        let house = try Self.house()
        _ = try await house.registry.start("a")
        let use = try await house.registry.use(Self.waiting, wait: .seconds(10))
        let waiting = calling { () async throws(BackendError) in try await house.registry.restart("a", .model("m")) }
        await house.clock.sleepersAre()
        house.clock.advance(by: .seconds(30))
        #expect(await waiting.value.reason == .modelBusy)
        _ = try await house.registry.restart("a", .model("m"), lock: StartLockOptions(force: true))
        #expect(await use.waitUntilLost()?.reason == .modelUnloaded)
        await house.close()
    }

    @Test(
        arguments: [
            (RestartPart.model("x"), BackendError.Reason.modelNotServed), (.model(""), .modelIDInvalid),
        ])
    func `a model that the backend does not serve is not restarted`(
        part: RestartPart, reason: BackendError.Reason
    ) async throws {
        let house = try Self.house()
        _ = try await house.registry.start("a")
        let error = await #expect(throws: BackendError.self) { try await house.registry.restart("a", part) }
        #expect(error?.reason == reason)
        await house.close()
    }

    @Test func `a model that is not loaded by the backend cannot be restarted`() async throws {
        let house = try TestHouse()
        try house.create("a").onOffer { _ in .endpoint(ModelEndpoint(address: "x:1"), ModelRules()) }
        _ = try await house.registry.start("a")
        let error = await #expect(throws: BackendError.self) { try await house.registry.restart("a", .model("m")) }
        #expect(error?.reason == .modelNotLoadable)
        await house.close()
    }

    @Test func `parts of a stopped backend are not restarted`() async throws {
        let house = try Self.house()
        for part in [RestartPart.model("m"), .instance("a")] {
            let error = await #expect(throws: BackendError.self) { try await house.registry.restart("a", part) }
            #expect(error?.reason == .backendNotStarted)
        }
        await house.close()
    }

    @Test func `an instance is restarted by its backend, which stays started`() async throws {
        let house = try Self.house()
        _ = try await house.registry.start("a")
        #expect(try await house.registry.restart("a", .instance("a/m")).backend.isStarted)
        #expect(try house.fake("a").calls == [.start(["port": 8080]), .restart("a/m")])
        await house.close()
    }

    @Test func `a backend without processes has no instance to restart`() async throws {
        let house = try TestHouse()
        _ = try house.registry.create(BackendDefinition(name: "l", type: "LOCAL"))
        _ = try await house.registry.start("l")
        let error = await #expect(throws: BackendError.self) { try await house.registry.restart("l", .instance("l")) }
        #expect(error?.reason == .instanceNotFound)
        await house.close()
    }

    // MARK: Fresh starts

    @Test func `a fresh start of a started backend restarts what is in backoff`() async throws {
        let house = try Self.house()
        #expect(try await house.registry.start("a", isFresh: true).isChanged)
        #expect(try await !house.registry.start("a").isChanged)
        #expect(try await house.registry.start("a", isFresh: true).isChanged)
        #expect(try house.fake("a").calls == [.start(["port": 8080]), .retry])
        await house.close()
    }
}
