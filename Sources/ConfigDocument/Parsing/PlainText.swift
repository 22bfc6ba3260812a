// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Makes text from outside safe to show and to put into messages.
///
/// See `Unicode.Scalar.isHarmful` for the characters that are escaped.
package enum PlainText {
    /// The text in one line, with harmful characters as escapes: for a terminal, or a name in a message.
    package static func escaped(_ text: String) -> String {
        escaped(text, where: isHarmful)
    }

    /// The text with control characters other than line feeds and tabs as escapes: for the content of a message.
    ///
    /// Strings of C cannot contain a NUL, so no message can carry one.
    package static func cleaned(_ text: String) -> String {
        escaped(text) { scalar in scalar.isControl && scalar != "\n" && scalar != "\t" }
    }

    /// Whether a character could deceive a reader.
    package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool { scalar.isHarmful }

    package static func isPrintableASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    private static func escaped(_ text: String, where needsEscape: (Unicode.Scalar) -> Bool) -> String {
        // Most texts are printable ASCII, of which nothing is escaped.
        guard !isPrintableASCII(text), text.unicodeScalars.contains(where: needsEscape) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where !needsEscape(scalar): escaped.unicodeScalars.append(scalar)
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            default: escaped += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return escaped
    }
}
