// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The ten bytes before the body of every ttrpc frame, as `PROTOCOL.md` of containerd's ttrpc lays them out.
package struct FrameHeader: Hashable, Sendable {
    /// The size of a header, in bytes.
    @inlinable package static var byteCount: Int { 10 }
    /// The longest body that may be sent, in bytes.
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

    /// The frame that half closes a stream.
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

    /// Appends the header to `buffer`.
    @inlinable
    package func write(to buffer: inout ByteBuffer) {
        buffer.append(words, count: Self.byteCount)
    }

    /// The ten bytes; the other six are 0.
    @inlinable
    var words: (UInt64, UInt64) {
        let (length, id) = (UInt32(truncatingIfNeeded: length).bigEndian, streamID.bigEndian)
        return (UInt64(length) | UInt64(id) << 32, UInt64(type.rawValue) | UInt64(flags.rawValue) << 8)
    }
}

/// The flags of a ttrpc frame.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sender has ended its half of the stream.
    @inlinable package static var remoteClosed: FrameFlags { FrameFlags(rawValue: 1) }
    /// The sender has more to send on the stream.
    @inlinable package static var remoteOpen: FrameFlags { FrameFlags(rawValue: 2) }
    /// The frame has no message, which is different from an empty message.
    @inlinable package static var noData: FrameFlags { FrameFlags(rawValue: 4) }
}

/// The type of a ttrpc frame. Types that this version does not know are kept.
package struct FrameType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Client to server: opens a call.
    @inlinable package static var request: FrameType { FrameType(rawValue: 1) }
    /// Server to client: ends a call.
    @inlinable package static var response: FrameType { FrameType(rawValue: 2) }
    /// Either way: a message of a streaming call, or its half close.
    @inlinable package static var data: FrameType { FrameType(rawValue: 3) }
    /// Client to server: the caller has stopped waiting. Not part of the protocol; servers that do not support it
    /// ignore it.
    @inlinable package static var cancel: FrameType { FrameType(rawValue: 16) }
}
