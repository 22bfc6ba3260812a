// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite struct BlockingRPCClientTests {
    /// Runs a test's client on a thread of its own.
    private static func withClient<R: Sendable>(
        _ path: String, _ change: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (BlockingRPCClient) throws -> R
    ) async throws -> R {
        try await onThread {
            var configuration = ClientConfiguration()
            change(&configuration)
            return try body(BlockingRPCClient(path: path, configuration: configuration))
        }
    }

    private static func status(_ body: () throws -> Void) throws -> RPCStatus? {
        do {
            try body()
            return nil
        } catch let status as RPCStatus {
            return status
        }
    }

    private static func call(_ client: BlockingRPCClient, _ key: String = "k") throws -> String {
        try client.call(Echo.method("Some"), TTRPCKeyValue(key: key)).key
    }

    @Test(arguments: ["Inline", "Later", "Async"])
    func `calls are answered one after the other`(method: String) async throws {
        try await withServer { server in
            let keys = try await Self.withClient(server.path) { client in
                try (0..<100).map { try client.call(Echo.method(method), TTRPCKeyValue(key: "\($0)")).key }
            }
            #expect(keys == (0..<100).map { "\($0)" })
        }
    }

    @Test func `metadata and the deadline reach the handler`() async throws {
        try await withServer { server in
            let answer = try await Self.withClient(server.path) { client in
                try client.call(
                    Echo.method("Describe"), TTRPCKeyValue(),
                    options: CallOptions(timeout: .seconds(9), metadata: ["A": "1"]))
            }
            #expect(answer == TTRPCKeyValue(key: "test.Echo/Describe true", value: "a=1"))
        }
    }

    @Test func `the error of a handler arrives with its details`() async throws {
        try await withServer { server in
            let status = try await Self.withClient(server.path) { client in
                try Self.status { _ = try client.call(Echo.method("Fail"), TTRPCKeyValue()) }
            }
            #expect(status?.code == .failedPrecondition)
            #expect(status?.details == [GoogleAny(typeURL: "type/x", value: [1, 2, 3])])
        }
    }

    @Test func `a server stream arrives in order`() async throws {
        try await withServer { server in
            let keys = try await Self.withClient(server.path) { client in
                try client.withStream(Echo.method("Repeat", .serverStreaming)) { stream in
                    try stream.send(TTRPCKeyValue(key: "k", value: "20000"))
                    var keys: [String] = []
                    while let message = try stream.next() { keys.append(message.key) }
                    return keys
                }
            }
            #expect(keys.count == 20_000)
            #expect(keys.last == "k19999")
        }
    }

    @Test func `a client stream gets one answer`() async throws {
        try await withServer { server in
            let keys = try await Self.withClient(server.path) { client in
                try client.withStream(Echo.method("Collect", .clientStreaming)) { stream in
                    for key in ["a", "b"] { try stream.send(TTRPCKeyValue(key: key)) }
                    try stream.finishSending()
                    return [try stream.next()?.key, try stream.next()?.key]
                }
            }
            #expect(keys == ["a,b", nil])
        }
    }

    @Test func `calls may be made while a stream is open`() async throws {
        try await withServer { server in
            let keys = try await Self.withClient(server.path) { client in
                try client.withStream(Echo.method("Chat", .bidirectionalStreaming)) { stream in
                    try stream.send(TTRPCKeyValue(key: "1"))
                    let unary = try client.call(Echo.method("Async"), TTRPCKeyValue(key: "2")).key
                    try stream.send(TTRPCKeyValue(key: "3"))
                    try stream.finishSending()
                    return [unary, try stream.next()?.key, try stream.next()?.key, try stream.next()?.key]
                }
            }
            #expect(keys == ["2", "1", "3", nil])
        }
    }

    @Test func `a daemon that is not there is an error that says so`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let status = try await Self.withClient(path) { client in
            try Self.status { _ = try Self.call(client) }
        }
        #expect(status?.reason == "NO_DAEMON")
        #expect(
            status?.message == "cannot connect to \(path): No such file or directory; backendd is not running there")
    }

    @Test func `the deadline ends the wait, and a late answer is ignored`() async throws {
        let server = try ScriptedServer()
        async let outcome = Self.withClient(server.path) { client in
            let status = try Self.status {
                _ = try client.call(
                    Echo.method("Some"), TTRPCKeyValue(key: "1"), options: CallOptions(timeout: .seconds(2)))
            }
            return (status, try Self.call(client, "2"))
        }
        let peer = try await server.accept()
        let first = try await peer.receive()
        let timeout = try first.timeoutNano
        #expect(timeout > 0 && timeout <= 2_000_000_000)
        let second = try await peer.receive()
        try await peer.send(
            WirePeer.answer(1, try first.requestPayload), WirePeer.answer(3, try second.requestPayload))
        let (status, key) = try await outcome
        #expect(status?.code == .deadlineExceeded)
        #expect(key == "2")
    }

    @Test func `the deadline of a stream ends it with a half close`() async throws {
        let server = try ScriptedServer()
        async let outcome = Self.withClient(server.path) { client in
            try Self.status {
                try client.withStream(
                    Echo.method("Some", .bidirectionalStreaming), options: CallOptions(timeout: .seconds(2))
                ) { _ = try $0.next() }
            }
        }
        let peer = try await server.accept()
        let request = try await peer.receive()
        let timeout = try request.timeoutNano
        #expect(timeout > 0)
        let halfClose = try await peer.receive()
        #expect(halfClose.isEndOfStream)
        let status = try await outcome
        #expect(status?.code == .deadlineExceeded)
    }

    @Test func `a stream that is left is half closed, and the connection lives on`() async throws {
        let server = try ScriptedServer()
        async let key = Self.withClient(server.path) { client in
            try client.withStream(Echo.method("Some", .bidirectionalStreaming)) { _ in }
            return try Self.call(client, "2")
        }
        let peer = try await server.accept()
        _ = try await peer.receive()
        let halfClose = try await peer.receive()
        #expect(halfClose.isEndOfStream)
        try await peer.send(WirePeer.data(1, [1]))
        let id = try await peer.echo()
        #expect(id == 3)
        let received = try await key
        #expect(received == "2")
    }

    @Test func `a server stream that is left ends with its connection`() async throws {
        let server = try ScriptedServer()
        async let key = Self.withClient(server.path) { client in
            try client.withStream(Echo.method("Some", .serverStreaming)) { try $0.send(TTRPCKeyValue(key: "1")) }
            return try Self.call(client, "2")
        }
        let peer = try await server.accept()
        _ = try await peer.receive()
        let rest = try await peer.raw.receiveToEnd()
        #expect(rest == WirePeer.frame(1, .cancel))
        try await server.accept().echo()
        let received = try await key
        #expect(received == "2")
    }

    @Test func `a connection that was lost while idle is replaced`() async throws {
        let server = try ScriptedServer()
        try await withEventLoop { loop in
            let client = LoopBound(sending: BlockingRPCClient(path: server.path), on: loop)
            async let first = loop.run { try client.withValue { try Self.call($0, "1") } }
            try await server.accept().echo()
            var key = try await first
            #expect(key == "1")
            async let second = loop.run { try client.withValue { try Self.call($0, "2") } }
            try await server.accept().echo()
            key = try await second
            #expect(key == "2")
        }
    }

    @Test func `a daemon that restarts is waited for`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await withEventLoop { loop in
            var configuration = ClientConfiguration()
            configuration.restartWait = .seconds(60)
            let client = LoopBound(sending: BlockingRPCClient(path: path, configuration: configuration), on: loop)
            try await Self.serveOnce(path, client)
            try File.remove(path)
            async let key = loop.run { try client.withValue { try Self.call($0, "2") } }
            try await ScriptedServer(path: path).accept().echo()
            let received = try await key
            #expect(received == "2")
        }
    }

    private static func serveOnce(_ path: String, _ client: LoopBound<BlockingRPCClient>) async throws {
        let server = try ScriptedServer(path: path)
        async let key = client.loop.run { try client.withValue { try call($0, "1") } }
        try await server.accept().echo()
        #expect(try await key == "1")
    }

    @Test func `the deadline ends the wait for a daemon that restarts`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await withEventLoop { loop in
            var configuration = ClientConfiguration()
            configuration.restartWait = .seconds(600)
            let client = LoopBound(sending: BlockingRPCClient(path: path, configuration: configuration), on: loop)
            try await Self.serveOnce(path, client)
            let status = try await loop.run {
                try client.withValue { client in
                    try Self.status {
                        _ = try client.call(
                            Echo.method("Some"), TTRPCKeyValue(), options: CallOptions(timeout: .milliseconds(20)))
                    }
                }
            }
            #expect(status?.code == .deadlineExceeded)
        }
    }

    @Test func `a call that a draining server refused goes to its successor`() async throws {
        let server = try ScriptedServer()
        async let key = Self.withClient(server.path, { $0.restartWait = .seconds(60) }) { try Self.call($0, "k") }
        for _ in 0..<2 {
            let old = try await server.accept()
            _ = try await old.receive()
            try await old.send(WirePeer.answer(1, RPCStatus(.unavailable, reason: "SERVER_DRAINING", "later")))
            #expect(try await old.raw.receiveToEnd() == [])
        }
        try await server.accept().echo()
        let received = try await key
        #expect(received == "k")
    }

    @Test func `a handler that is unavailable is no end of the connection`() async throws {
        let server = try ScriptedServer()
        async let outcome = Self.withClient(server.path) { client in
            let status = try Self.status { _ = try Self.call(client, "1") }
            return (status?.reason, try Self.call(client, "2"))
        }
        let peer = try await server.accept()
        _ = try await peer.receive()
        try await peer.send(WirePeer.answer(1, RPCStatus(.unavailable, reason: "BUSY", "later")))
        let id = try await peer.echo()
        #expect(id == 3)
        let (reason, key) = try await outcome
        #expect(reason == "BUSY")
        #expect(key == "2")
    }

    @Test func `a call whose request was sent is not sent again`() async throws {
        let server = try ScriptedServer()
        async let status = Self.withClient(server.path) { client in
            try Self.status { _ = try Self.call(client) }
        }
        do {
            let peer = try await server.accept()
            _ = try await peer.receive()
        }
        let outcome = try await status
        #expect(outcome?.reason == "CONNECTION_LOST")
    }

    @Test func `an oversized request is refused before anything is sent`() async throws {
        let server = try ScriptedServer()
        async let outcome = Self.withClient(server.path) { client in
            let status = try Self.status {
                _ = try Self.call(client, String(repeating: "x", count: FrameHeader.maximumLength))
            }
            return (status?.reason, try Self.call(client, "2"))
        }
        let id = try await server.accept().echo()
        #expect(id == 1)
        let (reason, key) = try await outcome
        #expect(reason == "MESSAGE_TOO_LARGE")
        #expect(key == "2")
    }

    @Test func `an oversized answer fails its call alone`() async throws {
        let server = try ScriptedServer()
        async let outcome = Self.withClient(server.path) { client in
            let status = try Self.status { _ = try Self.call(client) }
            return (status?.code, try Self.call(client, "2"))
        }
        let peer = try await server.accept()
        _ = try await peer.receive()
        try await peer.send(
            WirePeer.frame(1, .response, [], [UInt8](repeating: 0, count: FrameHeader.maximumLength + 1)))
        try await peer.echo()
        let (code, key) = try await outcome
        #expect(code == .resourceExhausted)
        #expect(key == "2")
    }

    @Test func `reading goes on while writing has to wait`() async throws {
        try await withServer { server in
            let counts = try await Self.withClient(
                server.path, { $0.streams.streamBytes = 64 << 20 },
                { client in
                    try client.withStream(Echo.method("Chat", .bidirectionalStreaming)) { stream in
                        let message = TTRPCKeyValue(key: String(repeating: "x", count: 100_000))
                        for _ in 0..<100 { try stream.send(message) }
                        try stream.finishSending()
                        var count = 0
                        while try stream.next() != nil { count += 1 }
                        return count
                    }
                })
            #expect(counts == 100)
        }
    }

    @Test func `a full backlog is waited for until the deadline`() async throws {
        let server = try ScriptedServer(backlog: 0)
        let before = try server.fillBacklog()
        let status = try await Self.withClient(server.path) { client in
            try Self.status {
                _ = try client.call(
                    Echo.method("Some"), TTRPCKeyValue(), options: CallOptions(timeout: .milliseconds(50)))
            }
        }
        #expect(status?.code == .deadlineExceeded)
        async let key = Self.withClient(server.path) { try Self.call($0) }
        for _ in before { _ = try await server.accept() }
        try await server.accept().echo()
        let received = try await key
        #expect(received == "k")
    }

    @Test func `a client that was closed connects again`() async throws {
        let server = try ScriptedServer()
        async let keys = Self.withClient(server.path) { client in
            let first = try Self.call(client, "1")
            client.close()
            return [first, try Self.call(client, "2")]
        }
        let peer = try await server.accept()
        try await peer.echo()
        let rest = try await peer.raw.receiveToEnd()
        #expect(rest == [])
        try await server.accept().echo()
        let received = try await keys
        #expect(received == ["1", "2"])
    }
}
