// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
import TestSupport
import Testing

@Suite struct ConfigLayerTests {
    private func layer(_ patches: ConfigValue...) -> ConfigLayer {
        patches.reduce(into: ConfigLayer()) { $0.merge(patch: $1) }
    }

    @Test func `a layer without patches changes nothing`() {
        #expect(ConfigLayer().applied(to: 5) == 5)
        #expect(ConfigLayer().isEmpty)
        #expect(ConfigLayer().leafAssignments().isEmpty)
    }

    @Test func `an empty patch leaves a map as it is`() {
        #expect(layer([:]).isEmpty)
        #expect(layer([:]).applied(to: ["a": 1]) == ["a": 1])
    }

    @Test(arguments: [.null, 5, [1]] as [ConfigValue])
    func `a map after something else replaces what is below`(earlier: ConfigValue) {
        let layer = layer(["a": earlier], ["a": ["b": 1]])
        #expect(layer.applied(to: ["a": ["c": 2]]) == ["a": ["b": 1]])
    }

    @Test func `a map after a map merges with what is below`() {
        #expect(
            layer(["a": ["b": 1]], ["a": ["d": 2]]).applied(to: ["a": ["c": 3]]) == ["a": ["b": 1, "c": 3, "d": 2]])
    }

    @Test func `a null still deletes what is below`() {
        #expect(layer(["a": ["b": 1]], ["a": ["b": .null]]).applied(to: ["a": ["b": 2, "c": 3]]) == ["a": ["c": 3]])
    }

    @Test func `a null inside a map that replaces is gone`() {
        #expect(layer(["a": .null], ["a": ["b": .null, "c": 1]]).applied(to: [:]) == ["a": ["c": 1]])
    }

    @Test func `a deleted root becomes null, and a map after it starts from nothing`() {
        #expect(layer(.null).applied(to: ["a": 1]) == .null)
        #expect(layer(.null, ["b": 1]).applied(to: ["a": 1]) == ["b": 1])
    }

    @Test(arguments: 0..<400)
    func `a layer is the same after it was at most two patches`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var layer = ConfigLayer()
        for _ in 0..<Int.random(in: 0...4, using: &random) { layer.merge(patch: random.patch()) }
        let patches = layer.patches
        #expect(ConfigLayer(patches: patches) == layer)
        #expect(patches.count <= 2)
    }

    @Test(arguments: 0..<400)
    func `a layer equals its patches one after the other`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let target = random.map(depth: 3)
        let patches = (0..<4).map { _ in random.patch() }
        var layer = ConfigLayer()
        var expected = target
        for patch in patches {
            layer.merge(patch: patch)
            expected = expected.merged(with: patch)
            #expect(layer.applied(to: target) == expected)
        }
    }

    @Test(arguments: 0..<200)
    func `the same patch twice changes nothing`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var layer = layer(random.patch(), random.patch())
        let patch = random.patch()
        layer.merge(patch: patch)
        #expect(layer.merged(with: patch) == layer)
    }

    @Test func `assignments are sorted, with null for a deletion`() {
        let layer = layer(["b": ["d": .null, "c": [1]], "a": .null], ["a": ["x": 1], "e": [:]])
        let assignments = layer.leafAssignments()
        #expect(assignments.map(\.0) == [["a", "x"], ["b", "c"], ["b", "d"], ["e"]])
        #expect(assignments.map(\.1) == [1, [1], .null, [:]])
    }

    @Test func `places are counted`() {
        #expect(layer(["a": .null, "b": [1, 2], "c": ["d": 1]]).nodeCount == 7)
        #expect(ConfigLayer().nodeCount == 0)
    }

    @Test(
        arguments: [
            (["a"], true), (["a", "b"], true), (["a", "x"], false), (["l"], true), (["l", "inside"], true),
            (["n"], true),
            (["other"], false), ([], true), ([0], false),
        ] as [(ConfigPath, Bool)])
    func `a layer counts for the paths that it sets, deletes or replaces`(path: ConfigPath, assigns: Bool) {
        #expect(layer(["a": ["b": 1], "l": [1], "n": .null]).assigns(path) == assigns)
    }

    @Test func `a layer without patches has no say`() {
        #expect(!ConfigLayer().assigns([]))
    }
}
