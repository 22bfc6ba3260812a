// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import TestSupport
import Testing

/// The walk along all backends, which looks only at those that may serve the model, against the walk along the same backends by name,
/// which looks at each.
@Suite("ModelWalk", .timeLimit(.minutes(2)))
struct ModelWalkTests {
    private static let models = ["a", "b", "ab", "ba", "b/a"]

    /// A registry of backends with random priorities, models and states, and their names.
    private static func house(_ generator: inout SeededGenerator) async throws -> (TestHouse, [String]) {
        let (house, names) = (try TestHouse(), (0..<30).map { "b\($0)" })
        for name in names {
            let priority = Int32.random(in: 0..<10, using: &generator)
            if generator.happens(onceIn: 4) {
                let fake = try house.create(name, priority: priority)
                fake.loads(models.shuffled(using: &generator)[0])
            } else {
                let patterns = (models + ["a*", "*", "?", "b?a"]).shuffled(using: &generator).prefix(2)
                _ = try house.registry.create(
                    BackendDefinition(
                        name: name, type: "LOCAL", configuration: ["models": .list(patterns.map { .string($0) })],
                        priority: priority))
            }
            if generator.happens(onceIn: 3) { _ = try await house.registry.start(name) }
        }
        return (house, names)
    }

    /// What the registry makes of a request without waiting.
    private static func answer(_ house: TestHouse, _ request: ModelRequest, _ routes: RequestRoutes) -> String {
        do throws(BackendError) {
            switch try house.registry.resolve(request, redirects: routes) {
            case .finished(let resolved): return "\(resolved)"
            case .pending: return "pending"
            }
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a backend is found, passed over and counted as if each had been looked at`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let (house, names) = try await Self.house(&generator)
        for model in Self.models + ["c"] {
            for isInProcess in [false, true] {
                let routed = names.shuffled(using: &generator)
                let routes = [
                    RequestRoutes(),
                    RequestRoutes([
                        ContextResult(backend: routed[0], outcome: .routed(ModelEndpoint(address: "elsewhere:1")))
                    ]),
                    RequestRoutes([
                        ContextResult(backend: routed[1], outcome: .refused(.modelNotServed(model, routed[1]))),
                        ContextResult(backend: routed[2], outcome: .declined(.modelNotServed(model, routed[2]))),
                        ContextResult(backend: routed[3], outcome: .undecided),
                    ]),
                ]
                for route in routes {
                    let (found, expected) = (
                        Self.answer(house, ModelRequest(model, allowsInProcess: isInProcess), route),
                        Self.answer(house, ModelRequest(model, backends: names, allowsInProcess: isInProcess), route)
                    )
                    #expect(found == expected)
                }
            }
        }
        await house.close()
    }
}
