// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite struct ModelGlobTests {
    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("*", "", true), ("*", "anything", true),
        ("", "", true),
        ("", "a", false), ("?", "a", true), ("?", "", false), ("?", "ab", false), ("a*", "a", true),
        ("a*", "abc", true),
        ("a*c", "abc", true), ("a*c", "abcd", false), ("*b*", "abc", true), ("**", "x", true), ("a?c", "abc", true),
        ("*ab", "aab", true), ("*ab", "aba", false), ("a*b*c", "a-b-b-c", true), ("granite-*", "granite", false),
        ("é", "é", true), ("??", "é", true), ("?", "é", false),
    ])
    func `a pattern matches the whole ID, byte by byte`(pattern: String, text: String, matches: Bool) {
        #expect(ModelGlob(pattern).matches(text) == matches)
    }

    @Test func `a pattern of many stars takes time in proportion to the text`() {
        let pattern = ModelGlob(String(repeating: "*a", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }

    @Test(arguments: [("a", false), ("a*", true), ("?", true), ("", false), ("a.b", false)])
    func `a star or a question mark makes a pattern`(text: String, isPattern: Bool) {
        #expect(ModelGlob.isPattern(text) == isPattern)
    }

    @Test(arguments: 0..<300) func `patterns that match one text may overlap`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        func text(_ letters: [Character], _ count: Int) -> String {
            String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
        }
        let patterns = (0..<2).map { _ in text(["a", "b", "*", "?"], Int.random(in: 1...5, using: &random)) }
        let (one, other) = (ModelGlob(patterns[0]), ModelGlob(patterns[1]))
        #expect(one.mayOverlap(other) == other.mayOverlap(one), "\(patterns)")
        for length in 0...5 {
            let text = text(["a", "b"], length)
            if one.matches(text), other.matches(text) { #expect(one.mayOverlap(other), "\(patterns) match \(text)") }
        }
    }
}
