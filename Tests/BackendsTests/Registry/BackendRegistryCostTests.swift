// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import TestSupport
import Testing

/// What a question costs when there are eight times as many backends or models: the fastest of several runs of each size in turn,
/// so that a loaded machine does not matter.
@Suite("BackendRegistry: cost", .tags(.blocking), .serialized, .timeLimit(.minutes(5)))
struct BackendRegistryCostTests {
    /// A registry with a number of backends, the first of which has loaded `m`.
    private static func house(backends: Int) async throws -> TestHouse {
        let house = try TestHouse()
        try house.create("a").loads("m")
        for number in 1..<backends { try house.create("b\(number)") }
        _ = try await house.registry.start("a")
        _ = try await house.registry.loadModel("m", on: "a")
        return house
    }

    /// A registry with a number of backends that serve a model of their own each, the last of which is started.
    private static func house(servers: Int) async throws -> TestHouse {
        let house = try TestHouse()
        for number in 0..<servers {
            let model = number == servers - 1 ? "last" : "m\(number)"
            _ = try house.registry.create(
                BackendDefinition(name: "b\(number)", type: "LOCAL", configuration: ["models": [.string(model)]]))
        }
        _ = try await house.registry.start("b\(servers - 1)")
        return house
    }

    /// A registry with one backend that has loaded models, as many as `models` says.
    private static func house(models: Int) async throws -> TestHouse {
        let (house, names) = (try TestHouse(), (0..<models).map { "m\($0)" })
        try house.create("a").loads(all: names)
        _ = try await house.registry.start("a")
        for name in names { _ = try await house.registry.loadModel(name, on: "a") }
        return house
    }

    private static func time(_ step: () async throws -> Void) async throws -> Duration {
        let start = ContinuousClock.now
        for _ in 0..<20 { try await step() }
        return ContinuousClock.now - start
    }

    /// How many times as long a step takes in the large house as in the small one. Measured again, up to 60 times, while the machine
    /// makes it look as if the size mattered: a step that looks at everything takes eight times as long every time.
    private static func growth(
        from few: TestHouse, to many: TestHouse, _ step: (TestHouse) async throws -> Void
    ) async throws -> Double {
        var (cheap, dear) = (Duration.seconds(3600), Duration.seconds(3600))
        for round in 0..<60 where round < 7 || dear / cheap >= 3 {
            cheap = min(cheap, try await time { try await step(few) })
            dear = min(dear, try await time { try await step(many) })
        }
        return dear / cheap
    }

    @Test func `what asks for one backend, or one page, does not look at all of them`() async throws {
        let (few, many) = (try await Self.house(backends: 120), try await Self.house(backends: 960))
        let named = ModelRequest("m", backends: ["a"], waitsUntilReady: true, startsAutomatically: true)
        let steps: [(String, @Sendable (BackendRegistry) async throws -> Void)] = [
            ("get", { _ = try $0.get("a") }),
            ("list", { _ = try $0.page(size: 10) }),
            ("list models", { _ = try await $0.models(of: "a", size: 10) }),
            ("resolve", { _ = try $0.resolve(named) }),
            ("resolve anywhere", { _ = try $0.resolve(ModelRequest("m")) }),
            ("explain", { _ = try await $0.explain(named) }),
            ("load", { _ = try await $0.loadModel("m", on: "a") }),
            ("use", { try await $0.use(named).release() }),
        ]
        for (name, step) in steps {
            let growth = try await Self.growth(from: few, to: many) { try await step($0.registry) }
            #expect(growth < 3, "\(name)")
        }
        await few.close()
        await many.close()
    }

    @Test func `a model is found, or found to be unknown, without a look at the backends that do not serve it`()
        async throws
    {
        let (few, many) = (try await Self.house(servers: 120), try await Self.house(servers: 960))
        let steps: [(String, @Sendable (BackendRegistry) async throws -> Void)] = [
            ("resolve the last", { _ = try $0.resolve(ModelRequest("last")) }),
            ("resolve a stopped one", { _ = try? $0.resolve(ModelRequest("m100")) }),
            ("resolve none", { _ = try? $0.resolve(ModelRequest("unknown")) }),
            ("use the last", { try await $0.use(ModelRequest("last")).release() }),
            ("load none", { _ = try? await $0.loadModel("unknown") }),
            ("unload none", { _ = try? await $0.unloadModel("unknown") }),
            ("report a failure of none", { _ = try? await $0.reportFailure(of: "unknown", code: 14) }),
            ("load a prompt of none", { _ = try? await $0.loadPrompt("p", of: "unknown", on: nil, from: []) }),
        ]
        for (name, step) in steps {
            let growth = try await Self.growth(from: few, to: many) { try await step($0.registry) }
            #expect(growth < 3, "\(name)")
        }
        await few.close()
        await many.close()
    }

    @Test func `what asks for one model, or one page, does not look at all models`() async throws {
        let (few, many) = (try await Self.house(models: 120), try await Self.house(models: 960))
        let named = ModelRequest("m7", backends: ["a"], waitsUntilReady: true, startsAutomatically: true)
        let steps: [(String, @Sendable (BackendRegistry) async throws -> Void)] = [
            ("get", { _ = try $0.get("a") }),
            ("list models", { _ = try await $0.models(of: "a", size: 10) }),
            ("list models after one", { _ = try await $0.models(size: 10, after: "a/m5") }),
            ("explain", { _ = try await $0.explain(named) }),
            ("use", { try await $0.use(named).release() }),
            (
                "unload and load",
                {
                    _ = try await $0.unloadModel("m9", from: "a")
                    _ = try await $0.loadModel("m9", on: "a")
                }
            ),
        ]
        for (name, step) in steps {
            let growth = try await Self.growth(from: few, to: many) { try await step($0.registry) }
            #expect(growth < 3, "\(name)")
        }
        await few.close()
        await many.close()
    }

    @Test func `making and deleting a backend costs the same however many there are`() async throws {
        let (few, many) = (try await Self.house(backends: 120), try await Self.house(backends: 960))
        let growth = try await Self.growth(from: few, to: many) { house in
            try house.create("x", priority: 15)
            _ = try await house.registry.delete("x")
        }
        #expect(growth < 3)
        await few.close()
        await many.close()
    }
}
