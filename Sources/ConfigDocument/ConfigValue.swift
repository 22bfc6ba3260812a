// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// A configuration, or a part of one: what YAML, JSON and the wire have in common.
///
/// A whole number is an `integer` however it was written on the wire, see ``numeric(_:)``. Parsers never produce a number that
/// is not finite. Keys of a map have no order; whoever shows a map sorts them. Texts and keys are equal where their bytes are.
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
    /// The number as a configuration value: an integer where it is whole and exact, nil where it is not finite.
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

    /// The value as an integer; a number counts where it is whole.
    package var integerValue: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .null, .bool, .string, .list, .map: nil
        }
    }

    /// The value as a number; every integer is one.
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

    /// The value as a duration; only a string such as `30s` is one.
    package var durationValue: ConfigDuration? {
        guard case .string(let text) = self else { return nil }
        return try? ConfigDuration(parsing: text)
    }
}

extension ConfigValue {
    /// The member of a map; nil where this is no map.
    package subscript(key: String) -> ConfigValue? { mapValue?[key] }

    /// The value at a path; nil where the path leads nowhere.
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

    /// Every value in this one, itself included.
    package var nodeCount: Int {
        switch self {
        case .null, .bool, .integer, .number, .string: 1
        case .list(let elements): elements.reduce(1) { $0 + $1.nodeCount }
        case .map(let members): members.values.reduce(1) { $0 + $1.nodeCount }
        }
    }

    /// How many maps and lists are inside each other at the deepest place; 0 for a scalar.
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
