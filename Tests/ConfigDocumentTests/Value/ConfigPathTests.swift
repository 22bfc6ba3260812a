// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigPathTests {
    static let writings: [(ConfigPath, String)] = [
        (["connection", "hostname"], "connection.hostname"),
        (["models", 2, "name"], "models[2].name"),
        (["a.b", "c"], #""a.b".c"#),
        (["a", ""], #"a."""#),
        (["say \"hi\"", "back\\slash"], #""say \"hi\""."back\\slash""#),
        (["line\nend\r\t\u{1}"], #""line\nend\r\t\u0001""#),
        ([0, 1], "[0][1]"),
        (["größe"], "größe"),
        (["a b", "x=y", "[0]"], #""a b"."x=y"."[0]""#),
    ]

    @Test(arguments: writings)
    func `a path is written with dots, indices and quotes`(path: ConfigPath, text: String) {
        #expect(path.description == text)
    }

    @Test(arguments: writings)
    func `what is written reads back`(path: ConfigPath, text: String) throws {
        #expect(try ConfigPath(parsing: text) == path)
    }

    @Test func `the path of everything is written as nothing`() {
        #expect(ConfigPath([]).description == "")
    }

    @Test(arguments: ["a/b.c@d", "x:y", "$HOME"])
    func `characters without a meaning need no quotes`(text: String) throws {
        #expect(try ConfigPath(parsing: text).components.count == text.split(separator: ".").count)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a[1", "a[99999999999999999999]", "a b", "a=b",
        "\"a",
        "\"a\"b", #""\x""#, #""\u12""#, #""\ud800""#, "a]", "a\"b\"", "a[0]b", "a\n",
    ])
    func `what is not a path is refused with its text`(text: String) {
        let error = #expect(throws: ConfigPathError.self) { try ConfigPath(parsing: text) }
        #expect(error?.path == text)
        #expect(error?.description.hasPrefix("cannot read the path ") == true)
    }

    @Test func `a path has a bound`() {
        #expect(throws: ConfigPathError.self) { try ConfigPath(parsing: "a" + String(repeating: ".a", count: 64)) }
        #expect(throws: Never.self) { try ConfigPath(parsing: "a" + String(repeating: ".a", count: 63)) }
    }

    @Test func `paths sort by components, indices by number and before keys`() {
        let sorted: [ConfigPath] = [[], [2], [10], ["a"], ["a", 1], ["a", "b"], ["b"]]
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func `a path starts with itself and with what leads to it`() {
        let path: ConfigPath = ["a", 1, "b"]
        #expect(path.starts(with: []))
        #expect(path.starts(with: ["a", 1]))
        #expect(path.starts(with: path))
        #expect(!path.starts(with: ["a", "1"]))
        #expect(!path.starts(with: path.appending("c")))
    }

    @Test func `paths append to each other`() {
        #expect(ConfigPath(["a"]).appending(["b", 0] as ConfigPath) == ["a", "b", 0])
        #expect(ConfigPath([]).isEmpty)
    }
}
