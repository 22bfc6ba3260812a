// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import TextKeys

/// A configuration, or a part of one: what JSON can say.
///
/// Literals make one: `["model": ["name": "granite", "revision": 2], "warm": true]`. Numbers are doubles, as on the wire, so a
/// whole number is exact up to 2⁵³. In a patch, ``null`` deletes what lower layers set.
public enum ConfigurationValue: Hashable, Sendable {
    /// Nothing; in a patch, a deletion.
    case null
    /// True or false.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case list([ConfigurationValue])
    /// Values by key.
    case map(TextMap<ConfigurationValue>)
}

extension ConfigurationValue {
    /// The text, where this is text.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number, where this is one.
    public var numberValue: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The truth value, where this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, where this is a list.
    public var listValue: [ConfigurationValue]? {
        guard case .list(let value) = self else { return nil }
        return value
    }

    /// The members, where this is a map.
    public var mapValue: TextMap<ConfigurationValue>? {
        guard case .map(let value) = self else { return nil }
        return value
    }

    /// The member of a map; nil where there is none, or this is no map.
    public subscript(key: String) -> ConfigurationValue? { mapValue?[key] }
}
