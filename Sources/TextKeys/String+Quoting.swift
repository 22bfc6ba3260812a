// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension String {
    /// Where a quoted text is to be read back.
    package enum Quotation: Hashable, Sendable {
        /// In JSON, and in messages for people. YAML reads it too, except for escaped characters above U+FFFF.
        case json
        case yaml
    }

    /// The text in double quotes. What could harm a terminal or hide in it is escaped.
    package func quoted(for quotation: Quotation = .json) -> String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.isHarmful || scalar == "\u{FFFE}" || scalar == "\u{FFFF}":
                quoted += scalar.escape(for: quotation)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character: C0, DEL or C1.
    package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

    /// Whether text with it could deceive a reader: a control character, a line end that only Unicode knows, a
    /// character that changes the direction of writing, or one that shows nothing.
    ///
    /// The joiners U+200C and U+200D and the variation selectors are not: scripts and emoji need them.
    package var isHarmful: Bool {
        switch value {
        case 0..<0xA0: isControl
        case 0x180B...0x180D, 0x180F, 0x200C, 0x200D, 0xFE00...0xFE0F, 0xE0100...0xE01EF: false
        case 0x2028, 0x2029, 0xFFF9...0xFFFB: true
        default: properties.isDefaultIgnorableCodePoint
        }
    }

    fileprivate func escape(for quotation: String.Quotation) -> String {
        switch quotation {
        case .yaml where value > 0xFFFF: "\\U" + Self.digits(value, 8)
        // JSON knows escapes of four digits only, so that a character above U+FFFF takes two: a surrogate pair.
        case .json, .yaml: UTF16.encode(self)?.map { "\\u" + Self.digits(UInt32($0), 4) }.joined() ?? ""
        }
    }

    private static func digits(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
