// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigSchemaDefaultsTests {
    @Test func `the defaults are a map of every default`() {
        #expect(
            ConfigSchema.example.defaults == [
                "port": 8080, "ratio": 0.5, "verbose": false, "timeout": "30s", "tags": [],
            ])
    }

    @Test func `an object without a default has the defaults of its fields`() {
        let inner = ConfigSchema(fields: [
            ConfigField("depth", .integer(), "", default: 3), ConfigField("x", .bool, ""),
        ])
        let schema = ConfigSchema(fields: [ConfigField("tls", .object(inner), "")])
        #expect(schema.defaults == ["tls": ["depth": 3]])
    }

    @Test func `an optional object that needs values of its own is left out`() {
        #expect(ConfigSchema(fields: [ConfigField("tls", .object(.tls), "")]).defaults == [:])
        let nested = ConfigSchema(fields: [ConfigField("tls", .object(.tls), "", isRequired: true)])
        #expect(ConfigSchema(fields: [ConfigField("a", .object(nested), "")]).defaults == [:])
    }

    @Test func `a required object is there even when it needs more`() {
        let schema = ConfigSchema(fields: [ConfigField("tls", .object(.tls), "", isRequired: true)])
        #expect(schema.defaults == ["tls": ["depth": 3]])
    }

    @Test func `the default of an object is completed by those of its fields`() {
        let schema = ConfigSchema(fields: [ConfigField("tls", .object(.tls), "", default: ["key": "k"])])
        #expect(schema.defaults == ["tls": ["key": "k", "depth": 3]])
    }

    @Test func `completing adds defaults inside objects, lists and maps`() {
        let schema = ConfigSchema(fields: [
            ConfigField("models", .list(of: .object(.model)), ""), ConfigField("byName", .map(of: .object(.model)), ""),
            ConfigField("level", .integer(), "", default: 1),
        ])
        #expect(
            schema.completed(["models": [["id": "a"], 5], "byName": ["x": ["copies": 2]], "other": true])
                == [
                    "models": [["id": "a", "copies": 1], 5], "byName": ["x": ["copies": 2]], "other": true, "level": 1,
                ])
    }

    @Test func `completing leaves what is there, null too`() {
        let schema = ConfigSchema(fields: [ConfigField("level", .integer(), "", default: 1)])
        #expect(schema.completed(["level": .null]) == ["level": .null])
        #expect(schema.completed([1]) == [1])
    }

    @Test func `equal declarations are equal schemas`() {
        #expect(ConfigSchema(fields: ConfigSchema.tls.fields) == ConfigSchema.tls)
        #expect(ConfigSchema(fields: ConfigSchema.tls.fields, allowsOtherKeys: true) != ConfigSchema.tls)
    }
}
