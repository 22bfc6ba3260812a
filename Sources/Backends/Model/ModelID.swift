// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The rules for the ids of models.
enum ModelID {
    /// The longest id, in bytes.
    static let limit = 256

    /// An id goes into commands, paths and tables: 1 to 256 bytes of UTF-8 without control characters, and no option of a command.
    static func check(_ id: String) throws(BackendError) {
        if isValid(id.utf8Span.span) { return }
        let rule = "must have 1 to \(limit) bytes, no control characters, and no dash at its start"
        throw BackendError(
            .invalidArgument, .modelIDInvalid, "\(BackendName.quoted(id)) is no id of a model; it \(rule)",
            violations: [FieldViolation(path: "model_id", description: rule)])
    }

    private static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard 1...limit ~= bytes.count, bytes[0] != UInt8(ascii: "-") else { return false }
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F { return false }
        return true
    }
}
