// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a message was not decoded, or not encoded.
package struct PayloadError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The bytes are not a message of the type.
        case malformed
        /// The message would take more memory than one message may.
        case tooLarge
        /// The value cannot be written: a string holds a NUL.
        case unencodable
    }

    package let kind: Kind
    package let message: String
    /// The field whose text is not UTF-8 or holds a NUL, by the name that the .proto file gives it.
    package let textField: String?

    package init(_ kind: Kind, _ message: String, textField: String? = nil) {
        self.kind = kind
        self.message = message
        self.textField = textField
    }
}
