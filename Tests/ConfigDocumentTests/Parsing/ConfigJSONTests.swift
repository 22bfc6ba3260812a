// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigJSONTests {
    private func parse(_ text: String) throws(ConfigSyntaxError) -> ConfigValue {
        try ConfigJSON.parse(Array(text.utf8), name: "t").root
    }

    @Test(
        arguments: [
            ("null", .null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12), ("1.5", 1.5),
            ("1.0", .number(1)), ("1e2", .number(100)), ("2E-1", 0.2), ("-1.5e+3", -1500.0),
            ("1e-300", .number(1e-300)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u20AC""#, "é€"),
            (#""\ud83d\ude00""#, "😀"), ("\"é😀\"", "é😀"), ("[]", []), ("{}", [:]), (" [ 1 , [ ] ] \n", [1, []]),
            (#"{ "a" : 1 , "b" : { } }"#, ["a": 1, "b": [:]]), ("\u{FEFF}1", 1), ("\t\r\n1", 1),
        ] as [(String, ConfigValue)])
    func `JSON gives the value it writes`(text: String, value: ConfigValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        arguments: [
            ("", 1, 1, "expected a value, found the end of the text"),
            ("{", 1, 2, "expected a key in double quotes, found the end of the text"),
            ("{\"a\": 1,}", 1, 9, "expected a key in double quotes, found \"}\""),
            ("{a: 1}", 1, 2, "expected a key in double quotes, found \"a\""),
            ("{\"a\" 1}", 1, 6, "expected \":\", found \"1\""), ("{\"a\": 1 \"b\"", 1, 9, "expected \",\" or \"}\""),
            ("[1,]", 1, 4, "expected a value, found \"]\""), ("[1 2]", 1, 4, "expected \",\" or \"]\", found \"2\""),
            ("[\n  1,\n  é]", 3, 3, "expected a value, found \"é\""), ("1 1", 1, 3, "expected the end of the text"),
            ("nul", 1, 1, "expected a value"), ("True", 1, 1, "expected a value"), ("'a'", 1, 1, "expected a value"),
            ("+1", 1, 1, "expected a value"), ("01", 1, 2, "expected the end of the text"),
            ("1.", 1, 3, "expected a digit"),
            (".5", 1, 1, "expected a value"), ("1e", 1, 3, "expected a digit"), ("-", 1, 2, "expected a digit"),
            ("NaN", 1, 1, "expected a value"), ("1e400", 1, 1, "the number is too large"),
            ("[9223372036854775808]", 1, 2, "the integer is not between -9223372036854775808 and 9223372036854775807"),
            ("\"a", 1, 3, "expected the closing quote"), ("\"a\nb\"", 1, 3, "expected text; write control characters"),
            (#""\x""#, 1, 3, "expected one of"), (#""\"#, 1, 3, "expected an escape"),
            (#""\u12g4""#, 1, 6, "expected four hexadecimal digits"),
            (#""\ud83d""#, 1, 2, "this escape is half a character"),
            (#""\ude00""#, 1, 2, "this escape is half a character"),
            (#""\ud83d\u0041""#, 1, 2, "this escape is half a character"),
            (#""\u0000""#, 1, 1, "a NUL character cannot be used"), ("/* */ 1", 1, 1, "expected a value"),
        ] as [(String, Int, Int, String)])
    func `text that is not JSON is refused at the place where it stops being JSON`(
        text: String, line: Int, column: Int, problem: String
    ) {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.location.line == line)
        #expect(error?.location.column == column)
        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func `a key that stands twice is refused with both lines`() {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse("{\"a\": 1,\n \"\\u0061\": 2}") }
        #expect(error?.description == #"t:2:2: the key "a" occurs twice, first on line 1"#)
    }

    @Test func `columns count characters, not bytes`() {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(#"["é😀", x]"#) }
        #expect(error?.location.column == 8)
    }

    @Test func `text that is not UTF-8 is refused at its place`() {
        let bytes = Array("{\n \"é".utf8) + [0xFF, 0x22, 0x7D]
        let error = #expect(throws: ConfigSyntaxError.self) { try ConfigJSON.parse(bytes, name: "t") }
        #expect(error?.description == "t:2:4: the text is not UTF-8")
    }

    @Test func `nesting has a bound`() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(try parse(nested(64)).depth == 64)
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(nested(65)) }
        #expect(error?.location.column == 65)
    }

    @Test func `very deep nesting is refused, not followed`() {
        #expect(throws: ConfigSyntaxError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: ConfigSyntaxError.self) { try parse(String(repeating: #"{"a":"#, count: 200_000)) }
    }

    @Test func `the number of values has a bound`() throws {
        func list(_ count: Int) -> String { "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]" }
        #expect(try parse(list(ConfigLimits.nodes - 1)).nodeCount == ConfigLimits.nodes)
        #expect(throws: ConfigSyntaxError.self) { try parse(list(ConfigLimits.nodes)) }
    }

    @Test func `the length of the text has a bound`() throws {
        func text(_ count: Int) -> String { "\"" + String(repeating: "a", count: count - 2) + "\"" }
        #expect(try parse(text(ConfigLimits.bytes)).stringValue?.utf8.count == ConfigLimits.bytes - 2)
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text(ConfigLimits.bytes + 1)) }
        #expect(error?.description == "t:1:1: the text has 1048577 bytes; the limit is 1048576")
    }

    @Test func `every key and element has a place`() throws {
        let text = try ConfigJSON.parse(Array("{\n  \"a\": [1,\n    {\"b\": 2}]\n}".utf8), name: "t.json")
        #expect(text.location(of: [])?.description == "t.json:1:1")
        #expect(text.location(of: ["a"])?.description == "t.json:2:3")
        #expect(text.location(of: ["a", 0])?.description == "t.json:2:9")
        #expect(text.location(of: ["a", 1, "b"])?.description == "t.json:3:6")
        #expect(text.location(of: ["a", 2]) == nil)
        #expect(text.location(of: ["b"]) == nil)
    }
}
