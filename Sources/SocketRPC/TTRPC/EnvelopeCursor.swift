// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a walk over the fields of an envelope, or of another message without a type, has come.
///
/// It holds an offset and no bytes, so that it may be stored; each step is given the bytes again.
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

    /// The place of a field's bytes.
    package mutating func range(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> Range<Int> {
        guard tag.wireType == Self.lengthDelimited else { throw .wrongWireType(field: tag.field) }
        let length = try number(in: bytes)
        guard length <= UInt64(end &- offset) else { throw .truncated }
        let start = offset
        offset &+= Int(length)
        return start..<offset
    }

    /// The place of a field's text.
    package mutating func text(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> Range<Int> {
        let range = try range(of: tag, in: bytes)
        guard bytes.extracting(range).isText else { throw .invalidText(field: tag.field) }
        return range
    }

    mutating func number(of tag: Tag, in bytes: RawSpan) throws(EnvelopeError) -> UInt64 {
        guard tag.wireType == Self.varint else { throw .wrongWireType(field: tag.field) }
        return try number(in: bytes)
    }

    /// Goes past a field that is not known.
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
