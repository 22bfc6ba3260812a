// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One argument or variable of a command, with macros in it.
///
/// `${NAME}` is a macro and `$$` a dollar; any other dollar stands for itself. What a macro gives is not looked at again.
package struct CommandTemplate: Hashable, Sendable {
    package static let names = ["BACKEND", "MODEL_ID", "PORT", "SOCKET"]
    private static let environmentPrefix = "env."

    private enum Part: Hashable, Sendable {
        case text(String)
        case macro(String)
    }

    private var parts: [Part] = []

    /// - Throws: Where a macro is not known or not closed; the words say where.
    package init(parsing text: String) throws(CommandTemplateError) {
        var literal = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                literal.append("$")
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                let offset = text.distance(from: text.startIndex, to: dollar)
                guard let end = rest.firstIndex(of: "}") else {
                    throw CommandTemplateError("has a macro at character \(offset + 1) that is not closed with }")
                }
                let name = String(rest.dropFirst()[..<end])
                try Self.check(name)
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(.macro(name))
                rest = rest[end...].dropFirst()
            } else {
                literal.append("$")
            }
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    private static func check(_ name: String) throws(CommandTemplateError) {
        if names.contains(name) { return }
        if name.hasPrefix(environmentPrefix), name.count > environmentPrefix.count { return }
        let known = names.map { "${\($0)}" }.joined(separator: ", ")
        throw CommandTemplateError(
            "has the unknown macro ${\(name.prefix(40))}; known are \(known), ${env.NAME}, and $$ for a dollar")
    }

    /// The names of its macros.
    package var macros: Set<String> {
        Set(
            parts.compactMap { part in
                switch part {
                case .text: nil
                case .macro(let name): name
                }
            })
    }

    /// The text with every macro replaced.
    ///
    /// - Throws: Where a value is missing: a variable that the daemon does not have.
    package func expanded(
        _ values: [String: String], environment: [String: String]
    ) throws(CommandTemplateError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal):
                text += literal
            case .macro(let name):
                let value =
                    name.hasPrefix(Self.environmentPrefix)
                    ? environment[String(name.dropFirst(Self.environmentPrefix.count))] : values[name]
                guard let value else {
                    throw CommandTemplateError("needs a value for ${\(name)}, and there is none")
                }
                text += value
            }
        }
        return text
    }
}

/// What is wrong with a template, as the end of a sentence.
package struct CommandTemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
