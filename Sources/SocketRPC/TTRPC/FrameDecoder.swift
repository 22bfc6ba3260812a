// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Finds the frames in a stream of bytes; the bytes stay where they are.
///
/// It looks at what is readable and says what is at its front. The caller takes that many bytes away and asks again. Between two
/// questions it remembers only how much of an oversized body is still to be thrown away.
package struct FrameDecoder: Hashable, Sendable {
    /// What is at the front of the bytes.
    package enum Step: Hashable, Sendable {
        /// No whole frame; more bytes have to come.
        case incomplete
        /// A frame: its header, then its body. Takes `FrameHeader.byteCount + length` bytes.
        case frame(FrameHeader)
        /// The header of a frame whose body is too long and will be thrown away. Takes `FrameHeader.byteCount` bytes.
        case oversized(FrameHeader)
        /// A header that no honest peer sends. The connection is to be closed; every later answer is this one again.
        case hostile(FrameHeader)
        /// So many bytes of an oversized body, which are to be thrown away.
        case discard(Int)
    }

    /// Bodies from here on have a length whose first byte is not zero, which the protocol reserves.
    package static var hostileLength: Int { 1 << 24 }

    private var toDiscard = 0
    private var discards: UInt64 = 0

    package init() {}

    /// Which oversized body, counted from 1, is thrown away and not over; 0: none.
    package var openDiscard: UInt64 { toDiscard > 0 ? discards : 0 }

    /// Says what is at the front of `bytes`.
    package mutating func next(in bytes: RawSpan) -> Step {
        guard bytes.byteCount > 0 else { return .incomplete }
        if toDiscard > 0 {
            let count = min(toDiscard, bytes.byteCount)
            toDiscard -= count
            return .discard(count)
        }
        guard bytes.byteCount >= FrameHeader.byteCount else { return .incomplete }
        let header = FrameHeader(reading: bytes)
        guard header.length <= FrameHeader.maximumLength else {
            guard header.length < Self.hostileLength else { return .hostile(header) }
            toDiscard = header.length
            discards += 1
            return .oversized(header)
        }
        guard bytes.byteCount &- FrameHeader.byteCount >= header.length else { return .incomplete }
        return .frame(header)
    }
}
