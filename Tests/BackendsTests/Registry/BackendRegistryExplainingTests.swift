// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: explaining models", .timeLimit(.minutes(1)))
struct BackendRegistryExplainingTests {
    @Test func `explaining does nothing and says what would be done`() async throws {
        let house = try TestHouse()
        try house.create("stopped").loads("m")
        try house.create("a").loads("m", "n", capacity: ModelCapacity(maxLoaded: 1))
        try house.create("c").loads("x")
        for name in ["a", "c"] { _ = try await house.registry.start(name) }
        _ = try await house.registry.loadModel("n", on: "a")
        func words(_ request: ModelRequest) async throws -> [String] {
            try await house.registry.explain(request).map { verdict in
                switch verdict.verdict {
                case .ready: "\(verdict.backend) ready"
                case .wait: "\(verdict.backend) wait"
                case .load: "\(verdict.backend) load \(verdict.evicted)"
                case .start: "\(verdict.backend) start"
                case .skip(let error): "\(verdict.backend) skip \(error.reason.rawValue)"
                }
            }
        }
        #expect(
            try await words(ModelRequest("m")) == [
                "stopped skip BACKEND_NOT_STARTED", "a skip MODEL_NOT_LOADED", "c skip MODEL_NOT_SERVED",
            ])
        #expect(
            try await words(ModelRequest("m", startsAutomatically: true)) == [
                "stopped start", "a load [\"n\"]", "c skip MODEL_NOT_SERVED",
            ])
        #expect(try await words(ModelRequest("n", backends: ["a"])) == ["a ready"])
        let lease = try await house.registry.holdStartLock(of: "stopped", holder: StartLockTests.one, wait: nil)
        #expect(
            try await words(ModelRequest("m", backends: ["stopped"], startsAutomatically: true)) == [
                "stopped skip START_LOCK_HELD"
            ])
        lease.release()
        #expect(try house.fake("a").calls.filter { $0 == .load("m") } == [])
        #expect(try house.fake("stopped").calls == [])
        await house.close()
    }

    @Test func `explaining reads no configuration again, however often and whatever the number of backends`()
        async throws
    {
        let house = try TestHouse()
        let names = (0..<200).map { "b\($0)" }
        for name in names { try house.create(name).loads("m") }
        for _ in 0..<3 { #expect(try await house.registry.explain(ModelRequest("m")).count == 200) }
        #expect(try names.map { try house.fake($0).readings } == names.map { _ in 1 })
        let patch = ConfigRegistration(owner: "o", patch: ["port": 1])
        _ = try await house.registry.registerConfig(patch, on: "b7")
        for _ in 0..<3 { _ = try await house.registry.explain(ModelRequest("m")) }
        #expect(try names.map { try house.fake($0).readings }.reduce(0, +) == 201)
        await house.close()
    }

    @Test func `explaining and using follow the same order`() async throws {
        let house = try TestHouse()
        _ = try house.registry.create(
            BackendDefinition(name: "mine", type: "LOCAL", configuration: ["models": ["*"]]))
        try house.create("a").loads("m")
        var asking = BackendRegistryResolvingTests.waiting
        asking.allowsInProcess = true
        for (request, answers) in [
            (BackendRegistryResolvingTests.waiting, "a"), (asking, "mine"),
            (BackendRegistryResolvingTests.waiting.about("n"), "mine"), (asking.about("n"), "mine"),
        ] {
            let verdicts = try await house.registry.explain(request)
            #expect(verdicts.first(where: \.isAnswer)?.backend == answers)
            let use = try await house.registry.use(request, wait: .seconds(10))
            #expect(use.resolved.backend == answers)
            use.release()
        }
        await house.close()
    }
}
