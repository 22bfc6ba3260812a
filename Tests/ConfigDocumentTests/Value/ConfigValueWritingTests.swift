// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
import TestSupport
import Testing
import TextKeys

@Suite struct ConfigValueWritingTests {
    private let value: ConfigValue = [
        "b": [1, 2.0, .null, [:], []], "a": ["text": "x\n\"", "on": true, "list": [["k": 1, "l": [[2]]]]],
    ]

    @Test func `JSON in one line has sorted keys and no spaces`() {
        #expect(
            value.json(pretty: false)
                == #"{"a":{"list":[{"k":1,"l":[[2]]}],"on":true,"text":"x\n\""},"b":[1,2.0,null,{},[]]}"#)
    }

    @Test func `pretty JSON has a member a line`() {
        #expect(
            ConfigValue.map(["b": [1, [:]], "a": "x"]).json(pretty: true) == """
                {
                  "a": "x",
                  "b": [
                    1,
                    {}
                  ]
                }
                """)
    }

    @Test func `YAML is written in blocks with sorted keys`() {
        #expect(
            value.yaml() == """
                a:
                  list:
                    - k: 1
                      l:
                        - - 2
                  "on": true
                  text: "x\\n\\""
                b:
                  - 1
                  - 2.0
                  - null
                  - {}
                  - []

                """)
    }

    @Test(
        arguments: [
            (.null, "null\n"), (.map([:]), "{}\n"), (.list([]), "[]\n"), ("x", "x\n"), (1, "1\n"),
        ] as [(ConfigValue, String)])
    func `a value alone is a line`(value: ConfigValue, text: String) {
        #expect(value.yaml() == text)
    }

    @Test(arguments: [
        "", "yes", "No", "ON", "off", "y", "n", "true", "null", "~", "1", "0x1", "1.5", "-1", "1e3", ".inf",
        "2024-01-01", "12:30",
        "a: b", "a #b", "a:", "- a", "a ", " a", "a\nb", "&a", "*a", "!a", "%a", "@a", "`a", "{a", "[a", "a]", "#a",
        "'a'", "|",
        ">", "<<", "=", "?", "---", "...", "é",
    ])
    func `text that could be read as something else is quoted`(text: String) {
        #expect(ConfigValue.string(text).yaml().first == "\"")
    }

    @Test(arguments: ["a", "a b", "/usr/bin/x", "http://h:80/p", "a-b_c.d", "_x", "a,b", "user@host", "a=b"])
    func `plain words stay plain`(text: String) {
        #expect(ConfigValue.string(text).yaml() == text + "\n")
    }

    @Test(arguments: [Double.nan, .infinity])
    func `a number that is not finite is written as null`(number: Double) {
        #expect(ConfigValue.number(number).json(pretty: false) == "null")
        #expect(ConfigValue.number(number).yaml() == "null\n")
    }

    @Test(arguments: [
        0.1, 1.0, -0.0, 1e16, 1e300, .leastNonzeroMagnitude, 1.7976931348623157e308, 123_456_789.123_456_79, 1e-5,
        0x1p53,
    ])
    func `a number reads back as the same number`(number: Double) throws {
        let json = try ConfigJSON.parse(Array(ConfigValue.number(number).json(pretty: false).utf8), name: "t").root
        let yaml = try YAMLDocument.parse(Array(ConfigValue.number(number).yaml().utf8), name: "t").root
        #expect(json == .number(number))
        #expect(yaml == .number(number))
    }

    @Test func `a very long key reads back`() throws {
        let key = String(repeating: "k", count: 5000)
        let value: ConfigValue = ["outer": .map([key: ["a": [1, [:]]], "x" + key: 1])]
        #expect(try YAMLDocument.parse(Array(value.yaml().utf8), name: "t").root == value)
    }

    @Test(arguments: 0..<300)
    func `whatever is written reads back`(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let value = random.document(depth: 5)
        #expect(try ConfigJSON.parse(Array(value.json(pretty: false).utf8), name: "t").root == value)
        #expect(try ConfigJSON.parse(Array(value.json(pretty: true).utf8), name: "t").root == value)
        #expect(try YAMLDocument.parse(Array(value.yaml().utf8), name: "t").root == value)
        #expect(try YAMLDocument.parse(Array(value.json(pretty: true).utf8), name: "t").root == value)
    }
}
