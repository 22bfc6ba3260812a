// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The ten bytes before the body of every ttrpc frame, as `PROTOCOL.md` of containerd's ttrpc lays them out.
package struct FrameHeader: Hashable, Sendable {
    /// How many bytes a header has.
    @inlinable package static var byteCount: Int { 10 }
    /// The longest body that may be sent.
    @inlinable package static var maximumLength: Int { 4 << 20 }

    /// The number of bytes in the body.
    package let length: Int
    package let streamID: UInt32
    package let type: FrameType
    package let flags: FrameFlags

    @inlinable
    package init(length: Int, streamID: UInt32, type: FrameType, flags: FrameFlags = []) {
        self.length = length
        self.streamID = streamID
        self.type = type
        self.flags = flags
    }

    /// The frame that closes a stream's half.
    package static func halfClose(of id: UInt32) -> FrameHeader {
        FrameHeader(length: 0, streamID: id, type: .data, flags: [.remoteClosed, .noData])
    }

    /// The frame that cancels a call.
    package static func cancel(_ id: UInt32) -> FrameHeader { FrameHeader(length: 0, streamID: id, type: .cancel) }

    /// Reads a header from the first ten bytes.
    @inlinable
    package init(reading bytes: RawSpan) {
        length = Int(bytes.bigEndianUInt32(at: 0))
        streamID = bytes.bigEndianUInt32(at: 4)
        type = FrameType(rawValue: bytes.byte(at: 8))
        flags = FrameFlags(rawValue: bytes.byte(at: 9))
    }

    /// Writes the header behind what `buffer` holds.
    @inlinable
    package func write(to buffer: inout ByteBuffer) {
        buffer.append(bigEndian: UInt32(truncatingIfNeeded: length))
        buffer.append(bigEndian: streamID)
        buffer.append(type.rawValue)
        buffer.append(flags.rawValue)
    }
}
