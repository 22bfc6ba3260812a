// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ConfigSchema {
    /// Every key in the order of declaration, an object's own row before those of its fields.
    package func reference() -> [ReferenceRow] {
        reference(below: "")
    }

    fileprivate func reference(below prefix: String) -> [ReferenceRow] {
        fields.flatMap { field -> [ReferenceRow] in
            let path = prefix + ConfigPath([.key(field.key)]).description
            let row = ReferenceRow(
                path: path, type: field.kind.tableWords, defaultText: field.defaultValue.map { $0.json(pretty: false) },
                summary: field.summary, isRequired: field.isRequired, isSecret: field.isSecret)
            return [row] + field.kind.reference(below: path)
        }
    }
}

extension ConfigField.Kind {
    fileprivate func reference(below path: String) -> [ReferenceRow] {
        switch self {
        case .object(let schema): schema.reference(below: path + ".")
        case .list(let kind): kind.reference(below: path + "[]")
        case .map(let kind): kind.reference(below: path + ".NAME")
        case .bool, .integer, .number, .string, .duration, .any: []
        }
    }

    /// The name of the kind with its bounds.
    fileprivate var tableWords: String {
        switch self {
        case .integer(let range?): "integer, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range?): "number, \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range?): "duration, \(range.lowerBound) to \(range.upperBound)"
        case .string(let rule):
            if let choices = rule.choices {
                choices.joined(separator: ", ")
            } else if let pattern = rule.pattern {
                "string, \(pattern)"
            } else {
                "string"
            }
        case .integer(nil), .number(nil), .duration(nil), .bool, .list, .map, .object, .any: name
        }
    }
}

/// One row of the table that documents a schema.
package struct ReferenceRow: Hashable, Sendable {
    /// The path of the key; `[]` stands for each element of a list, `NAME` for each key of a map.
    package let path: String
    package let type: String
    /// The default as JSON; nil if there is none.
    package let defaultText: String?
    package let summary: String
    package let isRequired: Bool
    package let isSecret: Bool
}
