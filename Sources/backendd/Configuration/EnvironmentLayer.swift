// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// The part of the configuration that the environment gives: `BACKENDD_LOG_LEVEL` is `log_level`,
/// `BACKENDD_LIMITS_CONNECTIONS` is `limits.connections`. Lists cannot be given.
struct EnvironmentLayer {
    private(set) var document: ConfigValue = [:]
    private(set) var faults: [String] = []

    init(_ environment: TextMap<String>) {
        document = .map(Self.values(of: DaemonConfiguration.schema, prefix: "BACKENDD", environment, &faults))
    }

    private static func values(
        of schema: ConfigSchema, prefix: String, _ environment: TextMap<String>, _ faults: inout [String]
    ) -> TextMap<ConfigValue> {
        var values: TextMap<ConfigValue> = [:]
        for field in schema.fields {
            let variable = "\(prefix)_\(field.key.uppercased())"
            switch field.kind {
            case .object(let nested):
                let inner = Self.values(of: nested, prefix: variable, environment, &faults)
                if !inner.isEmpty { values[field.key] = .map(inner) }
            case .list, .map, .any:
                continue
            case .bool, .integer, .number, .string, .duration:
                guard let text = environment[variable] else { continue }
                let value = Self.value(text, as: field.kind)
                let violations = ConfigSchema(fields: [field]).violations(in: .map([field.key: value]))
                faults += violations.map { "\(variable): \($0.message)" }
                values[field.key] = value
            }
        }
        return values
    }

    /// Parses the text as the kind. Text that does not parse stays a string, and validation says what was expected.
    private static func value(_ text: String, as kind: ConfigField.Kind) -> ConfigValue {
        switch kind {
        case .bool: ["true": .bool(true), "false": .bool(false)][text] ?? .string(text)
        case .integer: Int64(text).map { .integer($0) } ?? .string(text)
        case .number: Double(text).map { .number($0) } ?? .string(text)
        case .string, .duration, .list, .map, .object, .any: .string(text)
        }
    }
}
