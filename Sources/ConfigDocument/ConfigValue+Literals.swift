// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// There is no nil literal: it would turn `cond ? nil : value` into a null where the absence of a value is meant.
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
