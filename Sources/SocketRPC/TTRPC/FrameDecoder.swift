// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Finds the frames in a stream of bytes; the bytes stay where they are.
///
/// It reports what is at the front of the readable bytes. The caller removes those bytes and asks again. Between two
/// calls it only remembers how much of an oversized body is still to be discarded.
package struct FrameDecoder: Hashable, Sendable {
    /// What is at the front of the bytes.
    package enum Step: Hashable, Sendable {
        /// No complete frame; more bytes are needed.
        case incomplete
        /// A frame: its header, then its body. Takes `FrameHeader.byteCount + length` bytes.
        case frame(FrameHeader)
        /// The header of a frame whose body is too long and will be discarded. Takes `FrameHeader.byteCount` bytes.
        case oversized(FrameHeader)
        /// A header that no honest peer sends. Close the connection; every later call returns this again.
        case hostile(FrameHeader)
        /// The number of bytes of an oversized body to discard.
        case discard(Int)
    }

    /// From this length on, the first byte of the length is not zero, which the protocol reserves.
    package static var hostileLength: Int { 1 << 24 }

    /// The size of the frame that was incomplete just now, header included; 0: there is none, or too little of it to tell.
    package private(set) var awaited = 0

    private var toDiscard = 0
    private var discards: UInt64 = 0

    package init() {}

    /// The number, counted from 1, of the oversized body that is being discarded; 0: none.
    package var openDiscard: UInt64 { toDiscard > 0 ? discards : 0 }

    /// Returns what is at the front of `bytes`.
    package mutating func next(in bytes: RawSpan) -> Step {
        awaited = 0
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
        guard bytes.byteCount &- FrameHeader.byteCount >= header.length else {
            awaited = FrameHeader.byteCount &+ header.length
            return .incomplete
        }
        return .frame(header)
    }
}
