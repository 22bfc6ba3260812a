// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A position in the fields of an envelope, or of another message without a type.
///
/// It contains an offset and no bytes, so that it can be stored; pass the bytes to each step.
package struct EnvelopeCursor {
    /// A field's number and wire type.
    package struct Tag {
        package let field: UInt32
        package let wireType: UInt8
    }

    static var varint: UInt8 { 0 }
    package static var lengthDelimited: UInt8 { 2 }

    private(set) var offset: Int
    private let end: Int

    package init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    package var isAtEnd: Bool { offset >= end }

    mutating func number(in bytes: RawSpan) throws(EnvelopeError) -> UInt64 {
        guard offset < end else { throw .truncated }
        let first = bytes.byte(at: offset)
        if first < 0x80 {
            offset &+= 1
            return UInt64(first)
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset < end else { throw .truncated }
            let byte = bytes.byte(at: offset)
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 { throw .overlongNumber }
            offset &+= 1
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
    }

    package mutating func tag(in bytes: RawSpan) throws(EnvelopeError) -> Tag {
        let raw = try number(in: bytes)
        guard raw >> 3 > 0, raw <= UInt64(UInt32.max) else { throw .invalidFieldNumber }
        return Tag(field: UInt32(truncatingIfNeeded: raw >> 3), wireType: UInt8(truncatingIfNeeded: raw & 7))
    }

    /// The range of a field's bytes.
    package mutating func range(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> Range<Int> {
        guard tag.wireType == Self.lengthDelimited else { throw .wrongWireType(field: tag.field) }
        let length = try number(in: bytes)
        guard length <= UInt64(end &- offset) else { throw .truncated }
        let start = offset
        offset &+= Int(length)
        return start..<offset
    }

    /// The range of a field's text.
    package mutating func text(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> Range<Int> {
        let range = try range(of: tag, in: bytes)
        guard bytes.extracting(range).isText else { throw .invalidText(field: tag.field) }
        return range
    }

    mutating func number(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> UInt64 {
        guard tag.wireType == Self.varint else { throw .wrongWireType(field: tag.field) }
        return try number(in: bytes)
    }

    /// Skips an unknown field.
    package mutating func skip(_ tag: Tag, in bytes: RawSpan) throws(EnvelopeError) {
        switch tag.wireType {
        case Self.varint: _ = try number(in: bytes)
        case Self.lengthDelimited: _ = try range(of: tag, in: bytes)
        case 1: try skip(8)
        case 5: try skip(4)
        default: throw .unsupportedWireType(tag.wireType)
        }
    }

    private mutating func skip(_ count: Int) throws(EnvelopeError) {
        guard count <= end &- offset else { throw .truncated }
        offset &+= count
    }
}

/// Why bytes are not an envelope.
package enum EnvelopeError: Error, Hashable, Sendable {
    /// A field, or its length, extends past the end.
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
    /// A sub-message that may occur only once occurs twice.
    case repeatedMessage(field: UInt32)
}

extension EnvelopeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated: "a field extends past the end"
        case .overlongNumber: "a number has more than 64 bits"
        case .invalidFieldNumber: "a field number is invalid"
        case .unsupportedWireType(let type): "wire type \(type) is not used by proto3"
        case .wrongWireType(let field): "field \(field) has the wrong wire type"
        case .invalidText(let field): "field \(field) is not UTF-8, or contains a NUL"
        case .repeatedMessage(let field): "field \(field) occurs twice"
        }
    }
}
