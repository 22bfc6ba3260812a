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
}
