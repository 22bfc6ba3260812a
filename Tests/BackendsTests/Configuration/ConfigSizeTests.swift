// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Testing

@Suite struct ConfigSizeTests {
    private static let none = ConfigSize.Limit(nodes: .max, depth: .max, bytes: .max)

    @Test func `values, their levels and their text are counted`() {
        let size = ConfigSize(of: ["a": ["x", 1], "bc": ["d": .null]], limit: Self.none)
        // The map, a list with two elements, a map with one.
        #expect(size.nodes == 6)
        #expect(size.depth == 2)
        #expect(size.bytes == 6 * 16 + "a".count + "x".count + "bc".count + "d".count)
    }

    @Test func `a scalar is one node on level 0`() {
        let size = ConfigSize(of: true, limit: Self.none)
        #expect((size.nodes, size.depth, size.bytes) == (1, 0, 16))
    }

    @Test(arguments: [
        (ConfigSize.Limit(nodes: 3, depth: 1, bytes: 50), false),
        (ConfigSize.Limit(nodes: 2, depth: 1, bytes: 50), true),
        (ConfigSize.Limit(nodes: 3, depth: 0, bytes: 50), true),
        (ConfigSize.Limit(nodes: 3, depth: 1, bytes: 49), true),
    ])
    func `each part of a limit holds, and a value at the limit fits`(limit: ConfigSize.Limit, exceeds: Bool) {
        #expect(ConfigSize(of: ["a", "b"], limit: limit).exceeds(limit) == exceeds)
    }

    @Test func `counting stops once the limit is exceeded`() {
        let limit = ConfigSize.Limit(nodes: 10, depth: 8, bytes: .max)
        let size = ConfigSize(of: .list(Array(repeating: "x", count: 100_000)), limit: limit)
        #expect(size.exceeds(limit))
        let deep = (0..<1000).reduce(ConfigValue.null) { value, _ in .list([value]) }
        #expect(ConfigSize(of: deep, limit: limit).nodes == 10)
    }

    @Test func `a layer counts its deletions, and shared parts of its paths once`() {
        var size = ConfigSize()
        size.add(ConfigLayer(patch: ["a": ["b": 1, "c": .null]]), limit: Self.none)
        // The keys a, b and c, and two values.
        #expect(size.nodes == 5)
        #expect(size.bytes == 5 * 16 + "abc".count)
    }
}
