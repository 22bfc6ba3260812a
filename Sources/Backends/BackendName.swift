// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// The rules for names of backends, types and owners.
enum BackendName {
    /// Whether it matches `[a-z][a-z0-9-]{0,62}`.
    static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, isLower(first), bytes.count <= 63 else { return false }
        return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether it matches `[A-Z][A-Z0-9_]*`, in at most 63 characters.
    static func isValidType(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, isUpper(first), bytes.count <= 63 else { return false }
        return bytes.allSatisfy { isUpper($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// Any printable text of at most 128 bytes may own a layer.
    static func isValidOwner(_ name: String) -> Bool {
        name.utf8.count <= 128 && name.unicodeScalars.allSatisfy { !$0.properties.generalCategory.isControl }
    }

    /// A caller's text made safe to stand in a message: one line, cut at 80 bytes, controls as escapes.
    static func quoted(_ text: String) -> String {
        let shown = text.cut(toBytes: 80)
        return "\""
            + String(
                String.UnicodeScalarView(
                    PlainText.escaped(shown).unicodeScalars.map { scalar in
                        scalar.properties.generalCategory.isControl ? "?" : scalar
                    })) + "\""
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension Unicode.GeneralCategory {
    /// Whether it is something a terminal or a log line could be confused with.
    fileprivate var isControl: Bool {
        self == .control || self == .format || self == .lineSeparator || self == .paragraphSeparator
            || self == .surrogate || self == .unassigned || self == .privateUse
    }
}
