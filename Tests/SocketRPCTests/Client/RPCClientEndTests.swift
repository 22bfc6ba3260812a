// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Deadlines, cancellation, and the end of a client.
@Suite(.tags(.blocking)) struct RPCClientEndTests {
    /// Long enough for a request to be sent by a busy machine.
    private static let soon = CallOptions(timeout: .seconds(2))

    private static func call(
        _ client: RPCClient, _ key: String = "k", _ options: CallOptions = CallOptions()
    ) async throws -> String {
        try await client.unary(Echo.method("Some"), TTRPCKeyValue(key: key), options: options).key
    }

    @Test func `the deadline of a unary call ends the wait, and a late answer is ignored`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let late = statusOf { _ = try await Self.call(client, "late", Self.soon) }
            let peer = try await server.accept()
            let status = try await late
            #expect(status?.code == .deadlineExceeded)
            let request = try await peer.receive()
            try await peer.send(WirePeer.answer(1, try request.requestPayload))
            async let second = Self.call(client, "2")
            let id = try await peer.echo()
            let key = try await second
            #expect(id == 3)
            #expect(key == "2")
        }
    }

    @Test func `the default timeout counts if a call sets none`() async throws {
        let server = try ScriptedServer()
        var configuration = ClientConfiguration()
        configuration.timeout = .milliseconds(20)
        configuration.streamTimeout = .milliseconds(20)
        try await withRPCClient(server.path, configuration) { client in
            let unary = try await statusOf { _ = try await Self.call(client) }
            let stream = try await statusOf {
                try await client.withStream(
                    Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
                ) { _ = try await $0.next() }
            }
            #expect(unary?.code == .deadlineExceeded)
            #expect(stream?.code == .deadlineExceeded)
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `a deadline that has passed fails without a connection`(timeout: Duration) async throws {
        try await withRPCClient("/nowhere/at/all") { client in
            let status = try await statusOf { _ = try await Self.call(client, "k", CallOptions(timeout: timeout)) }
            #expect(status?.code == .deadlineExceeded)
        }
    }

    @Test(arguments: [RPCKind.clientStreaming, .bidirectionalStreaming])
    func `the deadline of a stream ends it with a half close`(kind: RPCKind) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let late = statusOf {
                try await client.withStream(Echo.method("Some", kind), options: Self.soon) { stream in
                    _ = try await stream.next()
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            let halfClose = try await peer.receive()
            #expect(halfClose.isEndOfStream)
            let status = try await late
            #expect(status?.code == .deadlineExceeded)
        }
    }

    @Test func `cancelling the task ends a unary call, and the connection with its last call`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let task = Task { try await statusOf { _ = try await Self.call(client) } }
            let peer = try await server.accept()
            _ = try await peer.receive()
            task.cancel()
            let status = try await task.value
            #expect(status?.code == .cancelled)
            let rest = try await peer.raw.receiveToEnd()
            #expect(rest == WirePeer.frame(1, .cancel))
        }
    }

    @Test func `a cancelled call lets the others on its connection end`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let task = Task { try await statusOf { _ = try await Self.call(client) } }
            let peer = try await server.accept()
            _ = try await peer.receive()
            async let second = Self.call(client, "2")
            let request = try await peer.receive()
            task.cancel()
            _ = try await task.value
            try await peer.send(WirePeer.answer(request.header.streamID, try request.requestPayload))
            let key = try await second
            #expect(key == "2")
            let rest = try await peer.raw.receiveToEnd()
            #expect(rest == WirePeer.frame(1, .cancel))
        }
    }

    @Test func `a task that is cancelled before it calls sends nothing`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let status = try await withThrowingTaskGroup(of: RPCStatus?.self) { group in
                group.cancelAll()
                group.addTask { try await statusOf { _ = try await Self.call(client) } }
                return try await group.next() ?? nil
            }
            #expect(status?.code == .cancelled)
        }
    }

    @Test func `cancelling the task of a stream sends the half close`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let task = Task {
                try await statusOf {
                    try await client.withStream(
                        Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
                    ) { _ = try await $0.next() }
                }
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            task.cancel()
            let halfClose = try await peer.receive()
            #expect(halfClose.isEndOfStream)
            let status = try await task.value
            #expect(status?.code == .cancelled)
            async let second = Self.call(client)
            let id = try await peer.echo()
            _ = try await second
            #expect(id == 3)
        }
    }

    private struct Surprise: Error {}

    @Test(arguments: [true, false])
    func `a stream that is left is half closed`(isThrowing: Bool) async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let left: Void = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                try await stream.send(TTRPCKeyValue(key: "k"))
                if isThrowing { throw Surprise() }
            }
            let peer = try await server.accept()
            _ = try await (peer.receive(), peer.receive())
            let halfClose = try await peer.receive()
            #expect(halfClose.isEndOfStream)
            do {
                try await left
                #expect(!isThrowing)
            } catch is Surprise {
                #expect(isThrowing)
            }
        }
    }

    @Test func `a server stream that is left ends with its connection`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            async let first = client.withStream(
                Echo.method("Some", .serverStreaming), options: CallOptions()
            ) { stream in
                try await stream.send(TTRPCKeyValue(key: "k"))
                return try await stream.next()?.key
            }
            let peer = try await server.accept()
            _ = try await peer.receive()
            try await peer.send(WirePeer.data(1, try message("1")))
            let key = try await first
            #expect(key == "1")
            let rest = try await peer.raw.receiveToEnd()
            #expect(rest == WirePeer.frame(1, .cancel))
            async let second = Self.call(client)
            let next = try await server.accept()
            let id = try await next.echo()
            _ = try await second
            #expect(id == 1)
        }
    }

    @Test func `cancelling one wait for a message leaves the stream as it is`() async throws {
        let server = try ScriptedServer()
        try await withRPCClient(server.path) { client in
            let isWaiting = AsyncSignal<Void>()
            async let key = client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { stream in
                let status = try await withThrowingTaskGroup(of: RPCStatus?.self) { group in
                    group.addTask { try await statusOf { _ = try await stream.next() } }
                    group.cancelAll()
                    return try await group.next() ?? nil
                }
                #expect(status?.code == .cancelled)
                isWaiting.send()
                return try await stream.next()?.key
            }
            let peer = try await server.accept()
            await isWaiting.wait()
            try await peer.send(WirePeer.data(1, try message("1")), WirePeer.halfClose(1))
            let received = try await key
            #expect(received == "1")
        }
    }

    @Test func `closing fails what is open and refuses what comes`() async throws {
        let server = try ScriptedServer()
        let client = try RPCClient(path: server.path)
        async let open = statusOf { _ = try await Self.call(client) }
        async let stream = statusOf {
            try await client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { _ = try await $0.next() }
        }
        let peer = try await server.accept()
        _ = try await (peer.receive(), peer.receive())
        async let other: Void = client.close()
        await client.close()
        await other
        let late = try await statusOf { _ = try await Self.call(client) }
        let lateStream = try await statusOf {
            try await client.withStream(
                Echo.method("Some", .bidirectionalStreaming), options: CallOptions()
            ) { try await $0.send(TTRPCKeyValue()) }
        }
        let statuses = try await [open, stream, late, lateStream]
        #expect(statuses.map { $0?.reason } == [String?](repeating: "CLIENT_CLOSED", count: 4))
        let rest = try await peer.raw.receiveToEnd()
        #expect(rest.count == FrameHeader.byteCount)
    }

    @Test func `closing with grace lets calls end`() async throws {
        let server = try ScriptedServer()
        let client = try RPCClient(path: server.path)
        async let key = Self.call(client)
        let peer = try await server.accept()
        let request = try await peer.receive()
        async let closed: Void = client.close(grace: .seconds(60))
        try await peer.send(WirePeer.answer(1, try request.requestPayload))
        let received = try await key
        #expect(received == "k")
        await closed
    }

    @Test func `the end of a grace ends the calls`() async throws {
        let server = try ScriptedServer()
        let client = try RPCClient(path: server.path)
        async let open = statusOf { _ = try await Self.call(client) }
        let peer = try await server.accept()
        _ = try await peer.receive()
        await client.close(grace: .milliseconds(10))
        let status = try await open
        #expect(status?.reason == "CLIENT_CLOSED")
    }

    @Test func `a client that is dropped closes its connection`() async throws {
        let server = try ScriptedServer()
        let peer = try await Self.leaveAfterOneCall(server)
        let rest = try await peer.raw.receiveToEnd()
        #expect(rest == [])
    }

    private static func leaveAfterOneCall(_ server: ScriptedServer) async throws -> WirePeer {
        let client = try RPCClient(path: server.path)
        async let key = Self.call(client)
        let peer = try await server.accept()
        try await peer.echo()
        _ = try await key
        return peer
    }
}
