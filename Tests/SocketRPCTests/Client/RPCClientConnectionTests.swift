// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Making connections, losing them, and what is sent again.
@Suite(.tags(.blocking)) struct RPCClientConnectionTests {
    private static let draining = RPCStatus(.unavailable, reason: "SERVER_DRAINING", "later")

    private static func call(
        _ client: RPCClient, _ key: String = "k", _ options: CallOptions = CallOptions()
    ) async throws -> String {
        try await client.unary(Echo.method("Some"), TTRPCKeyValue(key: key), options: options).key
    }

    private static func patient(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.restartWait = .seconds(60)
        configuration.backlogWait = .seconds(60)
        change(&configuration)
        return configuration
    }

    @Test func `a daemon that is not there is an error that says so`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await withRPCClient(path) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.code == .unavailable)
            #expect(status?.reason == "NO_DAEMON")
            #expect(
                status?.message == "cannot connect to \(path): No such file or directory; backendd is not running there"
            )
        }
    }

    @Test func `a socket without a listener is reported as a missing daemon`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        _ = try UnixSocket.listen(path: path)
        try await withRPCClient(path) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.reason == "NO_DAEMON")
        }
    }

    @Test(arguments: [true, false])
    func `what is not a socket is named as what it is, at once`(isDirectory: Bool) async throws {
        let directory = try TemporaryDirectory()
        let path = isDirectory ? directory.path : try directory.write("x", to: "s")
        try await withRPCClient(path, Self.patient { _ in }) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.reason == "CANNOT_CONNECT")
            let kind = isDirectory ? "a directory" : "a regular file"
            #expect(status?.message == "cannot connect to \(path): it is \(kind), not a socket")
        }
    }

    /// Root may connect to everything.
    private static var isRoot: Bool {
        guard let pair = try? UnixSocket.socketPair(), let peer = try? UnixSocket.peerCredentials(pair.first) else {
            return true
        }
        return peer.uid == 0
    }

    @Test(.enabled(if: !isRoot))
    func `a socket that the caller may not use is an error of its own`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try UnixSocket.listen(path: path, mode: 0)
        try await withRPCClient(path) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.code == .permissionDenied)
            #expect(status?.reason == "SOCKET_FORBIDDEN")
        }
        _ = consume listener
    }

    @Test func `a path that cannot be one is an error`() async throws {
        try await withRPCClient("/" + String(repeating: "x", count: 200)) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.reason == "CANNOT_CONNECT")
        }
    }

    @Test func `a full backlog is waited for`() async throws {
        let server = try ScriptedServer(backlog: 0)
        let before = try server.fillBacklog()
        try await withRPCClient(server.path, Self.patient()) { client in
            async let key = Self.call(client)
            for _ in before { _ = try await server.accept() }
            let peer = try await server.accept()
            try await peer.echo()
            let received = try await key
            #expect(received == "k")
        }
    }

    @Test func `the deadline ends the wait for a full backlog`() async throws {
        let server = try ScriptedServer(backlog: 0)
        let before = try server.fillBacklog()
        try await withRPCClient(server.path, Self.patient()) { client in
            let status = try await statusOf {
                _ = try await Self.call(client, "k", CallOptions(timeout: .milliseconds(50)))
            }
            #expect(status?.code == .deadlineExceeded)
        }
        #expect(!before.isEmpty)
    }

    @Test func `a backlog that stays full is an error in the end`() async throws {
        let server = try ScriptedServer(backlog: 0)
        let before = try server.fillBacklog()
        try await withRPCClient(server.path, Self.patient { $0.backlogWait = .milliseconds(20) }) { client in
            let status = try await statusOf { _ = try await Self.call(client) }
            #expect(status?.reason == "BACKLOG_FULL")
        }
        #expect(!before.isEmpty)
    }

    @Test func `a call whose request was sent is not sent again`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let lost: RPCStatus?
            do {
                async let status = statusOf { _ = try await Self.call(client, "lost") }
                let peer = try await server.accept()
                _ = try await peer.receive()
                _ = consume peer
                lost = try await status
            }
            #expect(lost?.code == .unavailable)
            #expect(lost?.reason == "CONNECTION_LOST")
            async let next = Self.call(client, "next")
            let peer = try await server.accept()
            let request = try await peer.receive()
            #expect(request.header.streamID == 1)
            let payload = try request.requestPayload
            #expect(payload == (try message("next")))
            try await peer.send(WirePeer.answer(1, payload))
            _ = try await next
        }
    }

    @Test func `a call of which nothing was sent is sent again`() async throws {
        let server = try ScriptedServer()
        let configuration = Self.patient { $0.outputHighMark = 64 << 20 }
        try await withRPCClient(server.path, configuration) { client in
            let isSending = AsyncSignal<Void>()
            async let stream = statusOf {
                try await client.withStream(
                    Echo.method("Some", .clientStreaming), options: CallOptions()
                ) { stream in
                    let message = TTRPCKeyValue(key: String(repeating: "x", count: 1 << 20))
                    for _ in 0..<8 { try await stream.send(message) }
                    isSending.send()
                    _ = try await stream.next()
                }
            }
            let peer = try await server.accept()
            await isSending.wait()
            let second = Task(executorPreference: client.loop) { try await Self.call(client, "again") }
            // What the task did on the loop is done when this comes back.
            await client.loop.run {}
            await client.loop.run {}
            _ = consume peer
            let next = try await server.accept()
            try await next.echo()
            let key = try await second.value
            #expect(key == "again")
            let status = try await stream
            #expect(status?.reason == "CONNECTION_LOST")
        }
    }

    @Test(arguments: [RPCKind.unary, .serverStreaming, .bidirectionalStreaming])
    func `a call that a draining server refused goes to its successor`(kind: RPCKind) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path, Self.patient()) { client in
            async let key = client.withStream(Echo.method("Some", kind), options: CallOptions()) { stream in
                if !(kind == .bidirectionalStreaming) { try await stream.send(TTRPCKeyValue(key: "k")) }
                return try await stream.next()?.key
            }
            var bodies: [[UInt8]] = []
            for _ in 0..<3 {
                let old = try await server.accept()
                bodies.append(try await old.receive().requestPayload)
                try await old.send(WirePeer.answer(1, Self.draining))
                let rest = try await old.raw.receiveToEnd()
                #expect(rest == [])
            }
            let new = try await server.accept()
            bodies.append(try await new.receive().requestPayload)
            try await new.send(WirePeer.answer(1, try message("new")))
            let received = try await key
            #expect(received == "new")
            #expect(Set(bodies).count == 1)
        }
    }

    @Test func `a stream with messages on their way is not sent again`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path, Self.patient()) { client in
            async let status = statusOf {
                try await client.withStream(
                    Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
                ) { stream in
                    try await stream.send(TTRPCKeyValue(key: "k"))
                    _ = try await stream.next()
                }
            }
            let peer = try await server.accept()
            _ = try await (peer.receive(), peer.receive())
            try await peer.send(WirePeer.answer(1, Self.draining))
            let outcome = try await status
            #expect(outcome?.reason == "SERVER_DRAINING")
        }
    }

    @Test func `a server that drains for too long is given up`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path, Self.patient { $0.restartWait = .zero }) { client in
            async let status = statusOf { _ = try await Self.call(client) }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(WirePeer.answer(1, Self.draining))
            let outcome = try await status
            #expect(outcome?.reason == "SERVER_DRAINING")
        }
    }

    @Test func `calls wait for a daemon that restarts`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await withRPCClient(path, Self.patient()) { client in
            try await Self.serveOnce(path, client, "1")
            try File.remove(path)
            async let second = Self.call(client, "2")
            try await ScriptedServer(path: path).accept().echo()
            let key = try await second
            #expect(key == "2")
        }
    }

    /// A daemon that is there before the call, and gone after it.
    private static func serveOnce(_ path: String, _ client: RPCClient, _ word: String) async throws {
        let server = try ScriptedServer(path: path)
        async let key = call(client, word)
        try await server.accept().echo()
        #expect(try await key == word)
    }

    @Test func `a connection that runs out of IDs is replaced`() async throws {
        let server = try ScriptedServer()
        let configuration = Self.patient { $0.streams.lastID = 3 }
        try await withRPCClient(server.path, configuration) { client in
            async let first = Self.call(client)
            let peer = try await server.accept()
            _ = try await peer.echo()
            _ = try await first
            async let second = Self.call(client)
            let last = try await peer.echo()
            _ = try await second
            #expect(last == 3)
            let rest = try await peer.raw.receiveToEnd()
            #expect(rest == [])
            async let third = Self.call(client)
            let id = try await server.accept().echo()
            _ = try await third
            #expect(id == 1)
        }
    }

    @Test func `calls beyond all bounds are refused`() async throws {
        let server = try ScriptedServer()
        let configuration = Self.patient {
            $0.streams.calls = 1
            $0.waitingCalls = 1
        }
        try await withRPCClient(server.path, configuration) { client in
            async let first = Self.call(client, "1")
            let peer = try await server.accept()
            let request = try await peer.receive()
            let second = Task(executorPreference: client.loop) { try await Self.call(client, "2") }
            await client.loop.run {}
            await client.loop.run {}
            let status = try await statusOf { _ = try await Self.call(client, "3") }
            #expect(status?.code == .resourceExhausted)
            #expect(status?.reason == "TOO_MANY_CALLS")
            try await peer.send(WirePeer.answer(1, try request.requestPayload))
            try await peer.echo()
            let keys = try await [first, second.value]
            #expect(keys == ["1", "2"])
        }
    }

    @Test func `a server that closes an idle connection is connected to again`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            for key in ["1", "2", "3"] {
                async let answer = Self.call(client, key)
                let peer = try await server.accept()
                try await peer.echo()
                let received = try await answer
                #expect(received == key)
                try peer.raw.shutdownWrite()
                let rest = try await peer.raw.receiveToEnd()
                #expect(rest == [])
            }
        }
    }
}
