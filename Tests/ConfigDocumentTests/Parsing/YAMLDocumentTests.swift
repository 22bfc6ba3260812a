// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
import TextKeys

@Suite struct YAMLDocumentTests {
    private func parse(_ text: String) throws(ConfigSyntaxError) -> ConfigValue {
        try YAMLDocument.parse(Array(text.utf8), name: "t").root
    }

    @Test(
        arguments: [
            ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("true", true), ("TRUE", true),
            ("False", false),
            ("0", 0), ("-17", -17), ("+3", 3), ("0x1F", 31), ("0o17", 15), ("1.5", 1.5), ("1.", .number(1)),
            (".5", 0.5),
            ("-.5e1", -5.0), ("1e3", .number(1000)), ("1E-2", 0.01), ("+1.0", .number(1)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1e-300", .number(1e-300)),
        ] as [(String, ConfigValue)])
    func `a plain scalar has the kind of the core schema`(text: String, value: ConfigValue) throws {
        #expect(try parse(text) == value)
        #expect(try parse("a: \(text)") == .map(["a": value]))
    }

    @Test(arguments: [
        "yes", "no", "on", "off", "Yes", "y", "nULL", "tRUE", "0x", "0xg", "0o8", "-0x1", "1_000", "1:30", "1e", "e1",
        ".", "-", "+",
        "1.2.3", "2024-01-01", "1-2", "--1", ".e1", "0b1", "inf", "nan", "1 2", "a.inf", "<<", "=", "１",
    ])
    func `a plain scalar that is nothing else is text`(text: String) throws {
        #expect(try parse("[\(text)]") == [.string(text)])
    }

    @Test(arguments: [
        "'1'", "\"true\"", "'null'", "\"\"", "|\n  1", ">-\n  ~", "! '1'", "! 1", "!!str 1", "!!str true", "!!str",
    ])
    func `a quoted scalar is text`(text: String) throws {
        #expect(try parse("a: \(text)")[["a"]]?.stringValue != nil)
    }

    @Test(
        arguments: [
            ("!!int 1", 1), ("!!int \"5\"", 5), ("!!float 1", .number(1)), ("!!float 1.5", 1.5),
            ("!!bool \"true\"", true),
            ("!!null ''", .null), ("!!map {}", [:]), ("!!seq []", []), ("! [1]", [1]), ("!!str null", "null"),
        ] as [(String, ConfigValue)])
    func `a core tag gives the kind it names`(text: String, value: ConfigValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        arguments: [
            ("!!int x", #""x" is not a valid int"#), ("!!int 1.5", #""1.5" is not a valid int"#),
            ("!!bool 1", #""1" is not a valid bool"#),
            ("!!null x", #""x" is not a valid null"#), ("!mine x", #"the tag "!mine" is not supported here"#),
            ("!!binary aGk=", #"the tag "tag:yaml.org,2002:binary" is not supported here"#),
            ("!!set {a}", #"the tag "tag:yaml.org,2002:set" cannot be used for a map"#),
            ("!!map []", #"the tag "tag:yaml.org,2002:map" cannot be used for a list"#),
            (".inf", ".inf cannot be used as a number here; quote it to make it text"),
            ("-.INF", "-.INF cannot be used as a number here; quote it to make it text"),
            (".NaN", ".NaN cannot be used as a number here; quote it to make it text"),
            (
                "9223372036854775808",
                "the integer is not between -9223372036854775808 and 9223372036854775807; quote it to make it text"
            ),
            (
                "0x8000000000000000",
                "the integer is not between -9223372036854775808 and 9223372036854775807; quote it to make it text"
            ),
            ("1e400", "the number is too large for a double"),
            ("0644", "a number must not begin with 0: write 0o for octal, or quote it to make it text"),
            (#""\0""#, "a NUL character cannot be used in text"),
            ("*a", "the alias *a has no anchor before it"), ("&a [*a]", "the alias *a is inside its own anchor"),
            ("&a 1\n--- 2", "there is more than one document; one is expected"),
        ])
    func `what is not supported is refused in clear words`(text: String, problem: String) {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.problem == problem)
    }

    @Test func `maps and lists nest in block and in flow style`() throws {
        let text = """
            # a comment
            backends:
              - name: one   # another
                config: {a: [1, "x"], b: {}}
              -
                name: two
            empty:
            text: |
              first
              second
            """
        #expect(
            try parse(text) == [
                "backends": [["name": "one", "config": ["a": [1, "x"], "b": [:]]], ["name": "two"]], "empty": .null,
                "text": "first\nsecond",
            ])
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "--- # nothing\n...\n", "\u{FEFF}"])
    func `an empty document is null`(text: String) throws {
        #expect(try parse(text) == .null)
    }

    @Test func `a version and an end of document are accepted`() throws {
        #expect(try parse("%YAML 1.2\n---\na: 1\n...\n") == ["a": 1])
    }

    @Test func `a byte order mark is skipped`() throws {
        #expect(try parse("\u{FEFF}a: 1") == ["a": 1])
    }

    @Test func `keys are text, whatever they look like`() throws {
        #expect(try parse("1: a\ntrue: b\n'': c\n\"<<\": d") == ["1": "a", "true": "b", "": "c", "<<": "d"])
    }

    @Test(
        arguments: [
            ("[a]: 1", "a key must be text, not a list or a map"),
            ("{a: 1}: 1", "a key must be text, not a list or a map"),
            ("? [a]\n: 1", "a key must be text, not a list or a map"),
            ("?\n: 1", "a key is empty or null; quote it to make it text"),
            ("~: 1", "a key is empty or null; quote it to make it text"),
            ("a: &a {x: 1}\nb:\n  <<: *a", "merge keys (<<) are not supported; write the keys out, or quote \"<<\""),
            ("a: &a [1]\n*a : 1", "a key must be text; *a is not"),
        ])
    func `a key of another kind is refused`(text: String, problem: String) {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.problem == problem)
    }

    @Test func `a key that stands twice is refused with both lines`() {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse("a:\n  b: 1\n  c: 2\n  'b': 3") }
        #expect(error?.description == #"t:4:3: the key "b" occurs twice, first on line 2"#)
    }

    @Test func `an alias repeats what its anchor names`() throws {
        #expect(
            try parse("a: &x {k: [1]}\nb: *x\nc: &s text\n*s : *s")
                == ["a": ["k": [1]], "b": ["k": [1]], "c": "text", "text": "text"])
    }

    @Test func `the anchor of a key can be repeated`() throws {
        #expect(try parse("&k a: *k") == ["a": "a"])
    }

    @Test func `the last anchor of a name counts`() throws {
        #expect(try parse("[&a 1, &a 2, *a]") == [1, 2, 2])
        #expect(try parse("&a [&a 1, *a]") == [1, 1])
    }

    @Test func `aliases that multiply are refused`() {
        let levels = (1...9).map {
            "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ","))]"
        }
        let error = #expect(throws: ConfigSyntaxError.self) {
            try parse((["l0: &l0 [x,x,x,x,x,x,x,x,x]"] + levels).joined(separator: "\n"))
        }
        #expect(error?.problem.hasPrefix("there are more than 100000 values") == true)
        #expect(error?.location.line == 6)
    }

    @Test func `an alias that repeats long text is refused`() {
        let text = "a: &a \(String(repeating: "x", count: 500_000))\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a]"
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.location.line == 2)
    }

    @Test func `nesting has a bound, in flow and block style and through aliases`() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(try parse(nested(64)).depth == 64)
        #expect(throws: ConfigSyntaxError.self) { try parse(nested(65)) }
        #expect(throws: ConfigSyntaxError.self) { try parse(String(repeating: "- ", count: 65) + "1") }
        #expect(throws: ConfigSyntaxError.self) {
            try parse("[&a \(nested(40)), \(String(repeating: "[", count: 30))*a")
        }
    }

    @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "!!seq [", "&a [", "|", "[[a]: "])
    func `very deep or long nonsense is refused`(piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count)
        #expect(throws: ConfigSyntaxError.self) { try parse(text) }
    }

    @Test(
        arguments: [
            ("a: [1", 1, 6), ("a: 1\nb: c: d", 2, 5), ("a: 'x", 1, 6), ("\ta: 1", 1, 1), ("a: [1\n", 2, 1),
            ("a: 1\n b: 2", 2, 3), ("a: @x", 1, 4), ("é: @x", 1, 4), ("a: \u{1}", 1, 4), ("%YAML 2.0\n---\na", 1, 1),
        ] as [(String, Int, Int)])
    func `broken YAML is refused at its place`(text: String, line: Int, column: Int) {
        let error = #expect(throws: ConfigSyntaxError.self) { try parse(text) }
        #expect(error?.location == .init(name: "t", line: line, column: column), "\(String(describing: error))")
        #expect(error?.problem.isEmpty == false)
    }

    @Test func `text that is not UTF-8 is refused at its place`() {
        let error = #expect(throws: ConfigSyntaxError.self) {
            try YAMLDocument.parse([0x61, 0x3A, 0x0A, 0x20, 0xC3, 0x28], name: "t")
        }
        #expect(error?.description == "t:2:2: the text is not UTF-8")
    }

    @Test func `a long text is refused`() {
        let bytes = [UInt8](repeating: 0x20, count: ConfigLimits.bytes + 1)
        #expect(throws: ConfigSyntaxError.self) { try YAMLDocument.parse(bytes, name: "t") }
    }

    @Test func `every key and element has a place`() throws {
        let text = try YAMLDocument.parse(Array("a: 1\nb:\n  - x\n  - c: &k {d: 1}\n    e: *k\n".utf8), name: "f.yaml")
        #expect(text.location(of: [])?.description == "f.yaml:1:1")
        #expect(text.location(of: ["b"])?.description == "f.yaml:2:1")
        #expect(text.location(of: ["b", 0])?.description == "f.yaml:3:5")
        #expect(text.location(of: ["b", 1, "c", "d"])?.description == "f.yaml:4:12")
        #expect(text.location(of: ["b", 1, "e"])?.description == "f.yaml:5:5")
        #expect(text.location(of: ["b", 1, "e", "d"])?.description == "f.yaml:4:12")
        #expect(text.location(of: ["b", "c"]) == nil)
    }
}
