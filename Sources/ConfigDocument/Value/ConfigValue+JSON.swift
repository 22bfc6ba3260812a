// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigValue {
    /// The value as JSON with sorted keys. Integers and other numbers can be told apart.
    ///
    /// Pretty means two spaces per level and one member per line, without a line end after the last line. A number that
    /// is not finite, which no parser produces, is written as null.
    package func json(pretty: Bool) -> String {
        var text = ""
        appendJSON(to: &text, lineEnd: pretty ? "\n" : nil)
        return text
    }

    /// `lineEnd` includes the indentation of this value; nil writes everything in one line.
    private func appendJSON(to text: inout String, lineEnd: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): text += value.quoted()
        case .list(let elements):
            Self.appendItems(elements, between: ("[", "]"), to: &text, lineEnd: lineEnd) { element, text, lineEnd in
                element.appendJSON(to: &text, lineEnd: lineEnd)
            }
        case .map(let members):
            let sorted = members.sorted()
            Self.appendItems(sorted, between: ("{", "}"), to: &text, lineEnd: lineEnd) { member, text, lineEnd in
                text += member.key.quoted() + (lineEnd == nil ? ":" : ": ")
                member.value.appendJSON(to: &text, lineEnd: lineEnd)
            }
        }
    }

    private static func appendItems<Item>(
        _ items: [Item], between brackets: (String, String), to text: inout String, lineEnd: String?,
        append: (Item, inout String, String?) -> Void
    ) {
        text += brackets.0
        let inner = lineEnd.map { $0 + "  " }
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            text += inner ?? ""
            append(item, &text, inner)
        }
        if !items.isEmpty { text += lineEnd ?? "" }
        text += brackets.1
    }
}
