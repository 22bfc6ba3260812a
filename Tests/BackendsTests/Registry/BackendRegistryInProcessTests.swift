// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

/// LOCAL, which leaves models to the caller's own process, in front of backends that have a server for them.
@Suite("BackendRegistry: models in the caller's process", .timeLimit(.minutes(1)))
struct BackendRegistryInProcessTests {
    /// `mine` leaves every model to the caller, and `a` behind it has a server that loads `m`.
    private static func house() async throws -> TestHouse {
        let house = try TestHouse()
        try local("mine", house)
        _ = try await house.registry.start("mine")
        try house.create("a").loads("m")
        return house
    }

    private static func local(_ name: String, _ house: TestHouse) throws {
        _ = try house.registry.create(
            BackendDefinition(name: name, type: "LOCAL", configuration: ["models": ["*"]]))
    }

    /// What each question about a model comes to that starts nothing.
    private static func answers(_ house: TestHouse, _ model: String) async throws -> [String] {
        func words(_ work: @escaping @Sendable () async throws(BackendError) -> String) async -> String {
            let result = await calling(work).value
            return result.reason?.rawValue ?? ((try? result.get()) ?? "")
        }
        let (registry, request) = (house.registry, ModelRequest(model))
        return [
            await words { () async throws(BackendError) in
                try await BackendRegistryResolvingTests.resolve(house, request).backend
            },
            await words { () async throws(BackendError) in
                let use = try await registry.use(request)
                use.release()
                return use.resolved.backend
            },
            await words { () async throws(BackendError) in
                try await registry.explain(request).first(where: \.isAnswer)?.backend ?? "none"
            },
            await words { () async throws(BackendError) in try await registry.loadModel(model).model.backend },
        ]
    }

    @Test func `a server that is stopped is not hidden`() async throws {
        let house = try await Self.house()
        let stopped = "BACKEND_NOT_STARTED"
        #expect(try await Self.answers(house, "m") == [stopped, stopped, "none", stopped])
        #expect(try await Self.answers(house, "n") == ["mine", "mine", "mine", "mine"])
        await house.close()
    }

    @Test func `a server that has failed is not hidden`() async throws {
        let house = try await Self.house()
        _ = try await house.registry.start("a")
        try house.fake("a").supervisors.last?.failed(BackendFailure(reason: "CRASH_LOOP", message: "it crashed"))
        try await house.reaches(.failed)
        let stopped = "BACKEND_NOT_STARTED"
        #expect(try await Self.answers(house, "m") == [stopped, stopped, "none", stopped])
        await house.close()
    }

    @Test func `a stopped backend in the caller's process is not taken for a server`() async throws {
        let house = try TestHouse()
        for name in ["first", "second"] { try Self.local(name, house) }
        _ = try await house.registry.start("second")
        #expect(try await Self.answers(house, "m") == ["second", "second", "second", "second"])
        await house.close()
    }

    @Test func `a failure is reported to the server that would be resolved, ready or not`() async throws {
        let house = try await Self.house()
        let registry = house.registry
        @Sendable func report(_ model: String) async throws(BackendError) -> String {
            try await registry.reportFailure(of: model, code: 14).backend
        }
        #expect(await calling { () async throws(BackendError) in try await report("m") }.value.reason == .modelNotFound)
        #expect(try await report("n") == "mine")
        _ = try await registry.start("a")
        _ = try await registry.loadModel("m", on: "a")
        #expect(try await report("m") == "a")
        let unready = BackendError(.unavailable, .instanceNotReady, "it restarts")
        try house.create("b").onOffer { _ in .unavailable(unready) }
        _ = try await registry.start("b")
        #expect(try await report("n") == "b")
        await house.close()
    }

    @Test func `what is served without being loaded is not unloaded, and says so`() async throws {
        let house = try await Self.house()
        let registry = house.registry
        @Sendable func unload(_ model: String, _ backend: String? = nil) async -> BackendError? {
            await calling { () async throws(BackendError) in try await registry.unloadModel(model, from: backend) }
                .value
                .error
        }
        #expect(try await registry.loadModel("n").isChanged == false)
        #expect(await unload("n")?.reason == .modelNotLoadable)
        #expect(await unload("n", "mine")?.metadata["backend"] == "mine")
        // A backend that would load it has nothing to unload, stopped or started.
        #expect(try await registry.unloadModel("m") == [])
        _ = try await registry.start("a")
        #expect(try await registry.unloadModel("m") == [])
        _ = try await registry.loadModel("m")
        #expect(try await registry.unloadModel("m").count == 1)
        // A server is named before what is left to the caller, and its uses go on, whatever the force.
        try house.create("b").onOffer { _ in .endpoint(ModelEndpoint(address: "b"), ModelRules()) }
        _ = try await registry.start("b")
        let use = try await registry.use(ModelRequest("n", backends: ["b"]))
        let refused = await calling { () async throws(BackendError) in
            try await registry.unloadModel("n", force: true)
        }.value
        #expect(refused.error?.metadata["backend"] == "b")
        #expect(try await registry.models(of: "b").models.map(\.uses) == [1])
        use.release()
        await house.close()
    }
}
