// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

/// What a question costs when there are eight times as many backends: the fastest of several runs, so that a loaded machine does
/// not matter.
@Suite("BackendRegistry: cost", .serialized, .timeLimit(.minutes(5)))
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

    /// A registry with one backend that has loaded models, as many as `models` says.
    private static func house(models: Int) async throws -> TestHouse {
        let (house, names) = (try TestHouse(), (0..<models).map { "m\($0)" })
        try house.create("a").loads(all: names)
        _ = try await house.registry.start("a")
        for name in names { _ = try await house.registry.loadModel(name, on: "a") }
        return house
    }

    private static func fastest(_ step: () async throws -> Void) async throws -> Duration {
        var best = Duration.seconds(3600)
        for _ in 0..<7 {
            let start = ContinuousClock.now
            for _ in 0..<20 { try await step() }
            best = min(best, ContinuousClock.now - start)
        }
        return best
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
            let cheap = try await Self.fastest { try await step(few.registry) }
            let growth = try await Self.fastest { try await step(many.registry) } / cheap
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
            let cheap = try await Self.fastest { try await step(few.registry) }
            let growth = try await Self.fastest { try await step(many.registry) } / cheap
            #expect(growth < 3, "\(name)")
        }
        await few.close()
        await many.close()
    }

    @Test func `making and deleting a backend costs the same however many there are`() async throws {
        let (few, many) = (try await Self.house(backends: 120), try await Self.house(backends: 960))
        func cycle(_ house: TestHouse) async throws -> Duration {
            try await Self.fastest {
                try house.create("x", priority: 15)
                _ = try await house.registry.delete("x")
            }
        }
        let cheap = try await cycle(few)
        #expect(try await cycle(many) / cheap < 3)
        await few.close()
        await many.close()
    }
}
