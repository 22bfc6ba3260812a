// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CProtos

/// Why a message was not decoded or encoded.
package struct PayloadError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The bytes are not a message of the type.
        case malformed
        /// The message would take more memory than allowed.
        case tooLarge
        /// The value cannot be written: a string contains a NUL.
        case unencodable
    }

    package let kind: Kind
    package let message: String
    /// The field whose text is not UTF-8 or contains a NUL, by its name in the .proto file.
    package let textField: String?

    package init(_ kind: Kind, _ message: String, textField: String? = nil) {
        self.kind = kind
        self.message = message
        self.textField = textField
    }
}

extension PayloadError {
    /// The error for a finding of the decoder, with the name of the field.
    init(_ finding: message_finding) {
        var place = unsafe finding.message.map { unsafe String(cString: $0) } ?? "message"
        let field = unsafe finding.field.map { unsafe String(cString: $0) }
        if let field { place += ".\(field)" }
        let (kind, text): (Kind, String) =
            switch unsafe finding.fault {
            case MESSAGE_TRUNCATED: (.malformed, "ends in the middle of a value")
            case MESSAGE_BAD_VARINT: (.malformed, "has a number of more than 64 bits")
            case MESSAGE_BAD_FIELD_NUMBER: (.malformed, "has a field number that does not exist")
            case MESSAGE_BAD_WIRE_TYPE: (.malformed, "has a group or an unknown wire type")
            case MESSAGE_WRONG_WIRE_TYPE: (.malformed, "has a wire type that does not fit its type")
            case MESSAGE_NOT_UTF8: (.malformed, "is not UTF-8")
            case MESSAGE_NUL_IN_STRING: (.malformed, "holds a NUL")
            case MESSAGE_TOO_DEEP: (.malformed, "is nested deeper than 100 messages")
            case MESSAGE_TWICE: (.malformed, "comes twice")
            case MESSAGE_OVER_BUDGET: (.tooLarge, "takes too much memory when decoded")
            // MESSAGE_UNDECODABLE.
            default: (.malformed, "does not decode")
            }
        let isText = unsafe finding.fault == MESSAGE_NOT_UTF8 || finding.fault == MESSAGE_NUL_IN_STRING
        self.init(kind, "\(place) \(text)", textField: isText ? field : nil)
    }
}
