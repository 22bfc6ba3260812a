// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Text from outside, made fit for people and for messages.
///
/// What is harmful is the same everywhere: control characters (C0, DEL and C1), the line ends that only Unicode knows, and the
/// characters that turn the direction of writing, and those that show nothing. The joiners U+200C and U+200D stay: scripts and
/// pictures need them.
package enum PlainText {
    /// The text in one line, with everything harmful as escapes: for a terminal, or a name in a message.
    package static func escaped(_ text: String) -> String {
        escaped(text, where: isHarmful)
    }

    /// The text with its control characters as escapes, line feeds and tabs as they are: for what a message is to carry.
    ///
    /// C has no strings with a NUL, so no message can carry one.
    package static func cleaned(_ text: String) -> String {
        escaped(text) { scalar in isControl(scalar) && scalar != "\n" && scalar != "\t" }
    }

    package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        case 0xAD, 0x180E, 0x200B, 0x2060...0x2064, 0xFEFF, 0xE0000...0xE007F: true
        default: isControl(scalar)
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func escaped(_ text: String, where needsEscape: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: needsEscape) else { return text }
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
