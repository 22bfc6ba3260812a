// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigPatternTests {
    @Test(
        arguments: [
            ("[a-z][a-z0-9-]{0,62}", "a"), ("[a-z][a-z0-9-]{0,62}", "llama-3"), ("[A-Z][A-Z0-9_]*", "LOCAL_2"),
            ("a?b+", "bbb"), ("a{2}", "aa"), ("[^/]+", "a b"), (#"\[x\]"#, "[x]"), ("[a-z]*[a-z0-9]*z", "abc1z"),
            ("", ""),
            ("[+-]?[0-9]+", "-12"), (#"[\]a]+"#, "]a"), ("[a-]+", "a-"), ("a{1,2}b", "aab"),
        ])
    func `text matches as a whole`(pattern: String, text: String) throws {
        #expect(try #require(ConfigPattern(parsing: pattern)).matches(text))
    }

    @Test(
        arguments: [
            ("[a-z][a-z0-9-]{0,62}", ""), ("[a-z][a-z0-9-]{0,62}", "Llama"), ("[a-z][a-z0-9-]{0,62}", "a_b"),
            ("a?b+", "aab"), ("a{2}", "a"), ("a{2}", "aaa"), ("[^/]+", "a/b"), ("", "x"), ("abc", "xabcx"),
            ("[a-z]+", "é"),
        ])
    func `text that differs anywhere does not match`(pattern: String, text: String) throws {
        #expect(try !#require(ConfigPattern(parsing: pattern)).matches(text))
    }

    @Test func `the longest name still matches, one more character does not`() {
        let pattern: ConfigPattern = "[a-z][a-z0-9-]{0,62}"
        #expect(pattern.matches(String(repeating: "a", count: 63)))
        #expect(!pattern.matches(String(repeating: "a", count: 64)))
    }

    @Test func `very long text never matches`() {
        let pattern: ConfigPattern = "a*a*a*"
        #expect(pattern.matches(String(repeating: "a", count: ConfigPattern.maximumLength)))
        #expect(!pattern.matches(String(repeating: "a", count: ConfigPattern.maximumLength + 1)))
    }

    @Test(arguments: [
        "(a)", "a|b", "[", "[]", "[z-a]", "*", "a{", "a{2", "a{2,1}", "a{-1}", "a{x}", "a{1,2,3}", "\\", "a**", "^a",
        "a$", ".",
        "é", "[a\\", "[a-\\]]",
    ])
    func `what is not a pattern is refused`(pattern: String) {
        #expect(ConfigPattern(parsing: pattern) == nil)
    }

    @Test func `a pattern is written as it was given`() {
        #expect(ConfigPattern(parsing: "[a-z]+")?.description == "[a-z]+")
    }

    @Test(
        arguments: [
            ("b", "abc"), ("a.*c", "xxabbbcxx"), ("x[0-9]+y", "x1x22y"), ("", ""), ("", "a"), ("a{2}", "baab"),
            (#"1\.5"#, "is 1.5 now"), ("ready.?", "not ready"), ("a*b", "ccb"),
        ])
    func `text holds a pattern anywhere`(pattern: String, text: String) throws {
        #expect(try #require(ConfigPattern(searching: pattern)).isFound(in: text))
    }

    @Test(
        arguments: [
            ("b", ""), ("a.c", "ac"), ("x[0-9]+y", "x1x"), ("a{3}", "baab"), (#"1\.5"#, "is 125 now"),
            ("abc", "ababab"),
        ])
    func `text without it does not`(pattern: String, text: String) throws {
        #expect(try !#require(ConfigPattern(searching: pattern)).isFound(in: text))
    }

    @Test func `only the begin of a long text is searched`() throws {
        let pattern = try #require(ConfigPattern(searching: "a.*b"))
        let filling = String(repeating: "x", count: ConfigPattern.searchedLength - 2)
        #expect(!pattern.isFound(in: "a" + filling + "xb"))
        #expect(try #require(ConfigPattern(searching: "x.?b")).isFound(in: "a" + filling + "b"))
    }
}
