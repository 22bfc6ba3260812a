// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Streams each message of which is answered inline.
@Suite(.tags(.blocking)) struct InlineStreamTests {
    private static let path = "/test.Echo/Each"

    /// The frames of a stream with messages, which ends after them.
    private static func stream(_ keys: [String]) throws -> [UInt8] {
        try WirePeer.request(1, "Each", flags: .remoteOpen) + keys.flatMap { WirePeer.data(1, try message($0)) }
            + WirePeer.halfClose(1)
    }

    @Test func `over ttrpc, messages that come together are answered in order`() async throws {
        let keys = (0..<100).map { "\($0)" }
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(try Self.stream(keys))
            for key in keys { #expect(try await peer.receive().body == message(key)) }
            #expect(try await peer.receive().isEndOfStream)
        }
    }

    @Test func `over gRPC, messages that come together are answered in order`() async throws {
        let messages = try (0..<100).map { try message("\($0)") }
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, Self.path), .data(1, messages.flatMap { HTTP2Frame.message($0) }, endStream: true))
            let answer = try await peer.answer(1)
            #expect(answer.status == 0)
            #expect(answer.messages.map(\.payload) == messages)
        }
    }

    @Test func `messages wait for an answer that comes later`() async throws {
        let keys = ["a", "held", "b", "c"]
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(try Self.stream(keys))
            #expect(try await peer.receive().body == message("a"))
            _ = await test.echo.events.wait(for: 1)
            // Other calls are answered meanwhile.
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("i"))).header.streamID == 3)
            test.echo.release.send()
            for key in keys.dropFirst() { #expect(try await peer.receive().body == message(key)) }
            #expect(try await peer.receive().isEndOfStream)
        }
    }

    @Test(arguments: ["fail", "fail later"])
    func `a failure ends the stream, after the answers before it`(key: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(try Self.stream(["a", key, "b"]))
            #expect(try await peer.receive().body == message("a"))
            #expect(try await peer.receive().status?.code == .dataLoss)
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("i"))).header.streamID == 3)
        }
    }

    @Test func `a client that reads late gets all answers`() async throws {
        let keys = (0..<900).map { "\($0)" + String(repeating: "x", count: 1000) }
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(try Self.stream(keys))
            for key in keys { #expect(try await peer.receive().body == message(key)) }
            #expect(try await peer.receive().isEndOfStream)
        }
    }

    @Test(arguments: ["a", "held"])
    func `a stream that is cancelled is over`(key: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Each", flags: .remoteOpen), WirePeer.data(1, try message(key)))
            if key == "a" {
                #expect(try await peer.receive().body == message(key))
            } else {
                _ = await test.echo.events.wait(for: 1)
            }
            #expect(try await peer.call(WirePeer.frame(1, .cancel)).status?.code == .cancelled)
            let late = try await peer.call(WirePeer.data(1, try message("b")))
            #expect(late.status == ServerStreams.Refusal.inactiveStream.status)
        }
    }

    @Test(arguments: ["a", "held"])
    func `at its deadline a stream is over`(key: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Each", flags: .remoteOpen, timeoutNano: 50_000_000),
                WirePeer.data(1, try message(key)))
            var answer = try await peer.receive()
            if key == "a" { answer = try await peer.receive() }
            #expect(answer.status?.code == .deadlineExceeded)
        }
    }

    @Test func `over gRPC a client that gives little room gets all answers`() async throws {
        let messages = try (0..<15).map { try message("\($0)" + String(repeating: "x", count: 1000)) }
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 100)])
            try await peer.send(
                .request(1, Self.path), .data(1, messages.flatMap { HTTP2Frame.message($0) }, endStream: true))
            try await peer.send(.windowUpdate(1, 1 << 20))
            #expect(try await peer.answer(1).messages.map(\.payload) == messages)
        }
    }

    @Test func `over gRPC a stream that is reset while an answer is under way is over`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, Self.path), .data(1, HTTP2Frame.message(try message("held")), endStream: true))
            _ = await test.echo.events.wait(for: 1)
            try await peer.send(.reset(1, 8))
            #expect(await test.echo.events.wait(for: 2).count == 2)
            #expect(try await peer.call(3, "/test.Echo/Inline", try message("i")).status == 0)
        }
    }

    @Test func `a drain lets a stream go on`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Each", flags: .remoteOpen), WirePeer.data(1, try message("a")))
            #expect(try await peer.receive().body == message("a"))
            test.server.beginGracefulShutdown(grace: .seconds(60))
            #expect(try await peer.call(WirePeer.data(1, try message("b"))).body == message("b"))
            #expect(try await peer.call(WirePeer.halfClose(1)).isEndOfStream)
        }
    }
}
