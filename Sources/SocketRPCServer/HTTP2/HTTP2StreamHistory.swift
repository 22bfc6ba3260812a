// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Remembers for a short while which streams the client must not use any more: the last streams that it ended or reset,
/// and the last numbers that it skipped.
///
/// nghttp2 would keep whole streams for this. A stream that only the server has ended is not remembered, because the
/// client may not know that yet. Frames of forgotten streams are ignored, like frames that were under way.
package struct HTTP2StreamHistory {
    package enum Verdict: Hashable {
        case fine
        /// The client ended the stream, and so did the server: a connection error.
        case ended
        /// The client reset the stream: an error of the stream.
        case reset
        /// The client skipped the number, which ended the stream: a connection error.
        case skipped
    }

    private static let streamLimit = 32
    private static let gapLimit = 8

    private var highest: UInt32 = 0
    /// Numbers of streams, which are odd; those of reset streams are kept one lower.
    private var closed: [UInt32] = []
    private var nextClosed = 0
    private var gaps: [ClosedRange<UInt32>] = []
    private var nextGap = 0

    package init() {}

    /// A frame's header has come.
    package mutating func received(_ frame: HTTP2FrameScanner.Frame) -> Verdict {
        typealias Frame = HTTP2FrameScanner.Frame
        let id = frame.stream
        guard id & 1 == 1 else { return .fine }
        switch frame.type {
        case Frame.headers:
            guard id <= highest else {
                opened(id)
                return .fine
            }
            return verdict(id)
        case Frame.data: return verdict(id)
        case Frame.resetStream:
            if id <= highest && verdict(id) == .fine { remember(id - 1) }
            return .fine
        default: return .fine
        }
    }

    /// A stream has ended on both sides.
    package mutating func ended(_ id: UInt32) {
        if verdict(id) == .fine { remember(id) }
    }

    private func verdict(_ id: UInt32) -> Verdict {
        for other in closed where other | 1 == id { return other == id ? .ended : .reset }
        return gaps.contains { $0.contains(id) } ? .skipped : .fine
    }

    private mutating func opened(_ id: UInt32) {
        let next = highest == 0 ? 1 : highest + 2
        highest = id
        guard id > next else { return }
        if gaps.count < Self.gapLimit {
            gaps.append(next...id - 2)
        } else {
            gaps[nextGap] = next...id - 2
        }
        nextGap = (nextGap + 1) % Self.gapLimit
    }

    private mutating func remember(_ number: UInt32) {
        if closed.count < Self.streamLimit {
            if closed.isEmpty { closed.reserveCapacity(Self.streamLimit) }
            closed.append(number)
        } else {
            closed[nextClosed] = number
        }
        nextClosed = (nextClosed + 1) % Self.streamLimit
    }
}
