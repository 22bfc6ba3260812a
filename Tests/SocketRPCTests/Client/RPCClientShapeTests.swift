// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport
import Testing

/// What goes over the wire for each kind of call, and what may come back.
@Suite(.tags(.blocking)) struct RPCClientShapeTests {
    @Test func `a unary call is one request and one response`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let answer = client.unary(
                Echo.method("Some"), TTRPCKeyValue(key: "k"),
                options: CallOptions(timeout: .seconds(50), metadata: ["a": "1", "B": "2"]))
            let peer = try await server.accept()
            let request = try await peer.receive()
            #expect(request.header.type == .request)
            #expect(request.header.flags == [])
            #expect(request.header.streamID == 1)
            let (timeout, metadata, payload) = try (request.timeoutNano, request.metadata, request.requestPayload)
            #expect(timeout > 0 && timeout <= 50_000_000_000)
            #expect(metadata == ["a": "1", "b": "2"])
            #expect(payload == (try message("k")))
            try await peer.send(WirePeer.answer(1, payload))
            let key = try await answer.key
            #expect(key == "k")
        }
    }

    @Test func `a call without a limit tells the server of none`() async throws {
        let server = try ScriptedServer()
        var configuration = ClientConfiguration()
        configuration.timeout = nil
        try await withRPCClient(server.path, configuration) { client in
            async let answer = client.unary(Echo.method("Some"), TTRPCKeyValue(), options: CallOptions())
            let peer = try await server.accept()
            let request = try await peer.receive()
            let timeout = try request.timeoutNano
            #expect(timeout == 0)
            try await peer.send(WirePeer.answer(1))
            let key = try await answer.key
            #expect(key.isEmpty)
        }
    }

    @Test(arguments: ["", "k"])
    func `a server stream is one request and messages until the end`(key: String) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let keys = client.withStream(
                Echo.method("Some", .serverStreaming),
                options: CallOptions(timeout: .seconds(50), metadata: ["a": "1"])
            ) { stream in
                try await stream.send(TTRPCKeyValue(key: key))
                try await stream.finishSending()
                return try await stream.rest()
            }
            let peer = try await server.accept()
            let request = try await peer.receive()
            #expect(request.header.type == .request)
            #expect(request.header.flags == .remoteClosed)
            let (timeout, metadata, payload) = try (request.timeoutNano, request.metadata, request.requestPayload)
            #expect(timeout > 0)
            #expect(metadata == ["a": "1"])
            #expect(payload == (try message(key)))
            try await peer.send(
                WirePeer.data(1, try message("1")), WirePeer.data(1, []), WirePeer.halfClose(1))
            let received = try await keys
            #expect(received == ["1", ""])
        }
    }

    @Test func `a client stream is a request, messages, a half close and a response`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let keys = client.withStream(
                Echo.method("Some", .clientStreaming), options: CallOptions(timeout: .seconds(50))
            ) { stream in
                try await stream.send(TTRPCKeyValue(key: "1"))
                try await stream.send(TTRPCKeyValue())
                try await stream.finishSending()
                return try await stream.rest()
            }
            let peer = try await server.accept()
            let request = try await peer.receive()
            #expect(request.header.flags == .remoteOpen)
            let (timeout, payload) = try (request.timeoutNano, request.requestPayload)
            #expect(timeout > 0)
            #expect(payload.isEmpty)
            let (first, second, last) = try await (peer.receive(), peer.receive(), peer.receive())
            #expect(first.header.type == .data)
            #expect(first.header.flags == [])
            #expect(first.body == (try message("1")))
            #expect(second.header.flags == [])
            #expect(second.body == [])
            #expect(last.isEndOfStream)
            try await peer.send(WirePeer.answer(1, try message("sum")))
            let received = try await keys
            #expect(received == ["sum"])
        }
    }

    @Test func `a response may come before the half close`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let outcome = client.withStream(
                Echo.method("Some", .clientStreaming), options: CallOptions()
            ) { stream in
                let keys = try await stream.rest()
                let status = try await statusOf { try await stream.send(TTRPCKeyValue(key: "late")) }
                try await stream.finishSending()
                return (keys, status?.reason)
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(WirePeer.answer(1, []))
            let (keys, reason) = try await outcome
            #expect(keys == [""])
            #expect(reason == "CALL_ENDED")
        }
    }

    @Test func `the end of a stream may carry the last message`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let keys = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                try await stream.rest()
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(
                WirePeer.data(1, try message("1")), WirePeer.data(1, try message("2"), .remoteClosed))
            let received = try await keys
            #expect(received == ["1", "2"])
        }
    }

    @Test(arguments: [RPCKind.serverStreaming, .clientStreaming, .bidirectionalStreaming], [0, 2])
    func `a status ends a stream, after its messages`(kind: RPCKind, messages: Int) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let received = Recorder<String>()
            async let status = statusOf {
                try await client.withStream(Echo.method("Some", kind), options: CallOptions()) { stream in
                    try await stream.send(TTRPCKeyValue(key: "k"))
                    while let message = try await stream.next() { received.append(message.key) }
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            // On a call that is over, the client could not send its message.
            if kind.clientStreams { _ = try await peer.receive() }
            for index in 0..<messages { try await peer.send(WirePeer.data(1, try message("\(index)"))) }
            let failure = RPCStatus(.aborted, "enough", details: [GoogleAny(typeURL: "x/y", value: [1])])
            try await peer.send(WirePeer.answer(1, failure))
            let outcome = try await status
            #expect(outcome == failure)
            #expect(received.elements == (0..<messages).map { "\($0)" })
        }
    }

    @Test func `answers find their calls in any order`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let answers = withThrowingTaskGroup(of: Bool.self) { group in
                for key in 0..<10 {
                    group.addTask {
                        let request = TTRPCKeyValue(key: "\(key)")
                        return try await client.unary(Echo.method("Some"), request, options: CallOptions()) == request
                    }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            let peer = try await server.accept()
            var frames: [[UInt8]] = []
            var ids: [UInt32] = []
            for _ in 0..<10 {
                let request = try await peer.receive()
                ids.append(request.header.streamID)
                frames.append(WirePeer.answer(request.header.streamID, try request.requestPayload))
            }
            #expect(ids == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
            try await peer.send(frames.reversed().flatMap { $0 })
            let matches = try await answers
            #expect(matches == [Bool](repeating: true, count: 10))
        }
    }

    @Test func `a message of a kind that has one is refused the second time`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let status = statusOf {
                try await client.withStream(
                    Echo.method("Some", .serverStreaming), options: CallOptions()
                ) { stream in
                    try await stream.send(TTRPCKeyValue(key: "1"))
                    try await stream.send(TTRPCKeyValue(key: "2"))
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            let outcome = try await status
            #expect(outcome?.reason == "STREAM_MISUSED")
        }
    }
}

extension ClientStream where Response == TTRPCKeyValue {
    /// The keys of all messages until the end.
    func rest() async throws -> [String] {
        var keys: [String] = []
        while let message = try await next() { keys.append(message.key) }
        return keys
    }
}
