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

/// The rules for the IDs of models.
package enum ModelID {
    /// The longest ID, in bytes.
    package static let limit = 255

    private static let rule =
        "must have 1 to \(limit) bytes of UTF-8, no control or invisible characters, no dash at its start, and no /-separated part that is empty,"
        + " . or .."

    /// Refuses an ID that cannot stand safely in a command, a path or a table.
    package static func check(_ id: String) throws(BackendError) {
        if !isValid(id.utf8Span.span) { throw invalid(id) }
    }

    package static func invalid(_ id: String) -> BackendError {
        BackendError(
            .invalidArgument, .modelIDInvalid,
            id.isEmpty
                ? "the model ID is missing"
                : "\(BackendName.quoted(id)) is not a valid model ID; it \(rule)",
            violations: [FieldViolation(path: "model_id", description: rule)])
    }

    /// The error for an ID that is not text, or holds a NUL: no message can carry it.
    package static var notText: BackendError {
        BackendError(
            .invalidArgument, .modelIDInvalid, "the model ID is not valid UTF-8, or holds a NUL; it \(rule)",
            violations: [FieldViolation(path: "model_id", description: rule)])
    }

    /// What is wrong with the key or pattern of a configuration that stands for models; nil if it is right.
    ///
    /// In a pattern `*` and `?` stand for text, so a pattern is judged as the ID that it looks like.
    static func problem(of text: String) -> String? {
        isValid(text.utf8Span.span) ? nil : "is not a valid model ID; it \(rule)"
    }

    /// Whether the bytes, which are UTF-8, are the ID of a model: 1 to 255 bytes, no dash at the start, no control, invisible or
    /// bidirectional characters, and no empty, `.` or `..` segments.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard 1...limit ~= bytes.count, bytes[0] != UInt8(ascii: "-") else { return false }
        var segment = 0
        for index in bytes.indices {
            let byte = bytes[index]
            // Nearly all: letters, digits and most of the punctuation.
            if byte &- UInt8(ascii: "0") < 0x7F - UInt8(ascii: "0") { continue }
            if byte == UInt8(ascii: "/") {
                guard isSegment(bytes, segment..<index) else { return false }
                segment = index + 1
            } else if byte < 0x20 || byte >= 0x7F, isHarmful(bytes, at: index) {
                return false
            }
        }
        return isSegment(bytes, segment..<bytes.count)
    }

    private static func isSegment(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let dot = UInt8(ascii: ".")
        switch range.count {
        case 0: return false
        case 1: return bytes[range.lowerBound] != dot
        case 2: return bytes[range.lowerBound] != dot || bytes[range.lowerBound + 1] != dot
        default: return true
        }
    }

    /// Whether a harmful character begins here; see `PlainText`, which knows the same ones by their numbers.
    private static func isHarmful(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return byte < 0x20 || byte == 0x7F }
        guard index + 1 < bytes.count else { return false }
        let second = bytes[index + 1]
        switch byte {
        case 0xC2: return second < 0xA0 || second == 0xAD
        case 0xD8: return second == 0x9C
        case 0xF3: return second == 0xA0 && index + 2 < bytes.count && bytes[index + 2] < 0x82
        case 0xE1 where index + 2 < bytes.count: return second == 0xA0 && bytes[index + 2] == 0x8E
        case 0xEF where index + 2 < bytes.count: return second == 0xBB && bytes[index + 2] == 0xBF
        case 0xE2 where index + 2 < bytes.count:
            let third = bytes[index + 2]
            if second == 0x80 {
                return third == 0x8B || third == 0x8E || third == 0x8F || (0xA8...0xAE).contains(third)
            }
            return second == 0x81 && ((0xA0...0xA4).contains(third) || (0xA6...0xA9).contains(third))
        default: return false
        }
    }
}
