// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Testing

/// Models are found by the configurations that hold now, and backends that do not serve them are still accounted for.
@Suite("BackendRegistry: finding models", .timeLimit(.minutes(1)))
struct BackendRegistryIndexTests {
    private static func create(_ name: String, serving models: ConfigValue, in house: TestHouse) throws {
        _ = try house.registry.create(BackendDefinition(name: name, type: "LOCAL", configuration: ["models": models]))
    }

    private static func register(
        _ models: ConfigValue, _ house: TestHouse, apply: ConfigApply = .now
    ) async throws {
        let registration = ConfigRegistration(owner: "me", patch: ["models": models], apply: apply)
        _ = try await house.registry.registerConfig(registration, on: "a")
    }

    /// The backend of a model, or the reason why there is none.
    private static func resolved(_ model: String, _ house: TestHouse) async -> String {
        let result = await calling { () async throws(BackendError) in
            try await BackendRegistryResolvingTests.resolve(house, ModelRequest(model)).backend
        }.value
        return result.reason?.rawValue ?? ((try? result.get()) ?? "")
    }

    @Test func `a configuration that applies now decides at once`() async throws {
        let house = try TestHouse()
        try Self.create("a", serving: ["m"], in: house)
        #expect(await Self.resolved("m", house) == "BACKEND_NOT_STARTED")
        try await Self.register(["n", "x-*"], house)
        #expect(await Self.resolved("m", house) == "MODEL_NOT_FOUND")
        for model in ["n", "x-1"] { #expect(await Self.resolved(model, house) == "BACKEND_NOT_STARTED") }
        await house.close()
    }

    @Test func `a configuration that was staged decides from the next start on`() async throws {
        let house = try TestHouse()
        try Self.create("a", serving: ["m"], in: house)
        _ = try await house.registry.start("a")
        try await Self.register(["n"], house, apply: .nextStart)
        #expect(await Self.resolved("m", house) == "a")
        #expect(await Self.resolved("n", house) == "MODEL_NOT_FOUND")
        _ = try await house.registry.stop("a")
        _ = try await house.registry.start("a")
        #expect(await Self.resolved("m", house) == "MODEL_NOT_FOUND")
        #expect(await Self.resolved("n", house) == "a")
        await house.close()
    }

    @Test func `a backend that was deleted is not found, and another of its name by its own models`() async throws {
        let house = try TestHouse()
        try Self.create("a", serving: ["m"], in: house)
        _ = try await house.registry.delete("a")
        #expect(await Self.resolved("m", house) == "MODEL_NOT_FOUND")
        try Self.create("a", serving: ["n"], in: house)
        #expect(await Self.resolved("m", house) == "MODEL_NOT_FOUND")
        #expect(await Self.resolved("n", house) == "BACKEND_NOT_STARTED")
        await house.close()
    }

    @Test func `those that were passed over without a look are named and counted`() async throws {
        let house = try TestHouse()
        for number in 0..<40 { try Self.create("b\(number)", serving: [.string("m\(number)")], in: house) }
        _ = try await house.registry.start("b39")
        let resolved = try await BackendRegistryResolvingTests.resolve(house, ModelRequest("m39"))
        #expect(resolved.skipped.map(\.backend) == (0..<16).map { "b\($0)" })
        #expect(resolved.skipped.allSatisfy { $0.error.reason == .modelNotServed })
        #expect(resolved.skippedOthers == 23)
        let unknown = await calling { () async throws(BackendError) in
            try await BackendRegistryResolvingTests.resolve(house, ModelRequest("unknown"))
        }.value.error
        #expect(unknown?.message.contains("b7 and 32 others") == true, "\(unknown?.message ?? "")")
        let unloaded = await calling { () async throws(BackendError) in
            try await house.registry.unloadModel("unknown")
        }.value.error
        #expect(unloaded?.message == unknown?.message)
        await house.close()
    }

    @Test func `a request's route leads to a backend whatever models it names`() async throws {
        let house = try TestHouse()
        for name in ["a", "b", "c"] { try Self.create(name, serving: [.string(name)], in: house) }
        let routes = RequestRoutes([
            ContextResult(backend: "b", outcome: .routed(ModelEndpoint(address: "elsewhere:1")))
        ])
        guard case .finished(let resolved) = try house.registry.resolve(ModelRequest("m"), redirects: routes) else {
            Issue.record("the route was not followed")
            return
        }
        #expect(resolved.endpoint.address == "elsewhere:1")
        #expect(resolved.skipped.map(\.backend) == ["a"])
        await house.close()
    }
}
