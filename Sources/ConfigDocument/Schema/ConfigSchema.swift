// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The keys of a configuration, declared once for a backend type or the daemon.
///
/// Validation, defaults, masking, the JSON schema and the documentation are derived from it.
package struct ConfigSchema: Hashable, Sendable {
    package let fields: [ConfigField]
    /// Whether keys that are not fields are allowed, with any value.
    package let allowsOtherKeys: Bool

    package init(fields: [ConfigField], allowsOtherKeys: Bool = false) {
        self.fields = fields
        self.allowsOtherKeys = allowsOtherKeys
    }

    package func field(_ key: String) -> ConfigField? {
        fields.first { $0.key.isIdentical(to: key) }
    }
}

extension ConfigSchema {
    /// The configuration if nothing is set: a map of all defaults.
    ///
    /// An object without a default has the defaults of its fields. It is left out if it is optional and the defaults of
    /// its fields alone would not be valid.
    package var defaults: ConfigValue {
        .map(
            fields.reduce(into: [:]) { members, field in
                members[field.key] = field.impliedValue
            })
    }

    /// The configuration with the defaults added, also in objects inside lists and maps.
    /// Nulls are kept.
    package func completed(_ value: ConfigValue) -> ConfigValue {
        guard case .map(var members) = value else { return value }
        for field in fields {
            members[field.key] = members[field.key].map(field.kind.completed) ?? field.impliedValue
        }
        return .map(members)
    }

    fileprivate var canBeEmpty: Bool {
        fields.allSatisfy { field in
            if !field.isRequired || field.defaultValue != nil { return true }
            guard case .object(let schema) = field.kind else { return false }
            return schema.canBeEmpty
        }
    }
}

extension ConfigField {
    fileprivate var impliedValue: ConfigValue? {
        if let defaultValue { return kind.completed(defaultValue) }
        guard case .object(let schema) = kind, isRequired || schema.canBeEmpty else { return nil }
        let defaults = schema.defaults
        return defaults == [:] && !isRequired ? nil : defaults
    }
}

extension ConfigField.Kind {
    fileprivate func completed(_ value: ConfigValue) -> ConfigValue {
        switch (self, value) {
        case (.object(let schema), _): schema.completed(value)
        case (.list(let kind), .list(let elements)): .list(elements.map(kind.completed))
        case (.map(let kind), .map(let members)): .map(members.mapValues(kind.completed))
        case (.bool, _), (.integer, _), (.number, _), (.string, _), (.duration, _), (.list, _), (.map, _), (.any, _):
            value
        }
    }
}
