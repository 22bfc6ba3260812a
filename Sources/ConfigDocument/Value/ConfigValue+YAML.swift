// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ConfigValue {
    /// The value as YAML with sorted keys, in block style, with a line end after the last line.
    ///
    /// Text is quoted if it could be read as anything else, by this parser or by one of YAML 1.1. A number that is not
    /// finite, which no parser produces, is written as null.
    package func yaml() -> String {
        var text = ""
        appendYAML(to: &text, indentation: "", isFirstOnLine: true)
        return text
    }

    /// Writes the value and its line end. A block begins on a line of its own unless it is first on this line.
    private func appendYAML(to text: inout String, indentation: String, isFirstOnLine: Bool) {
        switch self {
        case .null, .bool, .integer, .number, .string:
            text += (isFirstOnLine ? "" : " ") + yamlScalar + "\n"
        case .list(let elements):
            guard !elements.isEmpty else {
                text += isFirstOnLine ? "[]\n" : " []\n"
                return
            }
            if !isFirstOnLine { text += "\n" }
            for (index, element) in elements.enumerated() {
                text += (index > 0 || !isFirstOnLine ? indentation : "") + "- "
                element.appendYAML(to: &text, indentation: indentation + "  ", isFirstOnLine: true)
            }
        case .map(let members):
            guard !members.isEmpty else {
                text += isFirstOnLine ? "{}\n" : " {}\n"
                return
            }
            if !isFirstOnLine { text += "\n" }
            for (index, member) in members.sorted().enumerated() {
                let start = index > 0 || !isFirstOnLine ? indentation : ""
                text += start + Self.yamlKey(member.key, indentation: indentation)
                member.value.appendYAML(to: &text, indentation: indentation + "  ", isFirstOnLine: false)
            }
        }
    }

    private var yamlScalar: String {
        switch self {
        case .null, .list, .map: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? value.description : "null"
        case .string(let text): Self.canBePlain(text) ? text : text.quoted(for: .yaml)
        }
    }

    /// The key with its colon; YAML requires a question mark before a long key.
    private static func yamlKey(_ key: String, indentation: String) -> String {
        let text = canBePlain(key) ? key : key.quoted(for: .yaml)
        return text.utf8.count > 128 ? "? \(text)\n\(indentation):" : "\(text):"
    }

    /// Whether the text cannot be mistaken for a number, a date, a truth value or syntax.
    private static func canBePlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.last != " ", isLetter(first) || first == "/" || first == "_",
            !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
        else { return false }
        var previous: Unicode.Scalar = "a"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", "+", "@", "=", "(", ")", "%": break
            case " ": guard previous != " " else { return false }
            case ":", ",": break
            default: return false
            }
            guard previous != ":" || scalar != " " else { return false }
            previous = scalar
        }
        return previous != ":"
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.properties.isAlphabetic
    }
}
