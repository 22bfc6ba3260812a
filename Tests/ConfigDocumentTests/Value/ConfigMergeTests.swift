// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigMergeTests {
    struct Example: CustomTestStringConvertible {
        let target: ConfigValue
        let patch: ConfigValue
        let result: ConfigValue

        var testDescription: String { "\(target.json(pretty: false)) with \(patch.json(pretty: false))" }
    }

    /// The cases that RFC 7396 lists, and those around them.
    static let examples: [Example] = [
        Example(target: ["a": "b"], patch: ["a": "c"], result: ["a": "c"]),
        Example(target: ["a": "b"], patch: ["b": "c"], result: ["a": "b", "b": "c"]),
        Example(target: ["a": "b"], patch: ["a": .null], result: [:]),
        Example(target: ["a": "b", "b": "c"], patch: ["a": .null], result: ["b": "c"]),
        Example(target: ["a": ["b"]], patch: ["a": "c"], result: ["a": "c"]),
        Example(target: ["a": "c"], patch: ["a": ["b"]], result: ["a": ["b"]]),
        Example(target: ["a": ["b": "c"]], patch: ["a": ["b": "d", "c": .null]], result: ["a": ["b": "d"]]),
        Example(target: ["a": [["b": "c"]]], patch: ["a": [1]], result: ["a": [1]]),
        Example(target: ["a", "b"], patch: ["c", "d"], result: ["c", "d"]),
        Example(target: ["a": "b"], patch: ["c"], result: ["c"]),
        Example(target: ["a": "foo"], patch: .null, result: .null),
        Example(target: ["a": "foo"], patch: "bar", result: "bar"),
        Example(target: ["e": .null], patch: ["a": 1], result: ["e": .null, "a": 1]),
        Example(target: [1, 2], patch: ["a": "b", "c": .null], result: ["a": "b"]),
        Example(target: [:], patch: ["a": ["bb": ["ccc": .null]]], result: ["a": ["bb": [:]]]),
        Example(target: ["a": 1], patch: ["a": [.null]], result: ["a": [.null]]),
        Example(target: ["a": 5], patch: ["a": [:]], result: ["a": [:]]),
        Example(target: ["a": ["b": 1]], patch: ["a": [:]], result: ["a": ["b": 1]]),
        Example(target: .null, patch: [:], result: [:]),
    ]

    @Test(arguments: examples)
    func `a merge patch applies as the RFC says`(example: Example) {
        #expect(example.target.merged(with: example.patch) == example.result)
    }

    @Test(arguments: examples)
    func `a layer of one patch applies as the patch`(example: Example) {
        #expect(ConfigLayer(patch: example.patch).applied(to: example.target) == example.result)
    }

    @Test func `a path and a value make a patch`() {
        #expect(ConfigValue.patch(setting: ["a", "b.c"], to: 1) == ["a": ["b.c": 1]])
        #expect(ConfigValue.patch(setting: [], to: 1) == 1)
    }

    @Test func `a path into a list makes no patch`() {
        #expect(ConfigValue.patch(setting: ["a", 0], to: 1) == nil)
    }
}
