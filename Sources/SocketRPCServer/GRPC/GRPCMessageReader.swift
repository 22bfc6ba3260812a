// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
package import SystemIO

/// Finds the messages in the bytes of a request, independent of frames: each is a flag, a length and that number of
/// bytes.
///
/// A message that exceeds the limit is refused by its length, before a byte of it is kept.
package struct GRPCMessageReader: ~Copyable {
    /// Why the bytes are not messages.
    package enum Fault: Error, Hashable {
        case unknownFlag(UInt8)
        case tooLong(Int)
    }

    package static let prefixSize = 5
    /// The longest message, the same as for ttrpc.
    package static let maximumLength = FrameHeader.maximumLength

    private var prefix: UInt64 = 0
    private var prefixCount = 0
    private var missing = 0
    /// Whether the message that is being read, or was read last, is compressed.
    package private(set) var isCompressed = false
    /// The bytes of the message that have come so far.
    package private(set) var message = ByteBuffer()

    package init() {}

    /// Whether a message is incomplete.
    package var isInsideMessage: Bool { prefixCount > 0 }

    /// The number of bytes that are kept of an incomplete message.
    package var keptCount: Int { isInsideMessage ? message.count : 0 }

    /// The number of bytes that its buffer takes beyond those.
    package var slack: Int { message.capacity - keptCount }

    /// Takes bytes up to the end of a message. Returns their number, and whether `message` is complete; the next bytes
    /// begin another one.
    package mutating func take(_ bytes: RawSpan) throws(Fault) -> (count: Int, isWhole: Bool) {
        var offset = 0
        if prefixCount == 0 { message.removeAll() }
        while prefixCount < Self.prefixSize {
            guard offset < bytes.byteCount else { return (offset, false) }
            prefix = prefix << 8 | UInt64(bytes.byte(at: offset))
            prefixCount += 1
            offset += 1
            if prefixCount == Self.prefixSize { try begin() }
        }
        let count = min(missing, bytes.byteCount - offset)
        message.reserve(count, of: message.count + missing)
        message.append(bytes.extracting(offset..<offset + count))
        missing -= count
        offset += count
        guard missing == 0 else { return (offset, false) }
        prefixCount = 0
        prefix = 0
        return (offset, true)
    }

    /// Returns the complete message and forgets it.
    package mutating func takeMessage() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &message)
        return taken
    }

    private mutating func begin() throws(Fault) {
        let flag = UInt8(truncatingIfNeeded: prefix >> 32)
        guard flag <= 1 else { throw .unknownFlag(flag) }
        missing = Int(prefix & 0xffff_ffff)
        guard missing <= Self.maximumLength else { throw .tooLong(missing) }
        isCompressed = flag == 1
    }
}
