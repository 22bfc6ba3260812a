// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Names and values, one pair per line, the values in one column. Both may come from outside.
///
/// A value of several lines stays in its column, so that none of its lines looks like a field.
package struct FieldList: Hashable, Sendable {
    private var fields: [(name: String, value: String)] { pairs.map { ($0[0], $0[1]) } }
    private var pairs: [[String]] = []

    package init() {}

    /// Adds a field; nil leaves it out.
    package mutating func append(_ name: String, _ value: String?) {
        guard let value else { return }
        pairs.append([PlainText.escaped(name), value])
    }

    /// The fields with the ends of their lines.
    package var text: String {
        let width = fields.map(\.name.count).max() ?? 0
        return fields.map { field in
            let gap = String(repeating: " ", count: width - field.name.count + 2)
            let indent = String(repeating: " ", count: width + 3)
            let lines = field.value.unicodeScalars.split(separator: "\n").map { PlainText.escaped(String($0)) }
            return field.name + ":" + gap + lines.joined(separator: "\n" + indent) + "\n"
        }.joined()
    }
}
