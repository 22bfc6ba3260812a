// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import TestSupport
import Testing

/// An answer about a model that is given again is the one that would be found.
@Suite("Kept resolutions", .tags(.blocking), .timeLimit(.minutes(2)))
struct KeptResolutionsTests {
    /// A house with the type REMOTE, which encodes answers as their descriptions.
    private static func withHouse(_ body: (TestHouse) async throws -> Void) async throws {
        try await withSupervision { supervision, _ in
            let house = try TestHouse(type: .remote(on: supervision))
            house.registry.answerResolutions { Array("\($0)".utf8) }
            try await body(house)
            await house.close()
        }
    }

    private static func create(
        _ name: String, _ type: String = "REMOTE", at host: String = "h", serving models: [String], in house: TestHouse
    ) throws {
        var configuration: ConfigValue = ["models": .list(models.map { .string($0) })]
        if type == "REMOTE" {
            configuration = [
                "models": .list(models.map { .string($0) }), "connection": ["hostname": .string("\(host):80")],
            ]
        }
        _ = try house.registry.create(BackendDefinition(name: name, type: type, configuration: configuration))
    }

    private static func kept(_ model: String, inProcess: Bool = false, _ house: TestHouse) -> String? {
        house.registry.keptAnswer(for: model.utf8Span.span, allowsInProcess: inProcess)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func resolved(_ model: String, inProcess: Bool = false, _ house: TestHouse) -> String? {
        let request = ModelRequest(model, allowsInProcess: inProcess)
        guard case .finished(let resolved)? = try? house.registry.resolve(request) else { return nil }
        return "\(resolved)"
    }

    @Test func `what was found is given again, with the backends that do not serve the model`() async throws {
        try await Self.withHouse { house in
            try Self.create("other", serving: ["x"], in: house)
            try Self.create("r", serving: ["m"], in: house)
            _ = try await house.registry.start("r")
            #expect(Self.kept("m", house) == nil)
            let answer = try #require(Self.resolved("m", house))
            #expect(answer.contains("other"))
            #expect(Self.kept("m", house) == answer)
            for other in ["", "n", "mm"] { #expect(Self.kept(other, house) == nil) }
        }
    }

    @Test func `what depends on the state of another backend is looked up each time`() async throws {
        try await Self.withHouse { house in
            // The first would answer as soon as it is started.
            try Self.create("stopped", serving: ["m"], in: house)
            try Self.create("r", serving: ["m"], in: house)
            try Self.create("local", "LOCAL", serving: ["n"], in: house)
            for name in ["r", "local"] { _ = try await house.registry.start(name) }
            for model in ["m", "n"] {
                #expect(Self.resolved(model, house) != nil)
                #expect(Self.kept(model, house) == nil)
            }
        }
    }

    @Test func `an answer that leaves the model to the caller is given to those alone who allow that`() async throws {
        try await Self.withHouse { house in
            try Self.create("local", "LOCAL", serving: ["m"], in: house)
            try Self.create("r", serving: ["m"], in: house)
            for name in ["r", "local"] { _ = try await house.registry.start(name) }
            let own = try #require(Self.resolved("m", inProcess: true, house))
            #expect(Self.kept("m", inProcess: true, house) == own)
            #expect(Self.kept("m", house) == nil)
            let other = try #require(Self.resolved("m", house))
            #expect(own != other && Self.kept("m", inProcess: true, house) == own)
        }
    }

    @Test func `models whose answers have the same place take turns`() async throws {
        try await Self.withHouse { house in
            try Self.create("r", at: "{model_id}", serving: ["m*"], in: house)
            _ = try await house.registry.start("r")
            for number in 0..<300 {
                let model = "m\(number)"
                let answer = try #require(Self.resolved(model, house))
                #expect(answer.contains("\(model):80") && Self.kept(model, house) == answer)
            }
            let left = (0..<300).filter { Self.kept("m\($0)", house) != nil }
            #expect(!left.isEmpty && left.count <= 64)
        }
    }

    @Test func `whatever changes, what is given again is what would be found`() async throws {
        var hits = 0
        for seed in 1...8 {
            var random = SeededGenerator(seed: seed)
            try await Self.withHouse { house in
                for _ in 0..<200 {
                    await Self.change(house, &random)
                    for model in Self.models {
                        let inProcess = Bool.random(using: &random)
                        let kept = Self.kept(model, inProcess: inProcess, house)
                        let found = Self.resolved(model, inProcess: inProcess, house)
                        #expect(kept == nil || kept == found, "seed \(seed)")
                        if kept != nil { hits += 1 }
                        let again = Self.kept(model, inProcess: inProcess, house)
                        #expect(again == nil || again == found, "seed \(seed)")
                    }
                }
            }
        }
        #expect(hits > 100)
    }

    private static let models = ["m", "n", "m-1", "x"]

    /// Does something that may change where a model is served.
    private static func change(_ house: TestHouse, _ random: inout SeededGenerator) async {
        let name = "r\(Int.random(in: 0..<4, using: &random))"
        let serving = models.filter { _ in Bool.random(using: &random) } + ["y"]
        let host = "h\(Int.random(in: 0..<3, using: &random))"
        var patch: ConfigValue?
        switch Int.random(in: 0..<16, using: &random) {
        case 0...2: try? create(name, at: host, serving: serving, in: house)
        case 3: try? create(name, "LOCAL", serving: serving + ["m*"], in: house)
        case 4: _ = try? await house.registry.delete(name)
        case 5, 6: _ = try? await house.registry.stop(name)
        case 7: patch = ["connection": ["hostname": .string("\(host):80")]]
        case 8: patch = ["models": .list(serving.map { .string($0) })]
        default: _ = try? await house.registry.start(name)
        }
        guard let patch else { return }
        _ = try? await house.registry.registerConfig(
            ConfigRegistration(owner: "me", patch: patch, apply: .now), on: name)
    }
}
