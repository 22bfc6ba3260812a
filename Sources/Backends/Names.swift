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

    /// Refuses a name under which no backend can be created.
    static func check(_ name: String) throws(BackendError) {
        guard !isValid(name) else { return }
        let rule = "must match [a-z][a-z0-9-]{0,62}"
        throw BackendError(
            .invalidArgument, .nameInvalid, "cannot create a backend as \(quoted(name)); the name \(rule)",
            violations: [FieldViolation(path: "name", description: rule)])
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
        if PlainText.isPrintableASCII(shown) { return "\"\(shown)\"" }
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
        "must have 1 to \(limit) bytes of UTF-8, no control or invisible characters, no dash at its start, no space at either end, and no /-separated part that is empty,"
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

    /// Whether the bytes, which are UTF-8, are the ID of a model: 1 to 255 bytes, no dash at the start, no space at either end, no
    /// control, invisible or bidirectional characters, no other blanks than the space, and no empty, `.` or `..` segments.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        let blank = UInt8(ascii: " ")
        guard 1...limit ~= bytes.count, bytes[0] != UInt8(ascii: "-"), bytes[0] != blank,
            bytes[bytes.count - 1] != blank
        else { return false }
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

    /// Whether a character begins here that is harmful, or a blank that looks like an ordinary one or like nothing.
    private static func isHarmful(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return byte < 0x20 || byte == 0x7F }
        // The rest of a character.
        if byte < 0xC0 { return false }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return true }
        var value = UInt32(byte) & (0x7F >> UInt32(length))
        for next in index + 1..<index + length { value = value << 6 | UInt32(bytes[next] & 0x3F) }
        guard let scalar = Unicode.Scalar(value) else { return true }
        return scalar.isHarmful || scalar.properties.isWhitespace
    }
}
