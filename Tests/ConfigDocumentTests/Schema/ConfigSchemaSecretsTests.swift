// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
import TextKeys

@Suite struct ConfigSchemaSecretsTests {
    private let open = ConfigSchema(fields: [], allowsOtherKeys: true)

    @Test func `declared secrets are masked wherever they stand`() {
        let value: ConfigValue = ["password": "p", "tls": ["key": "k", "depth": 1], "name": "token"]
        #expect(
            ConfigSchema.example.masked(value) == [
                "password": "***", "tls": ["key": "***", "depth": 1], "name": "token",
            ])
        #expect(ConfigSchema.example.secretPaths(in: value) == [["password"], ["tls", "key"]])
    }

    @Test func `a secret that is a map or a list is masked as a whole`() {
        let schema = ConfigSchema(fields: [ConfigField("keys", .map(of: .string()), "", isSecret: true)])
        #expect(schema.masked(["keys": ["a": "b"]]) == ["keys": "***"])
    }

    @Test(arguments: [
        "password", "db_password", "SECRET", "clientSecret", "token", "HF_TOKEN", "api_key", "OPENAI_API_KEY",
        "private_key",
    ])
    func `an undeclared key that ends like a secret is one`(key: String) {
        #expect(open.masked(["a": [["b": .map([key: "x"])]]]) == ["a": [["b": .map([key: "***"])]]])
        #expect(open.secretPaths(in: .map([key: "x"])) == [[.key(key)]])
    }

    @Test(arguments: ["tokens", "secretary", "key", "passwords_file", "max_token_count"])
    func `an undeclared key that only contains such a word is shown`(key: String) {
        #expect(open.masked(.map([key: "x"])) == .map([key: "x"]))
    }

    @Test func `values of any kind and maps of text are searched by key`() {
        let value: ConfigValue = ["extra": ["token": "x"], "models": [["env": ["HF_TOKEN": "x", "HOME": "/"]]]]
        #expect(
            ConfigSchema.example.masked(value)
                == ["extra": ["token": "***"], "models": [["env": ["HF_TOKEN": "***", "HOME": "/"]]]])
    }

    @Test func `the key of a declared kind is not a secret because of its name`() {
        let value: ConfigValue = ["limits": ["token": 5]]
        #expect(ConfigSchema.example.masked(value) == value)
        let declared = ConfigSchema(fields: [ConfigField("max_token", .integer(), "")], allowsOtherKeys: true)
        #expect(declared.masked(["max_token": 5]) == ["max_token": 5])
    }

    @Test func `a secret stays masked under a value of the wrong kind`() {
        #expect(ConfigSchema.example.masked(["name": [["token": "x"]]]) == ["name": [["token": "***"]]])
    }

    @Test func `a null is not a secret`() {
        #expect(ConfigSchema.example.masked(["password": .null]) == ["password": .null])
        #expect(ConfigSchema.example.secretPaths(in: ["password": .null]).isEmpty)
    }

    @Test func `a mask that was sent back is found at secrets only`() {
        let value: ConfigValue = ["password": "***", "name": "***", "tls": ["key": "k"], "extra": [["token": "***"]]]
        #expect(ConfigSchema.example.maskedSecretsSentBack(in: value) == [["extra", 0, "token"], ["password"]])
    }
}
