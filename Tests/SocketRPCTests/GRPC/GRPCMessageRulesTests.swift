// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Messages in the body of a request, whole and broken, plain and compressed.
@Suite(.tags(.blocking)) struct GRPCMessageRulesTests {
    private static let inline = "/test.Echo/Inline"
    private static let gzip = [("grpc-encoding", "gzip")]

    private func deflated(_ bytes: [UInt8]) -> [UInt8] {
        let input = ByteBuffer(bytes)
        var output = ByteBuffer()
        #expect(Gzip().deflate(input.bytes, into: &output))
        return output.copied()
    }

    /// Sends a body, in DATA frames of a size, and gives the answer; then the connection still serves.
    private func answer(
        _ path: String = inline, _ fields: [(String, String)] = [], body: [UInt8], by size: Int = 16_000
    ) async throws -> HTTP2Answer {
        // The body is sent at once, whatever its length.
        var configuration = ServerConfiguration()
        configuration.streamWindow = 8 << 20
        configuration.streams.streams = 2
        return try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 8 << 20)])
            try await peer.send(.windowUpdate(0, 8 << 20))
            var frames = HTTP2Frame.request(1, path, fields, endStream: body.isEmpty).bytes
            for start in stride(from: 0, to: body.count, by: size) {
                let piece = Array(body[start..<min(start + size, body.count)])
                frames += HTTP2Frame.data(1, piece, endStream: start + size >= body.count).bytes
            }
            async let sent: Void = peer.raw.send(frames)
            let answer = try await peer.answer(1)
            try await sent
            #expect(try await peer.call(3, Self.inline, try message("next")).status == 0)
            return answer
        }
    }

    @Test(arguments: [1, 2, 5, 7, 100])
    func `a message may come in frames of any size`(size: Int) async throws {
        for path in ["/test.Echo/Inline", "/test.Echo/Later", "/test.Echo/Async"] {
            let answer = try await answer(path, body: HTTP2Frame.message(try message("k", "value")), by: size)
            #expect(answer.status == 0)
            #expect(try answer.messages.map(\.payload) == [message("k", "value")])
        }
    }

    @Test func `the end of the stream may come alone`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, Self.inline), .data(1, HTTP2Frame.message(try message("k"))), .data(1, [], endStream: true))
            #expect(try await peer.answer(1).status == 0)
            // Trailers of a request end it as well.
            try await peer.send(
                .request(3, Self.inline), .data(3, HTTP2Frame.message(try message("k"))),
                HTTP2Frame(
                    HTTP2Frame.headers, HTTP2Frame.endHeaders | HTTP2Frame.endStream, stream: 3,
                    HTTP2Frame.block([("x-trailer", "ignored")])))
            #expect(try await peer.answer(3).status == 0)
        }
    }

    @Test func `a frame may hold many messages`() async throws {
        let body = try (0..<50).flatMap { HTTP2Frame.message(try message("\($0)")) }
        let answer = try await answer("/test.Echo/Collect", body: body)
        let said = try TTRPCKeyValue(decoding: try #require(answer.messages.first).payload)
        #expect(said.key == (0..<50).map { "\($0)" }.joined(separator: ","))
    }

    @Test func `a message of the limit is taken, one byte more is not`() async throws {
        let most = FrameHeader.maximumLength
        // A key and its length take five bytes at this size.
        let fits = try message(String(repeating: "x", count: most - 5))
        #expect(fits.count == most)
        let answer = try await answer("/test.Echo/Collect", body: HTTP2Frame.message(fits))
        #expect(answer.status == 0)
        #expect(answer.messages.first?.payload.count == fits.count)
        let refused = try await self.answer(body: [0] + HTTP2Frame.number(UInt32(most + 1)) + [1])
        #expect(refused.status == 8)
        #expect(try refused.details?.reason == "MESSAGE_TOO_LARGE")
    }

    @Test(arguments: ["/test.Echo/Inline", "/test.Echo/Chat"])
    func `a length over the limit is refused before the bytes come`(path: String) async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(.request(1, path), .data(1, [0, 0xff, 0xff, 0xff, 0xff]))
            let answer = try await peer.answer(1)
            #expect(answer.status == 8)
            // The client had not ended its half, so it is told that the rest is not read.
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, 0))
        }
    }

    @Test(arguments: [UInt8(2), 0xff])
    func `an unknown flag is an internal error`(flag: UInt8) async throws {
        for path in ["/test.Echo/Inline", "/test.Echo/Chat"] {
            let answer = try await answer(path, body: HTTP2Frame.message([], flag: flag))
            #expect(answer.status == 13)
            #expect(try answer.details?.reason == "MESSAGE_MALFORMED")
        }
    }

    @Test(arguments: ["/test.Echo/Inline", "/test.Echo/Chat", "/test.Echo/Repeat"])
    func `an end inside a message is an internal error`(path: String) async throws {
        for body in [[0], [0, 0, 0, 0, 2], [0, 0, 0, 0, 2, 1]] as [[UInt8]] {
            let answer = try await answer(path, body: body)
            #expect(answer.status == 13)
            #expect(try answer.details?.reason == "MESSAGE_MALFORMED")
        }
    }

    @Test(arguments: ["/test.Echo/Inline", "/test.Echo/Async", "/test.Echo/Repeat"])
    func `a call without its message is an internal error`(path: String) async throws {
        let answer = try await answer(path, body: [])
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "REQUEST_MISSING")
    }

    @Test(arguments: ["/test.Echo/Inline", "/test.Echo/Async", "/test.Echo/Repeat"])
    func `a second message is an internal error`(path: String) async throws {
        let one = HTTP2Frame.message(try message("a", "0"))
        let answer = try await answer(path, body: one + one)
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "TOO_MANY_MESSAGES")
    }

    @Test func `streams may end without a message`() async throws {
        #expect(try await answer("/test.Echo/Chat", body: []).status == 0)
        #expect(try await answer("/test.Echo/Collect", body: []).status == 0)
    }

    @Test func `a payload that does not decode is an internal error`() async throws {
        let answer = try await answer(body: HTTP2Frame.message([0x0a, 0xff]))
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "PAYLOAD_MALFORMED")
    }

    @Test(arguments: ["/test.Echo/Inline", "/test.Echo/Async", "/test.Echo/Chat", "/test.Echo/Collect"])
    func `a compressed message is inflated`(path: String) async throws {
        let body = HTTP2Frame.message(deflated(try message("k", "value")), flag: 1)
        let answer = try await answer(path, Self.gzip, body: body)
        #expect(answer.status == 0)
        #expect(try TTRPCKeyValue(decoding: try #require(answer.messages.first).payload).key == "k")
    }

    @Test func `compressed and plain messages may mix`() async throws {
        let body =
            try HTTP2Frame.message(deflated(message("a")), flag: 1) + HTTP2Frame.message(message("b"))
            + HTTP2Frame.message(deflated(message("c")), flag: 1)
        let answer = try await answer("/test.Echo/Collect", Self.gzip, body: body)
        #expect(try TTRPCKeyValue(decoding: try #require(answer.messages.first).payload).key == "a,b,c")
    }

    @Test func `a message compressed without saying how is an internal error`() async throws {
        let body = HTTP2Frame.message(deflated(try message("k")), flag: 1)
        for fields in [[], [("grpc-encoding", "identity")]] {
            let answer = try await answer(Self.inline, fields, body: body)
            #expect(answer.status == 13)
            #expect(try answer.details?.reason == "MESSAGE_MALFORMED")
        }
    }

    @Test func `an unknown compression is unimplemented, with the list of the known`() async throws {
        let fields = [("grpc-encoding", "snappy")]
        let answer = try await answer(Self.inline, fields, body: HTTP2Frame.message([1], flag: 1))
        #expect(answer.status == 12)
        #expect(answer.header("grpc-accept-encoding") == "identity,gzip")
        #expect(try answer.details?.reason == "ENCODING_UNKNOWN")
        // A message that is not compressed needs none.
        #expect(try await self.answer(Self.inline, fields, body: HTTP2Frame.message(message("k"))).status == 0)
    }

    @Test func `what is not gzip is an internal error`() async throws {
        let answer = try await answer(Self.inline, Self.gzip, body: HTTP2Frame.message([1, 2, 3], flag: 1))
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "MESSAGE_MALFORMED")
    }

    @Test func `a bomb is refused`() async throws {
        let bomb = deflated([UInt8](repeating: 0, count: 5 << 20))
        let answer = try await answer(Self.inline, Self.gzip, body: HTTP2Frame.message(bomb, flag: 1))
        #expect(answer.status == 8)
        #expect(try answer.details?.reason == "MESSAGE_TOO_LARGE")
    }

    @Test func `many bombs on one stream end it before they fill the memory`() async throws {
        let bomb = HTTP2Frame.message(deflated([UInt8](repeating: 0, count: 3 << 20)), flag: 1)
        let answer = try await answer("/test.Echo/Deaf", Self.gzip, body: bomb.repeated(20))
        #expect(answer.status == 8)
        #expect(try answer.details?.reason == "STREAM_OVER_BUDGET")
    }

    @Test func `an answer is compressed when the handler wants it and the client can read it`() async throws {
        let body = HTTP2Frame.message(try message("gzip", "value"))
        let packed = try await answer(
            "/test.Echo/Exchange", [("grpc-accept-encoding", "identity, deflate,gzip")], body: body)
        #expect(packed.header("grpc-encoding") == "gzip")
        let one = try #require(packed.messages.first)
        #expect(one.flag == 1)
        let input = ByteBuffer(one.payload)
        var output = ByteBuffer()
        try Gzip().inflate(input.bytes, into: &output, limit: 1000)
        #expect(try TTRPCKeyValue(decoding: output.copied()).value == "value")
        for fields in [[], [("grpc-accept-encoding", "identity")], [("grpc-accept-encoding", "gzipped")]] {
            let plain = try await answer("/test.Echo/Exchange", fields, body: body)
            #expect(plain.header("grpc-encoding") == nil)
            #expect(plain.messages.first?.flag == 0)
        }
    }

    @Test func `a handler knows whether its request came compressed`() async throws {
        let plain = try message("k")
        for (body, word) in [
            (HTTP2Frame.message(plain), "plain"), (HTTP2Frame.message(deflated(plain), flag: 1), "compressed"),
        ] {
            let answer = try await answer("/test.Echo/Exchange", Self.gzip, body: body)
            #expect(try TTRPCKeyValue(decoding: try #require(answer.messages.first).payload).key == word)
        }
    }
}
