// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The place of a value in a configuration, written `connection.hostname` or `models[2].name`.
package struct ConfigPath: Hashable, Sendable {
    package enum Component: Sendable {
        /// Keys are equal if their bytes are.
        case key(String)
        case index(Int)
    }

    package var components: [Component]

    package init(_ components: [Component]) {
        self.components = components
    }
}

extension ConfigPath: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Component...) { components = elements }
}

extension ConfigPath.Component: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .key(value) }

    package init(integerLiteral value: Int) { self = .index(value) }
}

extension ConfigPath {
    package var isEmpty: Bool { components.isEmpty }

    package func appending(_ component: Component) -> ConfigPath {
        ConfigPath(components + [component])
    }

    package func appending(_ path: ConfigPath) -> ConfigPath {
        ConfigPath(components + path.components)
    }

    /// Whether this path equals the other one or leads into it.
    package func starts(with prefix: ConfigPath) -> Bool {
        components.starts(with: prefix.components)
    }
}

extension ConfigPath.Component: Hashable {
    package static func == (one: Self, other: Self) -> Bool {
        switch (one, other) {
        case (.key(let one), .key(let other)): one.isIdentical(to: other)
        case (.index(let one), .index(let other)): one == other
        case (.key, .index), (.index, .key): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .key(let key): hasher.combine(TextKey(key))
        case .index(let index): hasher.combine(index)
        }
    }
}

extension ConfigPath.Component: Comparable {
    /// Indices sort before keys.
    package static func < (one: Self, other: Self) -> Bool {
        switch (one, other) {
        case (.index(let one), .index(let other)): one < other
        case (.index, .key): true
        case (.key, .index): false
        case (.key(let one), .key(let other)): one.precedes(other)
        }
    }
}

extension ConfigPath: Comparable {
    package static func < (one: ConfigPath, other: ConfigPath) -> Bool {
        one.components.lexicographicallyPrecedes(other.components)
    }
}

extension ConfigPath: CustomStringConvertible {
    /// Keys that could be mistaken for something else are quoted, so that ``init(parsing:)`` returns the same path.
    package var description: String {
        var text = ""
        for component in components {
            switch component {
            case .index(let index):
                text += "[\(index)]"
            case .key(let key):
                if !text.isEmpty { text += "." }
                text += Self.isPlain(key) ? key : key.quoted()
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty
            && key.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
                default: !scalar.isASCII && scalar.properties.isAlphabetic
                }
            }
    }
}
