// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigTextTests {
    private func parse(_ text: String) throws(ConfigSyntaxError) -> ConfigValue {
        try ConfigText.parse(Array(text.utf8), name: "t").root
    }

    @Test(
        arguments: [
            (#"{"a": 1}"#, ["a": 1]), ("\u{FEFF} \n [1]", [1]), ("a: 1", ["a": 1]), ("{a: 1}", ["a": 1]),
            ("[a, b]", ["a", "b"]),
            (#"{"a": "\ud83d\ude00"}"#, ["a": "😀"]), ("", .null), ("{}", [:]), ("5", 5), ("plain", "plain"),
            ("[a]", ["a"]),
        ] as [(String, ConfigValue)])
    func `JSON and YAML are told apart`(text: String, value: ConfigValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: [
        "9007199254740993", "9007199254740993.0", "-9007199254740993.00",
        "99999999999999999999.0",
    ])
    func `a whole number that a double would round is told of, however it is written`(text: String) throws {
        for document in ["{\"a\": \(text)}", "a: \(text)\n"] {
            let parsed = try ConfigText.parse(Array(document.utf8), name: "x")
            #expect(parsed.root.inexactIntegers().map(\.path) == [["a"]])
            #expect(parsed.inexactNumber(at: ["a"]) == text)
        }
    }

    @Test(arguments: ["9007199254740992.0", "1e16", "1e300", "0.1234567890123456789", "0e-400", "1.5"])
    func `a number that is meant as a double is one`(text: String) throws {
        for document in ["{\"a\": \(text)}", "a: \(text)\n"] {
            #expect(try parse(document)["a"] == Double(text).map { .number($0) })
            #expect(try parse(document).inexactIntegers().isEmpty)
        }
    }

    @Test(arguments: [
        ("1e400", "large"), ("-1e400", "large"), ("1e-400", "small"), ("-0.01E-323", "small"),
        ("0.\(String(repeating: "0", count: 400))1", "small"),
    ])
    func `a number that is too large or too small for a double is refused`(text: String, size: String) {
        for document in ["{\"a\": \(text)}", "a: \(text)\n"] {
            let error = #expect(throws: ConfigSyntaxError.self) { try parse(document) }
            #expect(error?.problem.contains("the number is too \(size) for a double") == true)
        }
    }

    @Test func `the error is that of the parser that got further`() {
        let json = #expect(throws: ConfigSyntaxError.self) { try parse(#"{"a": "\ud83d\ude00", "b": 1e400}"#) }
        #expect(json?.problem == "the number is too large for a double")
        let yaml = #expect(throws: ConfigSyntaxError.self) { try parse("{a: 1, b: *c}") }
        #expect(yaml?.problem == "the alias *c has no anchor before it")
    }

    @Test func `what is missing has the place of what is around it`() throws {
        let text = try ConfigText.parse(Array("a:\n  b:\n    c: 1\n".utf8), name: "t")
        #expect(text.nearestLocation(to: ["a", "b", "x", "y"]).description == "t:2:3")
        #expect(text.nearestLocation(to: ["a", "b", "c"]).description == "t:3:5")
        #expect(text.nearestLocation(to: ["z"]).description == "t:1:1")
    }

    @Test func `an empty text has a place`() throws {
        #expect(try ConfigText.parse([], name: "t").nearestLocation(to: ["a"]).description == "t:1:1")
    }
}
