// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigSchemaDocumentationTests {
    private let schema = ConfigSchema.example.jsonSchema

    @Test func `the JSON schema names its draft and refuses other keys`() {
        #expect(schema[["$schema"]] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema[["type"]] == "object")
        #expect(schema[["additionalProperties"]] == false)
        #expect(schema[["required"]] == ["address"])
    }

    @Test func `a schema that allows other keys says so and requires nothing`() {
        let schema = ConfigSchema(fields: [], allowsOtherKeys: true).jsonSchema
        #expect(schema[["additionalProperties"]] == true)
        #expect(schema[["required"]] == nil)
    }

    @Test(
        arguments: [
            (
                "port",
                ["type": "integer", "minimum": 1, "maximum": 65535, "default": 8080, "description": "The port."]
            ),
            ("ratio", ["type": "number", "minimum": 0.0, "maximum": 1.0, "default": 0.5, "description": "A share."]),
            ("verbose", ["type": "boolean", "default": false, "description": "Whether it talks."]),
            ("level", ["type": "string", "enum": ["low", "high"], "description": "How much."]),
            ("name", ["type": "string", "pattern": "^[a-z]+$", "description": "What it is called."]),
            ("address", ["type": "string", "minLength": 1, "maxLength": 8, "description": "Where it listens."]),
            ("password", ["type": "string", "writeOnly": true, "description": "Lets in."]),
            ("tags", ["type": "array", "items": ["type": "string"], "default": [], "description": "Words."]),
            (
                "limits",
                [
                    "type": "object", "additionalProperties": ["type": "integer"],
                    "description": "Numbers by name.",
                ]
            ),
            ("extra", ["description": "Whatever it is."]),
        ] as [(String, ConfigValue)])
    func `a property says what its field says`(key: String, property: ConfigValue) {
        #expect(schema[["properties", .key(key)]] == property)
    }

    @Test func `a duration is a string of a pattern`() {
        #expect(schema[["properties", "timeout", "type"]] == "string")
        #expect(schema[["properties", "timeout", "pattern"]]?.stringValue?.hasPrefix("^") == true)
    }

    @Test func `objects nest`() {
        #expect(schema[["properties", "tls", "additionalProperties"]] == false)
        #expect(schema[["properties", "tls", "properties", "key", "writeOnly"]] == true)
        #expect(schema[["properties", "models", "items", "required"]] == ["id"])
        #expect(schema[["properties", "tls", "$schema"]] == nil)
    }

    @Test func `the reference has a row for each key, in the order of declaration`() {
        #expect(
            ConfigSchema.example.reference().map(\.path) == [
                "address", "port", "ratio", "verbose", "timeout", "level", "name", "password", "tags", "limits",
                "extra",
                "tls", "tls.key", "tls.depth", "models", "models[].id", "models[].copies", "models[].env",
            ])
    }

    @Test func `a row has type, bounds, default and summary`() {
        let rows = ConfigSchema.example.reference()
        #expect(rows[1].type == "integer, 1 to 65535")
        #expect(rows[1].defaultText == "8080")
        #expect(rows[1].summary == "The port.")
        #expect(!rows[1].isRequired)
        #expect(!rows[1].isSecret)
        #expect(rows[0].isRequired)
        #expect(rows[7].isSecret)
        #expect(rows[0].defaultText == nil)
        #expect(
            rows.map(\.type) == [
                "string", "integer, 1 to 65535", "number, 0.0 to 1.0", "bool", "duration, 0s to 1m", "low, high",
                "string, [a-z]+", "string", "list of string", "map of integer", "any", "object", "string", "integer",
                "list of object", "string", "integer", "map of string",
            ])
    }

    @Test func `the keys of a map stand in the reference as NAME`() {
        let schema = ConfigSchema(fields: [ConfigField("m", .map(of: .object(.tls)), "")])
        #expect(schema.reference().map(\.path) == ["m", "m.NAME.key", "m.NAME.depth"])
    }
}
