// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The rules for the ids of models.
enum ModelID {
    /// The longest id, in bytes.
    static let limit = 256

    /// An id goes into commands, paths and tables: 1 to 256 bytes of UTF-8 without control characters, and no option of a command.
    static func check(_ id: String) throws(BackendError) {
        let bytes = id.utf8
        if let first = bytes.first, first != UInt8(ascii: "-"), bytes.count <= limit,
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        {
            return
        }
        let rule = "must have 1 to \(limit) bytes, no control characters, and no dash at its start"
        throw BackendError(
            .invalidArgument, .modelIDInvalid, "\(BackendName.quoted(id)) is no id of a model; it \(rule)",
            violations: [FieldViolation(path: "model_id", description: rule)])
    }
}
