// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite struct FrameDecoderTests {
    private static let transcript = hex(
        """
        00 00 00 03  00 00 00 01  01 00  61 62 63   # Request on stream 1, "abc"
        00 00 00 00  00 00 00 01  03 05             # Data on stream 1: the half close
        00 00 00 01  ff ff ff ff  2a ff  7a         # an unknown type and unknown flags, on the last ID
        """)

    private static let frames = [
        Seen(FrameHeader(length: 3, streamID: 1, type: .request), [0x61, 0x62, 0x63]),
        Seen(FrameHeader(length: 0, streamID: 1, type: .data, flags: [.remoteClosed, .noData]), []),
        Seen(
            FrameHeader(
                length: 1, streamID: .max, type: FrameType(rawValue: 0x2a), flags: FrameFlags(rawValue: 0xff)), [0x7a]),
    ]

    struct Seen: Equatable {
        let header: FrameHeader
        let body: [UInt8]

        init(_ header: FrameHeader, _ body: [UInt8]) {
            self.header = header
            self.body = body
        }
    }

    /// Takes every whole frame out of the buffer.
    private func frames(_ decoder: inout FrameDecoder, _ buffer: inout ByteBuffer) -> [Seen] {
        var frames: [Seen] = []
        while case .frame(let header) = decoder.next(in: buffer.bytes) {
            buffer.consume(FrameHeader.byteCount)
            frames.append(Seen(header, Array(buffer.copied().prefix(header.length))))
            buffer.consume(header.length)
        }
        return frames
    }

    @Test func `a header is written as it is read`() {
        var buffer = ByteBuffer()
        let header = FrameHeader(length: 0x01_0203, streamID: 0x0405_0607, type: .response, flags: .remoteOpen)
        header.write(to: &buffer)
        #expect(buffer.copied() == hex("00 01 02 03  04 05 06 07  02 02"))
        #expect(FrameHeader(reading: buffer.bytes) == header)
    }

    @Test func `frames come whole and in order`() {
        var decoder = FrameDecoder()
        var buffer = ByteBuffer(Self.transcript)
        #expect(frames(&decoder, &buffer) == Self.frames)
        #expect(buffer.count == 0)
        #expect(decoder.next(in: buffer.bytes) == .incomplete)
    }

    @Test func `every split of the bytes gives the same frames`() {
        for split in 0...Self.transcript.count {
            var decoder = FrameDecoder()
            var buffer = ByteBuffer(Array(Self.transcript[..<split]))
            var seen = frames(&decoder, &buffer)
            buffer.append(contentsOf: Array(Self.transcript[split...]))
            seen += frames(&decoder, &buffer)
            #expect(seen == Self.frames, "split at \(split)")
        }
    }

    @Test func `one byte at a time gives the same frames`() {
        var decoder = FrameDecoder()
        var buffer = ByteBuffer()
        var seen: [Seen] = []
        for byte in Self.transcript {
            buffer.append(byte)
            seen += frames(&decoder, &buffer)
        }
        #expect(seen == Self.frames)
    }

    @Test func `a body of 4 MiB is a frame`() {
        var decoder = FrameDecoder()
        let header = FrameHeader(length: 4 << 20, streamID: 1, type: .request)
        var buffer = ByteBuffer()
        header.write(to: &buffer)
        buffer.append(contentsOf: [UInt8](repeating: 0, count: (4 << 20) - 1))
        #expect(decoder.next(in: buffer.bytes) == .incomplete)
        #expect(decoder.awaited == (4 << 20) + FrameHeader.byteCount)
        buffer.append(0)
        #expect(decoder.next(in: buffer.bytes) == .frame(header))
        buffer.consume(buffer.count)
        buffer.append(contentsOf: [UInt8](repeating: 0, count: FrameHeader.byteCount - 1))
        #expect(decoder.next(in: buffer.bytes) == .incomplete)
        #expect(decoder.awaited == 0)
    }

    @Test(arguments: [(4 << 20) + 1, (16 << 20) - 1])
    func `a longer body is reported once and thrown away as it comes`(length: Int) {
        var decoder = FrameDecoder()
        let header = FrameHeader(length: length, streamID: 3, type: .data)
        var buffer = ByteBuffer()
        header.write(to: &buffer)
        #expect(decoder.next(in: buffer.bytes) == .oversized(header))
        buffer.consume(FrameHeader.byteCount)
        #expect(decoder.openDiscard != 0)
        #expect(decoder.next(in: buffer.bytes) == .incomplete)
        var left = length
        while left > 0 {
            let piece = min(left, 100_000)
            buffer.append(contentsOf: [UInt8](repeating: 9, count: piece))
            #expect(decoder.next(in: buffer.bytes) == .discard(piece))
            buffer.consume(piece)
            left -= piece
        }
        #expect(decoder.openDiscard == 0)
        buffer.append(contentsOf: Self.transcript)
        #expect(frames(&decoder, &buffer) == Self.frames)
    }

    @Test func `bytes behind an oversized body are not thrown away with it`() {
        var decoder = FrameDecoder()
        let length = (4 << 20) + 1
        var buffer = ByteBuffer()
        FrameHeader(length: length, streamID: 3, type: .request).write(to: &buffer)
        _ = decoder.next(in: buffer.bytes)
        buffer.removeAll()
        buffer.append(contentsOf: [UInt8](repeating: 9, count: length) + Self.transcript)
        #expect(decoder.next(in: buffer.bytes) == .discard(length))
        buffer.consume(length)
        #expect(frames(&decoder, &buffer) == Self.frames)
    }

    @Test(arguments: [1 << 24, 0xffff_ffff])
    func `a length from 16 MiB on is hostile`(length: Int) {
        var decoder = FrameDecoder()
        let header = FrameHeader(length: length, streamID: 1, type: .request)
        var buffer = ByteBuffer()
        header.write(to: &buffer)
        #expect(decoder.next(in: buffer.bytes) == .hostile(header))
        #expect(decoder.next(in: buffer.bytes) == .hostile(header))
    }
}
