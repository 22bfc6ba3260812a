// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CProtos

extension PayloadError {
    /// The error for what the check found, naming the field.
    init(_ finding: message_finding) {
        var place = unsafe finding.message.map { unsafe String(cString: $0) } ?? "message"
        let field = unsafe finding.field.map { unsafe String(cString: $0) }
        if let field { place += ".\(field)" }
        let (kind, words): (Kind, String) =
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
            default: (.malformed, "does not decode")
            }
        let isText = unsafe finding.fault == MESSAGE_NOT_UTF8 || finding.fault == MESSAGE_NUL_IN_STRING
        self.init(kind, "\(place) \(words)", textField: isText ? field : nil)
    }
}
