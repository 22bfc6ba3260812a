// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What a server may do wrong, and what becomes of the calls.
@Suite(.tags(.blocking)) struct RPCClientFailureTests {
    private static func call(_ client: RPCClient, _ key: String = "k") async throws -> String {
        try await client.unary(Echo.method("Some"), TTRPCKeyValue(key: key), options: CallOptions()).key
    }

    @Test func `frames for calls that do not exist change nothing`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let key = Self.call(client)
            let peer = try await server.accept()
            let payload = try await peer.receive().requestPayload
            try await peer.send(
                WirePeer.answer(99, try message("no")), WirePeer.data(2, [1]), WirePeer.halfClose(0),
                WirePeer.answer(4, RPCStatus(.invalidArgument, "StreamID must be odd")),
                WirePeer.frame(7, FrameType(rawValue: 200), [], [1, 2]), WirePeer.answer(1, payload))
            let received = try await key
            #expect(received == "k")
        }
    }

    @Test(arguments: [FrameType.data, .request, FrameType(rawValue: 16)])
    func `a wrong frame for a unary call breaks that call alone`(type: FrameType) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let broken = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let second = Self.call(client, "2")
            let request = try await peer.receive()
            try await peer.send(
                WirePeer.frame(1, type, [], try message("k")),
                WirePeer.answer(request.header.streamID, try request.requestPayload))
            let (status, key) = try await (broken, second)
            #expect(status?.code == .internal)
            #expect(status?.reason == "PROTOCOL_ERROR")
            #expect(key == "2")
        }
    }

    @Test func `an oversized answer fails its call alone`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let large = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let second = Self.call(client, "2")
            let request = try await peer.receive()
            let body = [UInt8](repeating: 0x12, count: FrameHeader.maximumLength + 1)
            try await peer.send(
                WirePeer.frame(1, .response, [], body),
                WirePeer.answer(request.header.streamID, try request.requestPayload))
            let (status, key) = try await (large, second)
            #expect(status?.code == .resourceExhausted)
            #expect(status?.reason == "MESSAGE_TOO_LARGE")
            #expect(key == "2")
        }
    }

    @Test func `the longest answer there may be arrives`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let answer = client.unary(
                RPCMethod<TTRPCKeyValue, GoogleAny>(service: "test.Echo", name: "Some", kind: .unary),
                TTRPCKeyValue(), options: CallOptions())
            let peer = try await server.accept()
            _ = try await peer.receive()
            // Five bytes are the field's in the envelope, five those of the field in the message.
            let value = [UInt8](repeating: 5, count: FrameHeader.maximumLength - 10)
            let frame = WirePeer.answer(1, try GoogleAny(value: value).encoded())
            #expect(frame.count == FrameHeader.byteCount + FrameHeader.maximumLength)
            try await peer.send(frame)
            let received = try await answer.value.count
            #expect(received == value.count)
        }
    }

    @Test func `an oversized request is refused before anything is sent`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let first = Self.call(client)
            let peer = try await server.accept()
            try await peer.echo()
            _ = try await first
            let status = try await statusOf {
                let value = String(repeating: "x", count: FrameHeader.maximumLength)
                _ = try await client.unary(Echo.method("Some"), TTRPCKeyValue(key: value), options: CallOptions())
            }
            #expect(status?.code == .resourceExhausted)
            #expect(status?.reason == "MESSAGE_TOO_LARGE")
            async let second = Self.call(client)
            let id = try await peer.echo()
            #expect(id == 3)
            _ = try await second
        }
    }

    @Test func `an oversized message is refused and its stream goes on`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let outcome = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                let status = try await statusOf {
                    let value = String(repeating: "x", count: FrameHeader.maximumLength)
                    try await stream.send(TTRPCKeyValue(key: value))
                }
                try await stream.send(TTRPCKeyValue(key: "small"))
                return (status?.reason, try await stream.rest())
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            let sent = try await peer.receive()
            #expect(sent.body == (try message("small")))
            try await peer.send(WirePeer.halfClose(1))
            let (reason, keys) = try await outcome
            #expect(reason == "MESSAGE_TOO_LARGE")
            #expect(keys == [])
        }
    }

    @Test func `a request that cannot be encoded is refused`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let status = try await statusOf { _ = try await Self.call(client, "a\0b") }
            #expect(status?.code == .invalidArgument)
            #expect(status?.reason == "PAYLOAD_UNENCODABLE")
        }
    }

    @Test(arguments: [hex("ff"), hex("0a 05 08"), hex("12 7f 00"), hex("08 01")])
    func `an answer that does not decode fails its call alone`(body: [UInt8]) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let broken = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(WirePeer.frame(1, .response, [], body))
            let status = try await broken
            #expect(status?.reason == "PROTOCOL_ERROR")
            async let second = Self.call(client)
            try await peer.echo()
            _ = try await second
        }
    }

    @Test func `an answer whose payload does not decode fails its call alone`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let broken = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(WirePeer.answer(1, hex("0a 02 c3 28")))
            let status = try await broken
            #expect(status?.code == .internal)
            #expect(status?.reason == "PAYLOAD_MALFORMED")
        }
    }

    @Test func `a peer that does not speak the protocol fails all calls`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let broken = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            let status = try await broken
            #expect(status?.code == .internal)
            #expect(status?.reason == "PROTOCOL_ERROR")
            let rest = try await peer.raw.receiveToEnd()
            #expect(rest == [])
        }
    }

    @Test func `a reader that takes nothing for too long loses its call, others go on`() async throws {
        let server = try ScriptedServer()
        var configuration = ClientConfiguration()
        configuration.readerPatience = .milliseconds(20)
        try await withRPCClient(server.path, configuration) { client in
            let isFull = AsyncSignal<Void>()
            async let lagging = statusOf {
                try await client.withStream(
                    Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
                ) { stream in
                    await isFull.wait()
                    _ = try await stream.rest()
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let first = Self.call(client, "1")
            let waiting = try await peer.receive()
            let piece = try message(String(repeating: "x", count: 100_000))
            for _ in 0..<20 { try await peer.send(WirePeer.data(1, piece)) }
            let halfClose = try await peer.receive()
            #expect(halfClose.isEndOfStream)
            #expect(halfClose.header.streamID == 1)
            try await peer.send(WirePeer.answer(waiting.header.streamID, try waiting.requestPayload))
            let key = try await first
            #expect(key == "1")
            isFull.send()
            let status = try await lagging
            #expect(status?.code == .resourceExhausted)
            #expect(status?.reason == "SLOW_READER")
        }
    }

    @Test func `a reader that lags and then reads gets everything, also beside other calls`() async throws {
        let server = try ScriptedServer()
        var configuration = ClientConfiguration()
        configuration.readerPatience = .seconds(600)
        try await withRPCClient(server.path, configuration) { client in
            let isFull = AsyncSignal<Void>()
            async let lagging = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                await isFull.wait()
                return try await stream.rest().count
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let other = Self.call(client, "1")
            let waiting = try await peer.receive()
            let piece = WirePeer.data(1, try message(String(repeating: "x", count: 100_000)))
            // More than the client keeps; the rest fits the socket.
            for _ in 0..<11 { try await peer.send(piece) }
            isFull.send()
            for _ in 0..<89 { try await peer.send(piece) }
            try await peer.send(
                WirePeer.halfClose(1), WirePeer.answer(waiting.header.streamID, try waiting.requestPayload))
            let (count, key) = try await (lagging, other)
            #expect(count == 100)
            #expect(key == "1")
        }
    }

    @Test func `a server that closes has said all that it sent, also to a reader that lags`() async throws {
        let server = try ScriptedServer()
        var configuration = ClientConfiguration()
        configuration.streams.streamBytes = 1000
        configuration.readerPatience = .seconds(600)
        try await withRPCClient(server.path, configuration) { client in
            let isClosed = AsyncSignal<Void>()
            async let lagging = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                await isClosed.wait()
                return try await stream.rest().count
            }
            func sendAndClose() async throws {
                let peer = try await server.accept()
                _ = try await peer.receive()
                let piece = WirePeer.data(1, try message(String(repeating: "x", count: 900)))
                for _ in 0..<20 { try await peer.send(piece) }
                try await peer.send(WirePeer.halfClose(1))
            }
            try await sendAndClose()
            isClosed.send()
            let count = try await lagging
            #expect(count == 20)
        }
    }

    /// What ends one stream of a connection, in frames of a server: their stream is 1, a call of `kind`.
    private static let breaches: [(RPCKind, [UInt8], String)] = [
        (.unary, WirePeer.answer(1, [0xff]), "PAYLOAD_MALFORMED"),
        (.unary, WirePeer.frame(1, .response, [], [0xff, 0xff]), "PROTOCOL_ERROR"),
        (.unary, WirePeer.data(1, [1]), "PROTOCOL_ERROR"),
        (.unary, WirePeer.frame(1, .request, [], []), "PROTOCOL_ERROR"),
        (.serverStreaming, WirePeer.data(1, [0xff]), "PAYLOAD_MALFORMED"),
        (.serverStreaming, WirePeer.frame(1, .response, [], [0xff, 0xff]), "PROTOCOL_ERROR"),
        (.bidirectionalStreaming, WirePeer.frame(1, FrameType(rawValue: 77), [], [1]), "PROTOCOL_ERROR"),
        (
            .bidirectionalStreaming,
            WirePeer.frame(1, .data, [], [UInt8](repeating: 0, count: FrameHeader.maximumLength + 1)),
            "MESSAGE_TOO_LARGE"
        ),
    ]

    @Test(arguments: breaches.indices)
    func `what is wrong on one stream ends that stream alone`(index: Int) async throws {
        let (kind, frames, reason) = Self.breaches[index]
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let broken = statusOf {
                if kind == .unary {
                    _ = try await Self.call(client)
                } else {
                    try await client.withStream(Echo.method("Some", kind), options: CallOptions()) { stream in
                        if kind == .serverStreaming { try await stream.send(TTRPCKeyValue(key: "k")) }
                        _ = try await stream.rest()
                    }
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let second = Self.call(client, "2")
            let request = try await peer.receive()
            // What comes for the stream behind its end changes nothing either.
            try await peer.send(
                frames, WirePeer.data(1, [1]), WirePeer.halfClose(1), WirePeer.answer(1),
                WirePeer.answer(request.header.streamID, try request.requestPayload))
            let (status, key) = try await (broken, second)
            #expect(status?.reason == reason)
            #expect(key == "2")
        }
    }

    @Test func `the only reader may lag, for the server waits`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let isSending = AsyncSignal<Void>()
            async let count = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                await isSending.wait()
                return try await stream.rest().count
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            let piece = WirePeer.data(1, try message(String(repeating: "x", count: 50_000)))
            // More than the client reads ahead, less than fits into that and the socket.
            for _ in 0..<12 { try await peer.send(piece) }
            isSending.send()
            for _ in 0..<188 { try await peer.send(piece) }
            try await peer.send(WirePeer.halfClose(1))
            let received = try await count
            #expect(received == 200)
        }
    }

    @Test func `reading goes on while writing has to wait`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let key = Self.call(client)
            let peer = try await server.accept()
            let request = try await peer.receive()
            let isSending = AsyncSignal<Void>()
            async let sent: Void = client.withStream(
                Echo.method("Some", .clientStreaming), options: CallOptions()
            ) { stream in
                let message = TTRPCKeyValue(key: String(repeating: "x", count: 100_000))
                isSending.send()
                for _ in 0..<50 { try await stream.send(message) }
                try await stream.finishSending()
                _ = try await stream.next()
            }
            await isSending.wait()
            try await peer.send(WirePeer.answer(1, try request.requestPayload))
            let received = try await key
            #expect(received == "k")
            var messages = 0
            while true {
                let frame = try await peer.receive()
                if frame.isEndOfStream { break }
                if frame.header.type == .data { messages += 1 }
            }
            #expect(messages == 50)
            try await peer.send(WirePeer.answer(3))
            try await sent
        }
    }
}
