// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ConfigField.Kind {
    /// What may stand here, as the end of a sentence "expected …".
    package var words: String {
        switch self {
        case .bool: return "true or false"
        case .integer(nil): return "an integer"
        case .integer(let range?): return "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number(nil): return "a number"
        case .number(let range?): return "a number from \(range.lowerBound) to \(range.upperBound)"
        case .string(let rule):
            guard let choices = rule.choices else { return "a string" }
            return "one of " + choices.map(ConfigText.quoted).joined(separator: ", ")
        case .duration: return "a duration such as \"30s\""
        case .list(let kind): return "a list with \(kind.words) in each place"
        case .map(let kind): return "a map with \(kind.words) under each key"
        case .object: return "a map"
        case .any: return "any value"
        }
    }

    /// The kind in a word or a few, for tables.
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
