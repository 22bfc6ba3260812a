// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite struct ResponseEnvelopeTests {
    private func read(_ bytes: [UInt8]) throws(EnvelopeError) -> ResponseEnvelope {
        try ResponseEnvelope(reading: ByteBuffer(bytes).bytes)
    }

    @Test func `no bytes are OK with an empty message`() throws {
        let envelope = try read([])
        #expect(envelope.status == nil)
        #expect(envelope.payload.isEmpty)
    }

    @Test(arguments: [0, 1, 127, 128, 16383, 16384, 100_000])
    func `an OK answer is one frame`(size: Int) throws {
        var buffer = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: 7, payloadSize: size, to: &buffer)
        buffer.append(contentsOf: [UInt8](repeating: 5, count: size))
        let header = FrameHeader(reading: buffer.bytes)
        #expect(header == FrameHeader(length: buffer.count - FrameHeader.byteCount, streamID: 7, type: .response))
        buffer.consume(FrameHeader.byteCount)
        #expect(buffer.count == ResponseEnvelope.size(payloadSize: size))
        #expect(try read(buffer.copied()).payload.count == size)
        #expect(try TTRPCResponse(decoding: buffer.copied()).payload.count == size)
    }

    @Test(arguments: [
        RPCStatus(.notFound, "no such backend"),
        RPCStatus(.unknown, ""),
        RPCStatus(RPCStatus.Code(rawValue: -5), "é"),
        RPCStatus(.aborted, "with details", details: [GoogleAny(typeURL: "t/a", value: [1]), GoogleAny()]),
    ])
    func `a status is read as it was written`(status: RPCStatus) throws {
        var buffer = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: 9, status: status, to: &buffer)
        let header = FrameHeader(reading: buffer.bytes)
        #expect(header == FrameHeader(length: buffer.count - FrameHeader.byteCount, streamID: 9, type: .response))
        buffer.consume(FrameHeader.byteCount)
        #expect(try read(buffer.copied()).status == status)
        let message = try #require(try TTRPCResponse(decoding: buffer.copied()).status)
        #expect(RPCStatus(message) == status)
    }

    @Test func `a status too long for a frame loses its details`() throws {
        let long = RPCStatus(
            .internal, String(repeating: "x", count: 5000),
            details: [GoogleAny(typeURL: "t/a", value: [UInt8](repeating: 0, count: 5 << 20))])
        var buffer = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: 9, status: long, to: &buffer)
        buffer.consume(FrameHeader.byteCount)
        let status = try #require(try read(buffer.copied()).status)
        #expect(status.code == .internal)
        #expect(status.message.hasPrefix("xxx"))
        #expect(status.details.isEmpty)
    }

    @Test func `a status with the code 0 is OK`() throws {
        #expect(try read(hex("0a 02 08 00  12 01 05")).status == nil)
    }

    @Test(arguments: [
        ("0a 05 08", EnvelopeError.truncated),
        ("0a 02 08 80", .truncated),
        ("0a 00 0a 00", .repeatedMessage(field: 1)),
        ("0a 03 12 01 ff", .invalidText(field: 2)),
        ("0a 02 0a 00", .wrongWireType(field: 1)),
        ("0a 05 1a 03 0a 01 ff", .invalidText(field: 1)),
        ("10 01", .wrongWireType(field: 2)),
    ])
    func `malformed bytes are refused`(bytes: String, error: EnvelopeError) {
        #expect(throws: error) { () throws(EnvelopeError) in try read(hex(bytes)) }
    }

    @Test func `a message of one endless character still fits a frame`() {
        var buffer = ByteBuffer()
        let message = "e" + String(repeating: "\u{301}", count: 3 << 20)
        ResponseEnvelope.writeFrame(streamID: 1, status: RPCStatus(.notFound, message), to: &buffer)
        #expect(buffer.count < 2048)
    }
}
