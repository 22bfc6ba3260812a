// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import TextKeys

/// A configuration, or a part of one: any value that JSON can express.
///
/// Literals make values: `["model": ["name": "granite", "revision": 2], "warm": true]`. Numbers are doubles, as on the
/// wire, so whole numbers are exact up to 2⁵³. In a patch, ``null`` deletes what lower layers set.
public enum ConfigurationValue: Hashable, Sendable {
    /// No value; in a patch, a deletion.
    case null
    /// True or false.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A string.
    case string(String)
    /// Values in order; a patch replaces the whole list.
    case list([ConfigurationValue])
    /// Values by key; a patch merges into the map.
    case map(TextMap<ConfigurationValue>)
}

extension ConfigurationValue {
    /// The string; nil for any other kind of value.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number; nil for any other kind of value.
    public var numberValue: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The Boolean; nil for any other kind of value.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of the list; nil for any other kind of value.
    public var listValue: [ConfigurationValue]? {
        guard case .list(let value) = self else { return nil }
        return value
    }

    /// The members of the map; nil for any other kind of value.
    public var mapValue: TextMap<ConfigurationValue>? {
        guard case .map(let value) = self else { return nil }
        return value
    }

    /// The member of the map under a key; nil if there is none, or if this is not a map.
    ///
    /// - Parameter key: The key.
    public subscript(key: String) -> ConfigurationValue? { mapValue?[key] }
}

extension ConfigurationValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// Makes a Boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Makes a number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }

    /// Makes a number.
    public init(floatLiteral value: Double) { self = .number(value) }
}

extension ConfigurationValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// Makes a string.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Makes a list.
    public init(arrayLiteral elements: ConfigurationValue...) { self = .list(elements) }

    /// Makes a map. A key that occurs twice keeps its last value.
    public init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
        self = .map(elements.reduce(into: [:]) { $0[$1.0] = $1.1 })
    }
}
