// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigSchema {
    /// The schema as JSON Schema, draft 2020-12.
    package var jsonSchema: ConfigValue {
        guard case .map(var schema) = objectSchema else { return objectSchema }
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        return .map(schema)
    }

    fileprivate var objectSchema: ConfigValue {
        var schema: TextMap<ConfigValue> = ["type": "object", "additionalProperties": .bool(allowsOtherKeys)]
        schema["properties"] = .map(fields.reduce(into: [:]) { $0[$1.key] = $1.jsonSchema })
        let required = fields.filter(\.isRequired).map { ConfigValue.string($0.key) }
        if !required.isEmpty { schema["required"] = .list(required) }
        return .map(schema)
    }
}

extension ConfigField {
    fileprivate var jsonSchema: ConfigValue {
        var schema = kind.jsonSchema
        schema["description"] = .string(summary)
        schema["default"] = defaultValue
        if isSecret { schema["writeOnly"] = true }
        return .map(schema)
    }
}

extension ConfigField.Kind {
    fileprivate var jsonSchema: TextMap<ConfigValue> {
        switch self {
        case .bool: return ["type": "boolean"]
        case .integer(let range):
            return Self.bounded("integer", range.map { (.integer($0.lowerBound), .integer($0.upperBound)) })
        case .number(let range):
            return Self.bounded("number", range.map { (.number($0.lowerBound), .number($0.upperBound)) })
        case .string(let rule): return rule.jsonSchema
        case .duration:
            return [
                "type": "string", "pattern": "^([0-9]+([.][0-9]+)?(d|h|m|s|ms|us|ns))+$", "examples": ["30s", "1m30s"],
            ]
        case .list(let kind): return ["type": "array", "items": .map(kind.jsonSchema)]
        case .map(let kind): return ["type": "object", "additionalProperties": .map(kind.jsonSchema)]
        case .object(let schema): return schema.objectSchema.mapValue ?? [:]
        case .any: return [:]
        }
    }

    private static func bounded(
        _ type: ConfigValue, _ bounds: (minimum: ConfigValue, maximum: ConfigValue)?
    ) -> TextMap<ConfigValue> {
        guard let bounds else { return ["type": type] }
        return ["type": type, "minimum": bounds.minimum, "maximum": bounds.maximum]
    }
}

extension ConfigStringRule {
    fileprivate var jsonSchema: TextMap<ConfigValue> {
        var schema: TextMap<ConfigValue> = ["type": "string"]
        if let length {
            schema["minLength"] = .integer(Int64(length.lowerBound))
            schema["maxLength"] = .integer(Int64(length.upperBound))
        }
        if let choices { schema["enum"] = .list(choices.map { .string($0) }) }
        if let pattern { schema["pattern"] = .string("^\(pattern)$") }
        return schema
    }
}
