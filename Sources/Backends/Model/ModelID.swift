// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The rules for the ids of models.
package enum ModelID {
    /// The longest id, in bytes.
    package static let limit = 255

    private static let rule =
        "must have 1 to \(limit) bytes of UTF-8, no control or invisible characters, no dash at its start, and no /-separated part that is empty,"
        + " . or .."

    /// Refuses an id that cannot stand safely in a command, a path or a table.
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

    /// The error for an id that is not text, or holds a NUL: no message can carry it.
    package static var notText: BackendError {
        BackendError(
            .invalidArgument, .modelIDInvalid, "the model ID is not valid UTF-8, or holds a NUL; it \(rule)",
            violations: [FieldViolation(path: "model_id", description: rule)])
    }

    /// What is wrong with the key or pattern of a configuration that stands for models; nil where it is right.
    ///
    /// In a pattern `*` and `?` stand for text, so a pattern is judged as the id that it looks like.
    static func problem(of text: String) -> String? {
        isValid(text.utf8Span.span) ? nil : "is not a valid model ID; it \(rule)"
    }

    /// Whether the bytes, which are UTF-8, are the id of a model: at most 255, none of a control or of a character that shows nothing or
    /// turns the direction of writing, and a path that leads nowhere but down.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard 1...limit ~= bytes.count, bytes[0] != UInt8(ascii: "-") else { return false }
        var segment = 0
        for index in bytes.indices {
            let byte = bytes[index]
            // Nearly all: letters, digits and most of the punctuation.
            if byte > UInt8(ascii: "/"), byte < 0x7F { continue }
            if byte == UInt8(ascii: "/") {
                guard isSegment(bytes, segment..<index) else { return false }
                segment = index + 1
            } else if isHarmful(bytes, at: index) {
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
