// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// One argument or variable of a command, which may contain macros.
///
/// `${NAME}` is a macro and `$$` a dollar sign; any other dollar sign stands for itself. The value of a macro is not expanded again.
package struct CommandTemplate: Hashable, Sendable {
    package static let names = ["BACKEND", "MODEL_ID", "PORT", "SOCKET"]
    private static let environmentPrefix = "env."

    private enum Part: Hashable, Sendable {
        case text(TextKey)
        case macro(TextKey)
    }

    private var parts: [Part] = []

    /// - Throws: When a macro is unknown or not closed.
    package init(parsing text: String) throws(Problem) {
        let dollar = UInt8(ascii: "$")
        var literal: [UInt8] = []
        // Bytes, because a combining mark after a dollar sign would make another character of it.
        var rest = Array(text.utf8)[...]
        while let start = rest.firstIndex(of: dollar) {
            literal += rest[..<start]
            rest = rest[start...].dropFirst()
            if rest.first == dollar {
                literal.append(dollar)
                rest = rest.dropFirst()
            } else if rest.first == UInt8(ascii: "{") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    let place = String(decoding: text.utf8.prefix(start), as: UTF8.self).count + 1
                    throw Problem("has a macro at character \(place) that is not closed with }")
                }
                let name = String(decoding: rest[..<end].dropFirst(), as: UTF8.self)
                try Self.check(name)
                append(literal)
                literal = []
                parts.append(.macro(TextKey(name)))
                rest = rest[end...].dropFirst()
            } else {
                literal.append(dollar)
            }
        }
        append(literal + rest)
    }

    private mutating func append(_ literal: [UInt8]) {
        if !literal.isEmpty { parts.append(.text(TextKey(String(decoding: literal, as: UTF8.self)))) }
    }

    /// The name of the environment variable that a macro stands for; nil for other macros.
    static func variable(_ macro: TextKey) -> String? {
        guard macro.text.utf8.starts(with: environmentPrefix.utf8) else { return nil }
        let name = String(decoding: macro.text.utf8.dropFirst(environmentPrefix.utf8.count), as: UTF8.self)
        return name.isEmpty ? nil : name
    }

    private static func check(_ name: String) throws(Problem) {
        if names.contains(where: { $0.isIdentical(to: name) }) || variable(TextKey(name)) != nil { return }
        let known = names.map { "${\($0)}" }.joined(separator: ", ")
        throw Problem(
            "has the unknown macro ${\(name.prefix(40))}; known are \(known), ${env.NAME}, and $$ for a dollar")
    }

    /// The names of the macros.
    package var macros: Set<TextKey> {
        Set(
            parts.compactMap { part in
                switch part {
                case .text: nil
                case .macro(let name): name
                }
            })
    }

    /// The text with every macro replaced by its value.
    ///
    /// - Throws: When a macro has no value, such as a variable that the daemon does not have.
    package func expanded(
        _ values: TextMap<String>, environment: TextMap<String>
    ) throws(Problem) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal):
                text += literal.text
            case .macro(let name):
                guard let value = Self.variable(name).map({ environment[$0] }) ?? values[name.text] else {
                    throw Problem("uses ${\(name.text)}, which has no value")
                }
                text += value
            }
        }
        return text
    }
}
