// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// A configuration, or a part of one, independent of YAML, JSON and the wire.
///
/// A whole number is an `integer`, however it was written on the wire, see ``numeric(_:)``. Parsers never produce a
/// number that is not finite. Keys of a map have no order; sort them to show a map. Texts and keys are equal if their
/// bytes are.
package enum ConfigValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case list([ConfigValue])
    case map(TextMap<ConfigValue>)
}

extension ConfigValue: Hashable {
    package static func == (one: ConfigValue, other: ConfigValue) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one.isIdentical(to: other)
        case (.list(let one), .list(let other)): one == other
        case (.map(let one), .map(let other)): one == other
        case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.list, _), (.map, _): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(TextKey(value))
        case .list(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value)
        }
    }
}

extension ConfigValue {
    /// The number as a configuration value: an integer if it is whole and exact, nil if it is not finite.
    package static func numeric(_ value: Double) -> ConfigValue? {
        guard value.isFinite else { return nil }
        if value.magnitude <= 0x1p53, let whole = Int64(exactly: value) { return .integer(whole) }
        return .number(value)
    }
}

extension ConfigValue {
    package var isNull: Bool { self == .null }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The value as an integer, including a number that is whole.
    package var integerValue: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .null, .bool, .string, .list, .map: nil
        }
    }

    /// The value as a number, including an integer.
    package var numberValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .list, .map: nil
        }
    }

    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var listValue: [ConfigValue]? {
        guard case .list(let value) = self else { return nil }
        return value
    }

    package var mapValue: TextMap<ConfigValue>? {
        guard case .map(let value) = self else { return nil }
        return value
    }

    /// The value as a duration, if it is a string such as `30s`.
    package var durationValue: ConfigDuration? {
        guard case .string(let text) = self else { return nil }
        return try? ConfigDuration(parsing: text)
    }
}

extension ConfigValue {
    /// A member of a map; nil if this is not a map, or does not have the member.
    package subscript(key: String) -> ConfigValue? { mapValue?[key] }

    /// The value at a path; nil if there is none.
    package subscript(path: ConfigPath) -> ConfigValue? {
        var current = self
        for component in path.components {
            switch (component, current) {
            case (.key(let key), .map(let members)):
                guard let next = members[key] else { return nil }
                current = next
            case (.index(let index), .list(let elements)):
                guard elements.indices.contains(index) else { return nil }
                current = elements[index]
            case (.key, _), (.index, _):
                return nil
            }
        }
        return current
    }

    /// The number of values in this one, including itself.
    package var nodeCount: Int {
        switch self {
        case .null, .bool, .integer, .number, .string: 1
        case .list(let elements): elements.reduce(1) { $0 + $1.nodeCount }
        case .map(let members): members.values.reduce(1) { $0 + $1.nodeCount }
        }
    }

    /// The number of levels of maps and lists; 0 for a scalar.
    package var depth: Int {
        switch self {
        case .null, .bool, .integer, .number, .string: 0
        case .list(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .map(let members): 1 + (members.values.lazy.map(\.depth).max() ?? 0)
        }
    }

    /// Every leaf with its path, sorted by path. Scalars, nulls, lists and empty maps are leaves.
    package func leafPaths() -> [(ConfigPath, ConfigValue)] {
        var leaves: [(ConfigPath, ConfigValue)] = []
        collectLeaves(at: [], into: &leaves)
        return leaves
    }

    func collectLeaves(at path: ConfigPath, into leaves: inout [(ConfigPath, ConfigValue)]) {
        guard case .map(let members) = self, !members.isEmpty else {
            leaves.append((path, self))
            return
        }
        for (key, value) in members.sorted() {
            value.collectLeaves(at: path.appending(.key(key)), into: &leaves)
        }
    }
}

/// A nil literal is left out on purpose: `condition ? nil : value` would become a null although the absence of a value is meant.
extension ConfigValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    package init(integerLiteral value: Int64) { self = .integer(value) }

    package init(floatLiteral value: Double) { self = .number(value) }

    package init(stringLiteral value: String) { self = .string(value) }

    package init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }

    /// A key that is written twice keeps its last value.
    package init(dictionaryLiteral elements: (String, ConfigValue)...) {
        self = .map(elements.reduce(into: [:]) { $0[$1.0] = $1.1 })
    }
}

extension ConfigValue {
    /// The value after an RFC 7396 merge patch: maps merge, scalars and lists replace, null deletes.
    ///
    /// A map in the patch replaces what is not a map. Nulls inside a list are values of the list and stay.
    package func merged(with patch: ConfigValue) -> ConfigValue {
        guard case .map(let changes) = patch else { return patch }
        var members = mapValue ?? [:]
        for (key, change) in changes {
            members[key] = change.isNull ? nil : (members[key] ?? .null).merged(with: change)
        }
        return .map(members)
    }

    /// The patch that sets one path; nil if the path goes through a list, which a merge patch can only replace.
    package static func patch(setting path: ConfigPath, to value: ConfigValue) -> ConfigValue? {
        var patch = value
        for component in path.components.reversed() {
            guard case .key(let key) = component else { return nil }
            patch = .map([key: patch])
        }
        return patch
    }
}

extension ConfigValue {
    /// The largest number up to which a double, which carries numbers on the wire, holds all integers exactly.
    package static let largestExactInteger: Int64 = 1 << 53

    /// Whether a double holds this number, and each smaller one, exactly.
    static func isExact(_ number: Int64) -> Bool { number.magnitude <= largestExactInteger.magnitude }

    /// The integers in this value that would be rounded on the wire, sorted by path.
    package func inexactIntegers(at path: ConfigPath = []) -> [(path: ConfigPath, number: Int64)] {
        switch self {
        case .null, .bool, .number, .string: []
        case .integer(let number): Self.isExact(number) ? [] : [(path, number)]
        case .list(let elements):
            elements.enumerated().flatMap { $0.element.inexactIntegers(at: path.appending(.index($0.offset))) }
        case .map(let members):
            members.sorted().flatMap { $0.value.inexactIntegers(at: path.appending(.key($0.key))) }
        }
    }
}
