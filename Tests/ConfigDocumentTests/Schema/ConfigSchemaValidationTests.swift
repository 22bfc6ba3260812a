// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
import TextKeys

@Suite struct ConfigSchemaValidationTests {
    private func messages(_ value: ConfigValue, at root: ConfigPath = []) -> [String] {
        ConfigSchema.example.violations(in: value, at: root).map(\.description)
    }

    @Test func `a configuration with every key is valid`() {
        let value: ConfigValue = [
            "address": "::", "port": 1, "ratio": 1, "verbose": true, "timeout": "1m", "level": "low", "name": "abc",
            "password": "p", "tags": ["a"], "limits": ["x": 1], "extra": [.null], "tls": ["key": "k", "depth": 1.0],
            "models": [["id": "m", "copies": 2, "env": ["A": "b"]]],
        ]
        #expect(messages(value).isEmpty)
    }

    @Test func `a required key that is missing is named`() {
        #expect(messages([:]) == ["address: is missing, expected a string"])
    }

    @Test func `an unknown key names the one that was probably meant`() {
        #expect(messages(["address": "a", "prot": 1]) == [#"prot: unknown key; did you mean "port"?"#])
        #expect(messages(["address": "a", "Time-Out": 1]) == [#"Time-Out: unknown key; did you mean "timeout"?"#])
    }

    @Test func `an unknown key that is near nothing names some that are known`() {
        let message = messages(["address": "a", "zzzzzz": 1]).first
        #expect(message?.hasPrefix("zzzzzz: unknown key; known here: address, port, ") == true)
        #expect(message?.hasSuffix(", …") == true)
    }

    @Test func `a schema without keys says so`() {
        #expect(
            ConfigSchema(fields: []).violations(in: ["a": 1]).map(\.message) == ["unknown key; no keys are known here"])
    }

    @Test func `other keys pass if the schema allows them`() {
        let schema = ConfigSchema(fields: ConfigSchema.tls.fields, allowsOtherKeys: true)
        #expect(schema.violations(in: ["key": "k", "other": [1]]).isEmpty)
    }

    @Test(
        arguments: [
            ("port", "x", #"is the string "x", expected an integer from 1 to 65535"#),
            ("port", 0, "is the number 0, expected an integer from 1 to 65535"),
            ("port", 1.5, "is the number 1.5, expected an integer from 1 to 65535"),
            ("ratio", 2, "is the number 2, expected a number from 0.0 to 1.0"),
            ("ratio", true, "is true, expected a number from 0.0 to 1.0"),
            ("verbose", "yes", #"is the string "yes", expected true or false"#),
            ("timeout", 30, #"is the number 30, expected a duration such as "30s""#),
            (
                "timeout", "30",
                #"is the string "30", expected a duration: a number needs a unit: d, h, m, s, ms, us or ns"#
            ),
            ("timeout", "2m", #"is the string "2m", expected a duration from 0s to 1m"#),
            ("level", "mid", #"is the string "mid", expected one of "low", "high""#),
            ("level", 3, #"is the number 3, expected one of "low", "high""#),
            ("name", "ABC", #"is the string "ABC", expected text that matches [a-z]+"#),
            ("address", "", #"is the string "", expected 1 to 8 characters"#),
            ("address", .null, "is null, expected a string"),
            ("tags", "a", #"is the string "a", expected a list with a string in each place"#),
            ("limits", [], "is a list, expected a map with an integer under each key"),
            ("tls", true, "is true, expected a map"),
        ] as [(String, ConfigValue, String)])
    func `a value of the wrong kind or range says what it is and what is expected`(
        key: String, value: ConfigValue, message: String
    ) {
        let found = ConfigSchema.example.violations(in: .map(TextMap(["address": "a"]).merged(with: [key: value])))
        #expect(found == [ConfigViolation(path: [.key(key)], message: message)])
    }

    @Test func `a violation inside lists and maps has its whole path`() {
        let value: ConfigValue = [
            "address": "a", "tags": ["x", 1], "limits": ["a.b": "y"],
            "models": [["id": "m"], ["id": 1, "env": ["A": .null]]],
        ]
        #expect(
            ConfigSchema.example.violations(in: value).map(\.path) == [
                ["tags", 1], ["limits", "a.b"], ["models", 1, "id"], ["models", 1, "env", "A"],
            ])
    }

    @Test func `paths begin at the given root`() {
        #expect(messages([:], at: ["config"]) == ["config.address: is missing, expected a string"])
    }

    @Test func `a configuration that is not a map is one violation`() {
        #expect(messages([]) == ["is a list, expected a map"])
    }

    @Test func `the value of a secret is never shown`() {
        let schema = ConfigSchema(fields: [
            ConfigField("token", .string(ConfigStringRule(pattern: "x+")), "", isSecret: true),
            ConfigField("wait", .duration(), "", isSecret: true),
            ConfigField("pin", .object(ConfigSchema(fields: [ConfigField("code", .bool, "")])), "", isSecret: true),
            ConfigField("flag", .integer(), "", isSecret: true),
        ])
        let value: ConfigValue = ["token": "hidden", "wait": "hidden", "pin": ["code": 4321], "flag": true]
        let messages = schema.violations(in: value).map(\.message)
        #expect(messages.count == 4)
        #expect(!messages.contains { $0.contains("hidden") || $0.contains("4321") || $0.contains("is true") })
    }

    @Test func `long text is not repeated in a message`() {
        let text = String(repeating: "x", count: 65)
        #expect(messages(["address": .string(text)]) == ["address: is a string, expected 1 to 8 characters"])
    }

    @Test func `the number of violations has a bound`() {
        let value = ConfigValue.map((0..<1000).reduce(into: [:]) { $0["key\($1)"] = 1 })
        #expect(ConfigSchema.example.violations(in: value).count == ConfigLimits.violations)
        let list: ConfigValue = ["address": "a", "tags": .list(Array(repeating: 1, count: 1000))]
        #expect(ConfigSchema.example.violations(in: list).count == ConfigLimits.violations)
    }
}
