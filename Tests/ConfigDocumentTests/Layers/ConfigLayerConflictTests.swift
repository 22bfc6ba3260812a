// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
import TestSupport
import Testing

@Suite struct ConfigLayerConflictTests {
    struct Pair: CustomTestStringConvertible {
        let one: ConfigValue
        let other: ConfigValue
        var path: ConfigPath?

        var testDescription: String { "\(one.json(pretty: false)) and \(other.json(pretty: false))" }
    }

    @Test(arguments: [
        Pair(one: ["a": 1], other: ["a": 1]),
        Pair(one: ["a": 1], other: ["b": 2]),
        Pair(one: ["a": .null], other: ["a": .null]),
        Pair(one: ["a": [1, 2]], other: ["a": [1, 2]]),
        Pair(one: ["a": ["b": 1]], other: ["a": ["c": 2]]),
        Pair(one: ["a": [:]], other: ["a": ["c": 2]]),
        Pair(one: [:], other: ["a": 1]),
    ])
    func `layers that agree or speak about different places do not conflict`(pair: Pair) {
        #expect(ConfigLayer.conflict(between: ConfigLayer(patch: pair.one), and: ConfigLayer(patch: pair.other)) == nil)
    }

    @Test(arguments: [
        Pair(one: ["a": 1], other: ["a": 2], path: ["a"]),
        Pair(one: ["a": 1], other: ["a": .null], path: ["a"]),
        Pair(one: ["a": [1]], other: ["a": [2]], path: ["a"]),
        Pair(one: ["a": 1], other: ["a": ["b": 1]], path: ["a"]),
        Pair(one: ["a": .null], other: ["a": ["b": 1]], path: ["a"]),
        Pair(one: ["a": [1]], other: ["a": [:]], path: ["a"]),
        Pair(one: ["a": ["x": 1, "b": 1]], other: ["a": ["x": 1, "b": 2]], path: ["a", "b"]),
        Pair(one: ["z": 1, "b": 1, "a": 0], other: ["b": 2, "z": 2], path: ["b"]),
        Pair(one: ["a": 1], other: 5, path: []),
    ])
    func `the first path with different values is the conflict, in either order`(pair: Pair) {
        let (one, other) = (ConfigLayer(patch: pair.one), ConfigLayer(patch: pair.other))
        #expect(ConfigLayer.conflict(between: one, and: other) == pair.path)
        #expect(ConfigLayer.conflict(between: other, and: one) == pair.path)
    }

    @Test func `a layer without patches conflicts with nothing`() {
        #expect(ConfigLayer.conflict(between: ConfigLayer(), and: ConfigLayer(patch: ["a": 1])) == nil)
    }

    @Test func `a map that replaces conflicts with what the other layer adds to it`() {
        let one = ConfigLayer(patch: ["a": .null]).merged(with: ["a": ["b": 1]])
        #expect(ConfigLayer.conflict(between: one, and: ConfigLayer(patch: ["a": ["c": 2]])) == ["a", "c"])
    }

    @Test func `a map that replaces agrees with the deletion of what it leaves out`() {
        let one = ConfigLayer(patch: ["a": .null]).merged(with: ["a": ["b": 1]])
        #expect(ConfigLayer.conflict(between: one, and: ConfigLayer(patch: ["a": ["b": 1, "c": .null]])) == nil)
    }

    @Test func `two maps that replace conflict at their first difference`() {
        let one = ConfigLayer(patch: ["a": .null]).merged(with: ["a": ["b": 1, "c": 1]])
        let other = ConfigLayer(patch: ["a": .null]).merged(with: ["a": ["b": 1]])
        #expect(ConfigLayer.conflict(between: one, and: other) == ["a", "c"])
        #expect(ConfigLayer.conflict(between: one, and: one) == nil)
    }

    @Test(arguments: 0..<600)
    func `layers conflict exactly when their order matters`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let layers = (0..<2).map { _ in
            (0..<Int.random(in: 0..<3, using: &random)).reduce(into: ConfigLayer()) { layer, _ in
                layer.merge(patch: random.patch())
            }
        }
        let target = random.map(depth: 3)
        let oneFirst = layers[1].applied(to: layers[0].applied(to: target))
        let otherFirst = layers[0].applied(to: layers[1].applied(to: target))
        let conflict = ConfigLayer.conflict(between: layers[0], and: layers[1])
        #expect((conflict == nil) == (oneFirst == otherFirst))
        #expect(conflict == ConfigLayer.conflict(between: layers[1], and: layers[0]))
    }
}
