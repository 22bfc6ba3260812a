// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// Follows the HTTP/2 frames in what a client sends without parsing them: where each ends, and its type.
///
/// Frames that belong together count as one unit: the preface with the first frame, which is SETTINGS, and a header
/// block with its continuations. So a client that stops in the middle of a unit is noticed, whatever it sends in
/// between.
package struct HTTP2FrameScanner {
    /// The parts of a frame's header that are used.
    package struct Frame: Hashable {
        package var type: UInt8
        package var flags: UInt8
        package var length: Int
        package var stream: UInt32

        package init(type: UInt8, flags: UInt8, length: Int, stream: UInt32 = 0) {
            self.type = type
            self.flags = flags
            self.length = length
            self.stream = stream
        }

        package static let data: UInt8 = 0
        package static let headers: UInt8 = 1
        package static let resetStream: UInt8 = 3
        package static let settings: UInt8 = 4
        package static let ping: UInt8 = 6
        package static let goAway: UInt8 = 7
        package static let continuation: UInt8 = 9
        /// END_STREAM, and ACK of SETTINGS and PING.
        package static let endsStream: UInt8 = 1
        package static let acknowledges: UInt8 = 1
        package static let endsHeaders: UInt8 = 4
        package static let isPadded: UInt8 = 8
    }

    private static let prefaceSize = 24
    private static let headerSize = 9

    private var unit: UInt64 = 0
    private var isInUnit = false
    /// The number of bytes of the preface or of a frame's body that are still to come.
    private var bodyRest = HTTP2FrameScanner.prefaceSize
    private var isInPreface = true
    private var header: UInt64 = 0
    private var headerCount = 0
    private var stream: UInt32 = 0
    private var frame = Frame(type: 0, flags: 0, length: 0)
    /// The next byte is the length of a DATA frame's padding.
    private var awaitsPadding = false
    /// Whether the padding of a DATA frame is longer than the frame. Nothing is scanned after it.
    package private(set) var isPaddingMalformed = false

    package init() {}

    /// The number, counted from 1, of an incomplete unit; 0: none.
    package var openUnit: UInt64 { isInUnit ? unit : 0 }

    /// Scans further bytes. Calls `body` with each frame whose header ends in them; it returns whether to continue.
    package mutating func scan(_ bytes: RawSpan, _ body: (Frame) -> Bool) {
        let count = bytes.byteCount
        var offset = 0
        while offset < count && !isPaddingMalformed {
            if !isInUnit {
                isInUnit = true
                unit += 1
            }
            if bodyRest > 0 {
                if awaitsPadding {
                    awaitsPadding = false
                    isPaddingMalformed = Int(bytes.byte(at: offset)) >= frame.length
                }
                let taken = min(bodyRest, count - offset)
                bodyRest -= taken
                offset += taken
                if bodyRest == 0 { bodyEnded() }
                continue
            }
            let byte = UInt64(bytes.byte(at: offset))
            offset += 1
            headerCount += 1
            if headerCount <= 5 {
                header = header << 8 | byte
            } else {
                stream = stream << 8 | UInt32(byte)
            }
            guard headerCount == Self.headerSize else { continue }
            guard headerEnded(body) else { return }
        }
    }

    private mutating func headerEnded(_ body: (Frame) -> Bool) -> Bool {
        frame = Frame(
            type: UInt8(truncatingIfNeeded: header >> 8), flags: UInt8(truncatingIfNeeded: header),
            length: Int(truncatingIfNeeded: header >> 16), stream: stream & 0x7fff_ffff)
        header = 0
        stream = 0
        headerCount = 0
        bodyRest = frame.length
        if frame.type == Frame.data && frame.flags & Frame.isPadded != 0 {
            awaitsPadding = frame.length > 0
            isPaddingMalformed = frame.length == 0
        }
        let goesOn = body(frame)
        if bodyRest == 0 { bodyEnded() }
        return goesOn
    }

    private mutating func bodyEnded() {
        if isInPreface {
            isInPreface = false
            return
        }
        let isBlock = frame.type == Frame.headers || frame.type == Frame.continuation
        isInUnit = isBlock && frame.flags & Frame.endsHeaders == 0
    }
}
