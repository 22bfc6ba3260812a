// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why bytes are no envelope.
package enum EnvelopeError: Error, Hashable, Sendable {
    /// A field, or its length, goes past the end.
    case truncated
    /// A number of more than 64 bits.
    case overlongNumber
    /// A field with the number 0, or with one of more than 29 bits.
    case invalidFieldNumber
    /// A group, or a wire type that does not exist.
    case unsupportedWireType(UInt8)
    /// A known field with the wire type of another kind of field.
    case wrongWireType(field: UInt32)
    /// Text that is not UTF-8, or has a NUL.
    case invalidText(field: UInt32)
    /// A sub-message that may be there once, twice.
    case repeatedMessage(field: UInt32)
}

extension EnvelopeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated: "a field goes past the end"
        case .overlongNumber: "a number has more than 64 bits"
        case .invalidFieldNumber: "a field number is invalid"
        case .unsupportedWireType(let type): "wire type \(type) is not used by proto3"
        case .wrongWireType(let field): "field \(field) has the wrong wire type"
        case .invalidText(let field): "field \(field) is not UTF-8 without a NUL"
        case .repeatedMessage(let field): "field \(field) is there twice"
        }
    }
}
