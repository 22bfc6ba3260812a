// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import TestSupport
import Testing

@Suite("BackendRegistry")
struct BackendRegistryTests {
    // MARK: Creating

    @Test func `a new backend is stopped, at generation 1, with the effective configuration`() throws {
        let house = try TestHouse()
        let backend = try house.registry.create(
            BackendDefinition(
                name: "a", type: "FAKE", configuration: ["connection": ["hostname": "h", "password": "p"]]))
        var expected = BackendSnapshot(
            name: "a", type: "FAKE",
            configuration: ["connection": ["hostname": "h", "password": "***"], "port": 8080],
            createTime: ManualClock.start, stateTime: ManualClock.start)
        expected.models = ["*"]
        #expect(backend == expected)
        #expect(!backend.isStarted)
        #expect(try house.registry.get("a") == backend)
        #expect(house.registry.count == 1)
    }

    @Test(arguments: ["a", "a0", "a-b-", String(repeating: "a", count: 63)])
    func `a good name is taken`(name: String) throws {
        try TestHouse().create(name)
    }

    @Test(arguments: ["", "A", "0a", "-a", "a_b", "a b", "ä", "a\0", "a\n", String(repeating: "a", count: 64)])
    func `a bad name is refused`(name: String) throws {
        let house = try TestHouse()
        let error = #expect(throws: BackendError.self) {
            try house.registry.create(BackendDefinition(name: name, type: "LOCAL"))
        }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .nameInvalid)
        #expect(error?.violations.map(\.path) == ["name"])
        #expect(error?.message.contains("\n") == false)
        #expect(house.registry.count == 0)
    }

    @Test func `a name that is taken is refused`() throws {
        let house = try TestHouse()
        try house.create("a")
        let error = #expect(throws: BackendError.self) { try house.create("a") }
        #expect(error?.kind == .alreadyExists)
        #expect(error?.reason == .backendExists)
    }

    @Test func `an unknown type is refused`() throws {
        let house = try TestHouse()
        let error = #expect(throws: BackendError.self) {
            try house.registry.create(BackendDefinition(name: "a", type: "NONE"))
        }
        #expect(error?.kind == .notFound)
        #expect(error?.reason == .typeNotFound)
        #expect(error?.metadata["known_types"] == "FAKE, LOCAL")
    }

    @Test func `the type checks the configuration`() throws {
        let house = try TestHouse()
        let error = #expect(throws: BackendError.self) { try house.create("a", config: ["connection": ["host": "h"]]) }
        #expect(error?.reason == .configInvalid)
        #expect(error?.violations.map(\.path) == ["config.connection.host"])
    }

    @Test func `the number of backends is bounded`() throws {
        var limits = BackendLimits()
        #expect(limits.backends == 1024)
        limits.backends = 2
        let house = try TestHouse(limits: limits)
        try house.create("a")
        try house.create("b")
        let error = #expect(throws: BackendError.self) { try house.create("c") }
        #expect(error?.kind == .resourceExhausted)
        #expect(error?.reason == .backendsFull)
    }

    @Test func `the configurations of all backends together are bounded`() async throws {
        var limits = BackendLimits()
        limits.totalConfigurationBytes = 1000
        let house = try TestHouse(limits: limits)
        try house.create("a", config: ["tags": [.string(String(repeating: "x", count: 600))]])
        let full = #expect(throws: BackendError.self) {
            try house.create("b", config: ["tags": [.string(String(repeating: "x", count: 600))]])
        }
        #expect(full?.reason == .configTooLarge)
        try house.create("b")
        let large = ConfigRegistration(owner: "x", patch: ["tags": [.string(String(repeating: "y", count: 300))]])
        let refused = await #expect(throws: BackendError.self) {
            try await house.registry.registerConfig(large, on: "b")
        }
        #expect(refused?.reason == .configTooLarge)
        _ = try await house.registry.delete("a")
        _ = try await house.registry.registerConfig(large, on: "b")
    }

    // MARK: Reading

    @Test func `a backend that was not created is unknown`() async throws {
        let registry = try TestHouse().registry
        let errors = [
            #expect(throws: BackendError.self) { try registry.get("x") },
            #expect(throws: BackendError.self) { try registry.origins(of: "x") },
            await #expect(throws: BackendError.self) { try await registry.start("x") },
            await #expect(throws: BackendError.self) { try await registry.stop("x") },
            await #expect(throws: BackendError.self) { try await registry.delete("x") },
            await #expect(throws: BackendError.self) {
                try await registry.registerConfig(ConfigRegistration(owner: "o", patch: [:]), on: "x")
            },
            await #expect(throws: BackendError.self) {
                try await registry.holdStartLock(of: "x", holder: StartLockTests.one)
            },
        ]
        for error in errors {
            #expect(error?.kind == .notFound)
            #expect(error?.reason == .backendNotFound)
            #expect(error?.metadata["backend"] == "x")
        }
    }

    @Test func `backends are listed by priority, ties by order of creation`() throws {
        let house = try TestHouse()
        for (name, priority) in [("z", 5), ("b", 0), ("a", 5), ("c", -7), ("d", 0)] as [(String, Int32)] {
            try house.create(name, priority: priority)
        }
        #expect(house.registry.list().map(\.name) == ["c", "b", "d", "z", "a"])
    }

    @Test func `without a priority a backend comes after the last one, in steps of 10`() throws {
        let house = try TestHouse()
        try house.create("a")
        try house.create("b")
        try house.create("c", priority: -3)
        try house.create("d", priority: 77)
        try house.create("e")
        #expect(house.registry.list().map(\.name) == ["c", "a", "b", "d", "e"])
        #expect(house.registry.list().map(\.priority) == [-3, 0, 10, 77, 87])
        try house.create("f", priority: .max)
        try house.create("g")
        #expect(house.registry.list().suffix(2).map(\.name) == ["f", "g"])
    }

    @Test func `pages go through the list, also while backends come and go`() async throws {
        let house = try TestHouse()
        for name in ["a", "b", "c", "d", "e"] { try house.create(name) }
        let first = try house.registry.page(size: 2)
        #expect(first.backends.map(\.name) == ["a", "b"])
        _ = try await house.registry.delete("c")
        try house.create("early", priority: -1)
        let second = try house.registry.page(size: 2, after: try #require(first.nextToken))
        #expect(second.backends.map(\.name) == ["d", "e"])
        #expect(second.nextToken == nil)
        #expect(try house.registry.page().backends.count == 5)
        #expect(try house.registry.page(size: .max).nextToken == nil)
    }

    @Test func `a page is bounded in bytes too`() throws {
        let house = try TestHouse()
        let text = ConfigValue.string(String(repeating: "x", count: 250_000))
        for number in 0..<6 { try house.create("b\(number)", config: ["tags": [text]]) }
        let first = try house.registry.page()
        #expect(first.backends.count == 2)
        #expect(try house.registry.page(after: try #require(first.nextToken)).backends.map(\.name) == ["b2", "b3"])
    }

    @Test(arguments: [(-1, ""), (0, "x"), (0, "1"), (0, "1/2/3"), (0, "99999999999/1"), (0, "/")])
    func `a page that does not exist is refused`(size: Int, token: String) throws {
        let house = try TestHouse()
        let error = #expect(throws: BackendError.self) { try house.registry.page(size: size, after: token) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.reason == .pageInvalid)
    }

    // MARK: Configuration

    @Test func `registering configuration merges, counts and is shown masked`() async throws {
        let house = try TestHouse()
        try house.create("a", config: ["connection": ["hostname": "h"]])
        let outcome = try await house.registry.registerConfig(
            ConfigRegistration(owner: "x", patch: ["connection": ["password": "p"], "port": 9]), on: "a")
        #expect(outcome.isChanged)
        #expect(!outcome.isStaged)
        #expect(outcome.backend.generation == 2)
        #expect(outcome.backend.configuration == ["connection": ["hostname": "h", "password": "***"], "port": 9])
        #expect(
            outcome.origins().map { "\($0.path)=\($0.layer)" } == [
                "connection.hostname=base", "connection.password=owner:x", "port=owner:x",
            ])
        #expect(try house.registry.origins(of: "a") == outcome.origins())
        #expect(try house.registry.get("a") == outcome.backend)
    }

    @Test func `the same patch again changes nothing and makes no event`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let patch = ConfigRegistration(owner: "x", patch: ["port": 9])
        _ = try await house.registry.registerConfig(patch, on: "a")
        let outcome = try await house.registry.registerConfig(patch, on: "a")
        #expect(!outcome.isChanged)
        #expect(outcome.backend.generation == 2)
        #expect(try await house.causes() == ["CREATED", "CONFIG_REGISTERED"])
    }

    @Test func `a start gets the configuration with its secrets`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a", config: ["connection": ["password": "p"]])
        _ = try await house.registry.start("a")
        #expect(fake.calls == [.start(["connection": ["password": "p"], "port": 8080])])
        await house.close()
    }

    @Test(arguments: [BackendState.starting, .started, .stopping])
    func `a backend that is not at rest takes configuration only for its next start`(state: BackendState) async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        let gate = Gate()
        if state == .starting { fake.onStart { () async throws(BackendError) in await gate.pass() } }
        if state == .stopping { fake.onStop { () async throws(BackendError) in await gate.pass() } }
        let start = calling { () async throws(BackendError) in try await house.registry.start("a") }
        if state != .starting { _ = await start.value }
        let stop =
            state == .stopping
            ? calling { () async throws(BackendError) in try await house.registry.stop("a") } : nil
        #expect(try house.registry.get("a").state == state)

        var patch = ConfigRegistration(owner: "x", patch: ["port": 9])
        let error = await #expect(throws: BackendError.self) {
            try await house.registry.registerConfig(patch, on: "a")
        }
        #expect(error?.kind == .failedPrecondition)
        #expect(error?.reason == .backendStarted)
        #expect(error?.metadata["state"] == state.description)

        patch.apply = .nextStart
        let staged = try await house.registry.registerConfig(patch, on: "a")
        #expect(staged.isStaged)
        #expect(staged.isChanged)
        #expect(staged.backend.isConfigurationStaged)
        #expect(staged.backend.generation == 1)
        #expect(staged.backend.configuration == ["port": 8080])

        gate.open()
        _ = await start.value
        _ = await stop?.value
        _ = try await house.registry.stop("a")
        #expect(try house.registry.get("a").isConfigurationStaged)
        let restarted = try await house.registry.start("a")
        #expect(restarted.backend.configuration == ["port": 9])
        #expect(restarted.backend.generation == 2)
        #expect(!restarted.backend.isConfigurationStaged)
        #expect(fake.calls.last == .start(["port": 9]))
        await house.close()
    }

    @Test func `NEXT_START applies at once if the backend is at rest`() async throws {
        let house = try TestHouse()
        try house.create("a")
        let outcome = try await house.registry.registerConfig(
            ConfigRegistration(owner: "x", patch: ["port": 9], apply: .nextStart), on: "a")
        #expect(outcome.isChanged)
        #expect(!outcome.isStaged)
        #expect(outcome.backend.configuration == ["port": 9])
    }

    @Test func `a failed backend takes configuration at once`() async throws {
        let house = try TestHouse()
        try house.create("a").onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        _ = try? await house.registry.start("a")
        let outcome = try await house.registry.registerConfig(
            ConfigRegistration(owner: "x", patch: ["port": 9]), on: "a")
        #expect(outcome.backend.state == .failed)
        #expect(outcome.backend.configuration == ["port": 9])
    }
}
