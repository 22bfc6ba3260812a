// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite("ModelIndex")
struct ModelIndexTests {
    private static func rank(_ priority: Int32, _ creation: UInt64 = 0) -> ModelIndex.Rank {
        ModelIndex.Rank(priority: priority, creation: creation)
    }

    private static func index(_ backends: KeyValuePairs<Int32, [String]>) -> ModelIndex {
        var index = ModelIndex()
        for (priority, patterns) in backends { index.insert(patterns, of: rank(priority)) }
        return index
    }

    /// The priorities of the candidates, in order.
    private static func candidates(_ index: ModelIndex, _ model: String) -> [Int32] {
        let candidates = index.candidates(for: model)
        return (-100...100).filter { candidates.first(from: rank($0)) == rank($0) }
    }

    @Test func `a model is found by its ID`() {
        let index = Self.index([3: ["m"], 1: ["n", "m"], 2: ["n"]])
        #expect(Self.candidates(index, "m") == [1, 3])
        #expect(Self.candidates(index, "n") == [1, 2])
        #expect(Self.candidates(index, "o") == [])
    }

    @Test func `a pattern is found by what comes before its first wildcard`() {
        let index = Self.index([1: ["llama-*"], 2: ["*"], 3: ["ll?ma"], 4: ["qwen/*"], 5: ["llama-3"]])
        #expect(Self.candidates(index, "llama-3") == [1, 2, 3, 5])
        #expect(Self.candidates(index, "llama") == [2, 3])
        #expect(Self.candidates(index, "l") == [2])
    }

    @Test func `an ID is compared by its bytes`() {
        let index = Self.index([1: ["caf\u{e9}"], 2: ["cafe\u{301}"], 3: ["caf\u{e9}*"], 4: ["cafe\u{301}*"]])
        #expect(Self.candidates(index, "caf\u{e9}") == [1, 3])
        #expect(Self.candidates(index, "cafe\u{301}") == [2, 4])
        // Its first four bytes end within a character.
        #expect(Self.candidates(Self.index([1: ["cafe*"]]), "caf\u{e9}") == [])
    }

    @Test func `the next candidate comes in the order of priority, then of creation`() {
        var index = ModelIndex()
        index.insert(["m"], of: Self.rank(10, 2))
        index.insert(["m*"], of: Self.rank(10, 1))
        let candidates = index.candidates(for: "m")
        #expect(candidates.first(from: Self.rank(-5)) == Self.rank(10, 1))
        #expect(candidates.first(from: Self.rank(10, 2)) == Self.rank(10, 2))
        #expect(candidates.first(from: Self.rank(10, 3)) == nil)
    }

    @Test func `a backend that was removed is not found`() {
        var index = Self.index([1: ["m", "a*", "ab", "a?"], 2: ["a*", "m"]])
        index.remove(["m", "a*", "ab", "a?"], of: Self.rank(1))
        #expect(Self.candidates(index, "m") == [2])
        #expect(Self.candidates(index, "ab") == [2])
        index.remove(["a*", "m"], of: Self.rank(2))
        #expect(Self.candidates(index, "ab") == [])
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `whatever comes and goes, no backend is missed whose pattern matches`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func text(_ letters: [Character]) -> String {
            String(
                (0..<Int.random(in: 1...4, using: &generator)).map { _ in letters.randomElement(using: &generator)! })
        }
        var index = ModelIndex()
        var served: [Int32: [String]] = [:]
        for _ in 0..<400 {
            let backend = Int32.random(in: 0..<12, using: &generator)
            if let patterns = served.removeValue(forKey: backend) {
                index.remove(patterns, of: Self.rank(backend))
            } else {
                let patterns = (0..<Int.random(in: 0...4, using: &generator)).map { _ in text(["a", "b", "*", "?"]) }
                index.insert(patterns, of: Self.rank(backend))
                served[backend] = patterns
            }
            let model = text(["a", "b", "c"])
            let found = Self.candidates(index, model)
            for (backend, patterns) in served {
                let isServing = patterns.contains { ModelGlob($0).matches(model) }
                #expect(!isServing || found.contains(backend), "\(model) by \(patterns)")
            }
            #expect(found.allSatisfy { served[$0] != nil })
        }
    }
}
