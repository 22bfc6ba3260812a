// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// The body of a Response frame, as ranges in it: only a status is copied.
///
/// `message Response { google.rpc.Status status = 1; bytes payload = 2; }`. A status that is absent, or whose code is
/// 0, is OK.
package struct ResponseEnvelope: Hashable, Sendable {
    /// How the call failed, nil if it did not.
    package private(set) var status: RPCStatus?
    package private(set) var payload = 0..<0

    /// Checks a whole body.
    package init(reading body: RawSpan) throws(EnvelopeError) {
        var cursor = EnvelopeCursor(0..<body.byteCount)
        var statusRange: Range<Int>?
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: body)
            switch tag.field {
            case 1:
                guard statusRange == nil else { throw .repeatedMessage(field: 1) }
                statusRange = try cursor.range(of: tag, in: body)
            case 2: payload = try cursor.range(of: tag, in: body)
            default: try cursor.skip(tag, in: body)
            }
        }
        if let statusRange {
            let read = try RPCStatus(reading: statusRange, of: body)
            if read.code != .ok { status = read }
        }
    }
}

// Writing.
extension ResponseEnvelope {
    /// The size of an OK answer's body, in bytes.
    @inlinable
    package static func size(payloadSize: Int) -> Int {
        guard payloadSize > 0 else { return 0 }
        return 1 + (70 &- UInt64(payloadSize).leadingZeroBitCount) / 7 + payloadSize
    }

    /// Writes a frame with an OK answer up to its payload: append `payloadSize` bytes next.
    ///
    /// The body must not be longer than a frame may be.
    @inlinable
    package static func writeFrame(streamID: UInt32, payloadSize: Int, to buffer: inout ByteBuffer) {
        let length = size(payloadSize: payloadSize)
        buffer.reserve(FrameHeader.byteCount + length)
        var words = FrameHeader(length: length, streamID: streamID, type: .response).words
        // Behind the header the tag of the payload and its size, which is less than four bytes of seven bits.
        var (rest, shift) = (UInt64(payloadSize), 24 as UInt64)
        words.1 |= 0x12 << 16
        while rest >= 0x80 {
            words.1 |= (rest & 0x7f | 0x80) &<< shift
            (rest, shift) = (rest &>> 7, shift &+ 8)
        }
        words.1 |= rest &<< shift
        buffer.append(words, count: FrameHeader.byteCount + length - payloadSize)
    }

    /// Writes a frame with an answer that is not OK.
    ///
    /// A status too long for a frame loses its details and the end of its message.
    package static func writeFrame(streamID: UInt32, status: RPCStatus, to buffer: inout ByteBuffer) {
        var status = status
        var statusSize = status.envelopeSize
        if EnvelopeWriting.size(ofField: statusSize) > FrameHeader.maximumLength {
            status = RPCStatus(status.code, status.message.cut(toBytes: 1024))
            statusSize = status.envelopeSize
        }
        let length = EnvelopeWriting.size(ofField: statusSize)
        FrameHeader(length: length, streamID: streamID, type: .response).write(to: &buffer)
        EnvelopeWriting.appendField(1, count: statusSize, to: &buffer)
        status.appendEnvelope(to: &buffer)
    }
}
