// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// One key of a configuration: its kind, its default and its purpose.
package struct ConfigField: Hashable, Sendable {
    package let key: String
    package let kind: Kind
    /// One sentence for users, shown in the reference and in the JSON schema.
    package let summary: String
    package let defaultValue: ConfigValue?
    package let isRequired: Bool
    /// Whether the value is shown as `***` wherever a configuration is shown.
    package let isSecret: Bool

    package init(
        _ key: String, _ kind: Kind, _ summary: String, default defaultValue: ConfigValue? = nil,
        isRequired: Bool = false, isSecret: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.summary = summary
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.isSecret = isSecret
    }

    /// The kind of value that is allowed at a place of a configuration.
    ///
    /// Only the cases that hold a kind are indirect: leak checkers cannot follow the tagged pointers of the others in
    /// globals.
    package enum Kind: Hashable, Sendable {
        case bool
        case integer(ClosedRange<Int64>? = nil)
        case number(ClosedRange<Double>? = nil)
        case string(ConfigStringRule = ConfigStringRule())
        /// A string such as `30s`, see ``ConfigDuration``.
        case duration(ClosedRange<ConfigDuration>? = nil)
        indirect case list(of: Kind)
        /// A map with any keys.
        indirect case map(of: Kind)
        case object(ConfigSchema)
        case any
    }
}

extension ConfigField.Kind {
    /// The kind, as the end of a sentence "expected …".
    package var phrase: String {
        switch self {
        case .bool: return "true or false"
        case .integer(nil): return "an integer"
        case .integer(let range?): return "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number(nil): return "a number"
        case .number(let range?): return "a number from \(range.lowerBound) to \(range.upperBound)"
        case .string(let rule):
            guard let choices = rule.choices else { return "a string" }
            return "one of " + choices.map { $0.quoted() }.joined(separator: ", ")
        case .duration: return "a duration such as \"30s\""
        case .list(let kind): return "a list with \(kind.phrase) in each place"
        case .map(let kind): return "a map with \(kind.phrase) under each key"
        case .object: return "a map"
        case .any: return "any value"
        }
    }

    /// The name of the kind, for tables.
    package var name: String {
        switch self {
        case .bool: "bool"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .duration: "duration"
        case .list(let kind): "list of \(kind.name)"
        case .map(let kind): "map of \(kind.name)"
        case .object: "object"
        case .any: "any"
        }
    }
}
