// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What RFC 9113 asks of a server about streams that are half closed, closed, skipped or too many, frame by frame.
@Suite(.tags(.blocking), .timeLimit(.minutes(1))) struct HTTP2StreamStateTests {
    private static let inline = "/test.Echo/Inline"
    private static let protocolError: UInt32 = 1
    private static let streamClosed: UInt32 = 5
    private static let refused: UInt32 = 7

    private static func get(_ stream: UInt32) -> HTTP2Frame {
        .request(stream, "/", [(":method", "GET")], without: ["content-type", "te"], endStream: true)
    }

    private static func priority(_ stream: UInt32) -> HTTP2Frame { HTTP2Frame(2, stream: stream, [0, 0, 0, 0, 255]) }

    private func withPeer<R: Sendable>(
        _ configuration: ServerConfiguration = ServerConfiguration(),
        _ body: @escaping @Sendable (HTTP2Peer) async throws -> R
    ) async throws -> R {
        try await withServer(configuration) { try await body(try await HTTP2Peer.connect($0.path)) }
    }

    @Test func `a plain GET gets a short text in a frame of data`() async throws {
        try await withPeer { peer in
            try await peer.send(Self.get(1))
            let answer = try await peer.answer(1)
            #expect(answer.httpStatus == "405")
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
            #expect(answer.body.count > 10)
            #expect(answer.body.last == UInt8(ascii: "\n"))
            #expect(answer.blocks == 1)
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a stream that its client resets is not reset in answer`() async throws {
        try await withPeer { peer in
            for stream: UInt32 in [1, 3, 5] {
                let cancel = HTTP2Frame(HTTP2Frame.reset, stream: stream, [0, 0, 0, 8])
                try await peer.send(Self.get(stream), cancel)
                try await peer.send(HTTP2Frame(HTTP2Frame.ping, 0, [1, 2, 3, 4, 5, 6, 7, 8]))
                while true {
                    let frame = try await peer.receive()
                    #expect(frame.type != HTTP2Frame.reset)
                    if frame.type == HTTP2Frame.ping { break }
                }
            }
        }
    }

    @Test func `the answer to HEAD has no body`() async throws {
        try await withPeer { peer in
            try await peer.send(.request(1, "/", [(":method", "HEAD")], endStream: true))
            let answer = try await peer.answer(1)
            #expect(answer.httpStatus == "405")
            #expect(answer.body.isEmpty)
        }
    }

    private static func post(_ stream: UInt32, _ length: Int) -> HTTP2Frame {
        .request(stream, "/", [("content-length", "\(length)")], without: ["content-type", "te"])
    }

    /// Answers to what was sent so far come before the answer to the ping.
    private func settle(_ peer: HTTP2Peer) async throws {
        try await peer.send(HTTP2Frame(HTTP2Frame.ping, 0, [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(try await peer.receive(HTTP2Frame.ping).payload == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test func `a plain request may still turn out malformed until it has ended`() async throws {
        try await withPeer { peer in
            try await peer.send(Self.post(1, 1))
            try await settle(peer)
            try await peer.send(.data(1, Array("test".utf8), endStream: true))
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, Self.protocolError))
            try await peer.send(Self.post(3, 4))
            try await settle(peer)
            try await peer.send(Self.post(3, 4))
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(3, Self.protocolError))
            #expect(try await peer.call(5, Self.inline).status == 0)
        }
    }

    @Test func `a plain request is answered when it has ended`() async throws {
        try await withPeer { peer in
            try await peer.send(Self.post(1, 4))
            try await settle(peer)
            try await peer.send(.data(1, Array("test".utf8), endStream: true))
            #expect(try await peer.answer(1).httpStatus == "404")
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a plain request with a long body is answered before it ends`() async throws {
        try await withPeer { peer in
            try await peer.send(Self.post(1, 1 << 20))
            for _ in 0...4 { try await peer.send(.data(1, [UInt8](repeating: 0, count: 4 << 10))) }
            #expect(try await peer.answer(1).httpStatus == "404")
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a plain request that does not end is answered when it has stalled`() async throws {
        var configuration = ServerConfiguration()
        configuration.writeStallTimeout = .milliseconds(50)
        try await withPeer(configuration) { peer in
            try await peer.send(Self.post(1, 4))
            #expect(try await peer.answer(1).httpStatus == "404")
        }
    }

    @Test func `a plain answer keeps to the window`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 5)])
            try await peer.send(Self.get(1))
            #expect(try await peer.receive(HTTP2Frame.data).payload.count == 5)
            try await peer.send(.windowUpdate(1, 1000))
            #expect(try await peer.receive(HTTP2Frame.data).endsStream)
        }
    }

    @Test func `window updates and priorities are taken on a stream that is half closed`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 0)])
            try await peer.send(Self.get(1), Self.priority(1), .windowUpdate(1, 1000))
            #expect(try await peer.answer(1).body.count > 10)
            try await peer.send(Self.priority(1), .windowUpdate(1, 1), .reset(1, 8))
            try await peer.send(.settings([(4, 65_535)]))
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a stream whose window overflows is reset once`() async throws {
        try await withPeer { peer in
            try await peer.send(.request(1, "/test.Echo/Chat"), .windowUpdate(1, 0x7fff_ffff))
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, 3))
            try await peer.send(.request(3, "/test.Echo/Chat"), .reset(3, 8), .data(3, [1]))
            // The next reset is that of the next stream.
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(3, Self.streamClosed))
        }
    }

    @Test(arguments: [HTTP2Frame.data, HTTP2Frame.headers])
    func `a frame on a half closed stream ends the connection`(type: UInt8) async throws {
        try await withPeer { peer in
            try await peer.send(.request(1, "/test.Echo/Hold"))
            try await peer.send(.data(1, HTTP2Frame.message(try message("x")), endStream: true))
            try await peer.send(type == HTTP2Frame.data ? .data(1, [1]) : .request(1, Self.inline))
            #expect(try await peer.goneAway().code == Self.streamClosed)
        }
    }

    @Test(arguments: [HTTP2Frame.data, HTTP2Frame.headers])
    func `a frame on a stream that both have ended ends the connection`(type: UInt8) async throws {
        try await withPeer { peer in
            #expect(try await peer.call(1, Self.inline).status == 0)
            #expect(try await peer.call(3, Self.inline).status == 0)
            try await peer.send(type == HTTP2Frame.data ? .data(1, [1]) : .request(1, Self.inline, endStream: true))
            #expect(try await peer.goneAway().code == Self.streamClosed)
        }
    }

    @Test(arguments: [HTTP2Frame.data, HTTP2Frame.headers])
    func `a frame on a stream that the client reset is an error of the stream`(type: UInt8) async throws {
        try await withPeer { peer in
            let late = type == HTTP2Frame.data ? HTTP2Frame.data(1, [1]) : .request(1, Self.inline)
            try await peer.send(.request(1, "/test.Echo/Chat"), .reset(1, 8), late)
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, Self.streamClosed))
            try await peer.send(late)
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, Self.streamClosed))
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a continuation on a stream that is over is a protocol error`() async throws {
        try await withPeer { peer in
            #expect(try await peer.call(1, Self.inline).status == 0)
            try await peer.send(HTTP2Frame(HTTP2Frame.continuation, 4, stream: 1))
            #expect(try await peer.goneAway().code == Self.protocolError)
        }
    }

    @Test func `what was under way when the server ended a stream is ignored`() async throws {
        try await withPeer { peer in
            try await peer.send(.request(1, "/no.Such/Method"))
            #expect(try await peer.answer(1).status == 12)
            try await peer.send(.data(1, [1, 2, 3]), .request(1, Self.inline, endStream: true))
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a number that was passed over cannot be used`() async throws {
        try await withPeer { peer in
            #expect(try await peer.call(5, Self.inline).status == 0)
            try await peer.send(.request(3, Self.inline, endStream: true))
            #expect(try await peer.goneAway().code == Self.protocolError)
        }
    }

    @Test func `streams over the limit are refused, whatever they ask for`() async throws {
        var configuration = ServerConfiguration()
        configuration.streams.streams = 10
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 0)])
            let streams = (0...10).map { UInt32($0 * 2 + 1) }
            for stream in streams { try await peer.send(Self.get(stream)) }
            try await peer.send(HTTP2Frame.settings([(4, 65_535)]))
            let answers = try await peer.answers(Set(streams))
            #expect(answers.filter { $0.value.httpStatus == "405" }.count == 10)
            #expect(answers[21]?.reset == Self.refused)
            try await peer.send(Self.get(23))
            #expect(try await peer.answer(23).httpStatus == "405")
        }
    }

    @Test(arguments: [true, false], [[6, 1, 1, 1, 1], [5, 1, 1, 1, 1], [1]] as [[UInt8]])
    func `padding longer than its frame is a protocol error, on whatever stream`(isOpen: Bool, bytes: [UInt8])
        async throws
    {
        try await withPeer { peer in
            try await peer.send(.request(1, isOpen ? "/test.Echo/Chat" : "/test.Echo/Nothing"))
            if !isOpen { _ = try await peer.receive(HTTP2Frame.reset) }
            try await peer.send(HTTP2Frame(HTTP2Frame.data, 9, stream: 1, bytes))
            #expect(try await peer.goneAway().code == Self.protocolError)
        }
    }
}

/// The same as values.
@Suite struct HTTP2StreamHistoryTests {
    private func frame(_ type: UInt8, _ stream: UInt32) -> HTTP2FrameScanner.Frame {
        HTTP2FrameScanner.Frame(type: type, flags: 4, length: 0, stream: stream)
    }

    @Test func `only the last streams are remembered`() {
        var history = HTTP2StreamHistory()
        for index in 0..<1000 as Range<UInt32> {
            let id = index * 2 + 1
            #expect(history.received(frame(1, id)) == .fine)
            #expect(history.received(frame(0, id)) == .fine)
            history.ended(id)
            #expect(history.received(frame(0, id)) == .ended)
        }
        #expect(history.received(frame(1, 1)) == .fine)
        #expect(history.received(frame(1, 1999 - 62)) == .ended)
    }

    @Test func `a reset is told from an end`() {
        var history = HTTP2StreamHistory()
        _ = history.received(frame(1, 1))
        _ = history.received(frame(1, 3))
        #expect(history.received(frame(3, 1)) == .fine)
        history.ended(1)
        history.ended(3)
        #expect(history.received(frame(3, 3)) == .fine)
        #expect(history.received(frame(0, 1)) == .reset)
        #expect(history.received(frame(0, 3)) == .ended)
    }

    @Test func `numbers that were passed over are remembered`() {
        var history = HTTP2StreamHistory()
        #expect(history.received(frame(1, 7)) == .fine)
        #expect(history.received(frame(1, 9)) == .fine)
        #expect(history.received(frame(1, 0xffff_fff1 & 0x7fff_ffff)) == .fine)
        for id in [1, 3, 5, 11, 99_999] as [UInt32] { #expect(history.received(frame(1, id)) == .skipped) }
        for id in [7, 9] as [UInt32] { #expect(history.received(frame(1, id)) == .fine) }
        for id in [0, 2, 8] as [UInt32] { #expect(history.received(frame(0, id)) == .fine) }
    }
}
