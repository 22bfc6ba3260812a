// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Logging
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Which connections are accepted, and how a server ends.
@Suite(.tags(.blocking)) struct RPCServerTests {
    @Test(arguments: [1, 3])
    func `connections are served on every loop`(loops: Int) async throws {
        var configuration = ServerConfiguration()
        configuration.loops = loops
        try await withServer(configuration) { test in
            let peers = try (0..<6).map { _ in try test.connect() }
            for peer in peers {
                #expect(try await peer.call(WirePeer.request(1, "Async", try message("a"))).payload == message("a"))
            }
            #expect(test.server.connectionCount == 6)
            withExtendedLifetime(peers) {}
        }
    }

    @Test func `a connected socket is served`() async throws {
        try await withServer { test in
            let (peer, other) = try RawPeer.pair()
            test.server.serve(FileDescriptor(adopting: other))
            #expect(try await WirePeer(peer).call(WirePeer.request(1, "Inline", try message("a"))).status == nil)
        }
    }

    @Test func `a peer without permission is told so and disconnected`() async throws {
        let refusal = RPCStatus(.permissionDenied, "not you")
        try await withServer(authorize: { _ throws(RPCStatus) in throw refusal }) { test in
            let peer = try test.connect()
            let answer = try await peer.call(WirePeer.request(7, "Hold", try message("x")))
            #expect(answer.header.streamID == 7)
            #expect(answer.status == refusal)
            #expect(try await peer.isClosed())
            #expect(test.echo.events.elements.isEmpty)
            #expect(test.server.connectionCount == 0)
        }
    }

    @Test func `a peer without permission is answered before its frame is whole`() async throws {
        let refusal = RPCStatus(.permissionDenied, "not you")
        try await withServer(authorize: { _ throws(RPCStatus) in throw refusal }) { test in
            let peer = try test.connect()
            let frame = WirePeer.frame(3, .request, [], [UInt8](repeating: 0xff, count: 4000))
            try await peer.send(Array(frame.prefix(20)))
            #expect(try await peer.receive().status == refusal)
            try await peer.send(Array(frame.dropFirst(20)))
            #expect(try await peer.isClosed())
        }
    }

    @Test func `the peer is known before its first byte`() async throws {
        let seen = AsyncSignal<PeerCredentials>()
        try await withServer(authorize: { (peer) throws(RPCStatus) in seen.send(peer) }) { test in
            let peer = try test.connect()
            #expect(await seen.wait().pid == ProcessInformation.pid)
            _ = peer
        }
    }

    @Test func `a connection too many is told so and disconnected`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumConnections = 1
        try await withServer(configuration) { test in
            func occupy() async throws {
                let first = try test.connect()
                try await first.send(WirePeer.request(1, "Hold", try message("x")))
                _ = await test.echo.events.wait(for: 1)
                let second = try test.connect()
                #expect(try await second.call(WirePeer.request(1, "Inline")).status?.code == .resourceExhausted)
                #expect(try await second.isClosed())
                withExtendedLifetime(first) {}
            }
            try await occupy()
            _ = await test.echo.events.wait(for: 2)
            #expect(try await test.connect().call(WirePeer.request(1, "Inline")).status == nil)
        }
    }

    @Test(arguments: [1, 2])
    func `limits change on every loop, and connections that are open keep their limit of streams`(loops: Int)
        async throws
    {
        var configuration = ServerConfiguration()
        configuration.loops = loops
        try await withServer(configuration) { test in
            let open = try (0..<loops).map { _ in try test.connect() }
            for peer in open {
                #expect(try await peer.call(WirePeer.request(1, "Inline", try message("x"))).status == nil)
            }
            test.server.setLimits(
                ServerLimits(
                    connections: 2 * loops, streamsPerConnection: 1, inputBytes: 20 << 20, outputBytes: 30 << 20))
            #expect((test.server.inputBudget.limit, test.server.outputBudget.limit) == (20 << 20, 30 << 20))
            for loop in test.server.loops { await loop.run {} }
            let new = try (0..<loops).map { _ in try test.connect() }
            for (peer, isNew) in open.map({ ($0, false) }) + new.map({ ($0, true) }) {
                try await peer.send(WirePeer.request(3, "Hold", try message("x")))
                let status = try await peer.call(WirePeer.request(5, "Async", try message("x"))).status
                #expect(status?.reason == (isNew ? "TOO_MANY_STREAMS" : nil))
            }
            #expect(
                try await test.connect().call(WirePeer.request(1, "Inline")).status?.reason == "TOO_MANY_CONNECTIONS")
            withExtendedLifetime((open, new)) {}
        }
    }

    @Test func `connections that say nothing keep none from being told that there are too many`() async throws {
        var configuration = ServerConfiguration()
        (configuration.maximumConnections, configuration.maximumRefusals) = (1, 2)
        configuration.firstByteTimeout = .seconds(600)
        try await withServer(configuration) { test in
            let first = try test.connect()
            #expect(try await first.call(WirePeer.request(1, "Inline", try message("x"))).status == nil)
            let silent = try (0..<5).map { _ in try test.connect() }
            for _ in 0..<4 {
                let late = try test.connect()
                #expect(
                    try await late.call(WirePeer.request(1, "Inline")).status?.reason == "TOO_MANY_CONNECTIONS")
                #expect(try await late.isClosed())
            }
            #expect(try await silent[0].isClosed())
            #expect(try await first.call(WirePeer.request(3, "Inline", try message("x"))).status == nil)
            withExtendedLifetime(silent) {}
        }
    }

    @Test func `while it drains new calls are refused and running ones finish`() async throws {
        try await withServer { test in
            let (peer, idle) = (try test.connect(), try test.connect())
            _ = try await idle.call(WirePeer.request(1, "Inline"))
            try await peer.send(WirePeer.request(1, "Hold", try message("x")))
            _ = await test.echo.events.wait(for: 1)
            test.server.beginGracefulShutdown(grace: .seconds(60))
            await test.server.loop.run {}
            #expect(try await peer.call(WirePeer.request(3, "Inline")).status?.code == .unavailable)
            #expect(try await idle.call(WirePeer.request(3, "Inline")).status?.code == .unavailable)
            let late = try test.connect()
            #expect(try await late.call(WirePeer.request(1, "Inline")).status?.reason == "SERVER_DRAINING")
            test.echo.release.send()
            #expect(try await peer.receive().payload == message("x"))
            #expect(try await peer.isClosed())
            #expect(try await idle.isClosed())
        }
    }

    @Test func `an idle server ends at once`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            _ = try await peer.call(WirePeer.request(1, "Inline"))
            test.server.beginGracefulShutdown(grace: .seconds(60))
            #expect(try await peer.isClosed())
        }
    }

    @Test func `at the end of the grace open calls get a status`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Hold", try message("x")), WirePeer.request(3, "Listen", flags: .remoteOpen))
            _ = await test.echo.events.wait(for: 2)
            test.server.beginGracefulShutdown(grace: .milliseconds(10))
            let frames = try await peer.receive(2)
            #expect(Set(frames.map(\.header.streamID)) == [1, 3])
            #expect(frames.allSatisfy { $0.status == ServerStreams.Refusal.shutDown.status })
            #expect(try await peer.isClosed())
            let events = await test.echo.events.wait(for: 4)
            #expect(events.contains(.ended("x", .cancelled)) && events.contains(.ended("listen", .cancelled)))
        }
    }

    @Test func `a second shutdown shortens the first`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Hold", try message("x")))
            _ = await test.echo.events.wait(for: 1)
            test.server.beginGracefulShutdown(grace: .seconds(600))
            test.server.shutdownNow()
            #expect(try await peer.receive().status == ServerStreams.Refusal.shutDown.status)
        }
    }

    // Its handler stays behind for good.
    @Test(.disabled(if: Sanitizer.countsMemory))
    func `a handler that does not return does not keep the server`() async throws {
        var configuration = ServerConfiguration()
        configuration.cancellationWait = .milliseconds(10)
        let echo = EchoService()
        let server = try RPCServer(
            configuration: configuration, router: Router([echo.service]),
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            })
        try server.start()
        let (raw, other) = try RawPeer.pair()
        server.serve(FileDescriptor(adopting: other))
        let peer = WirePeer(raw)
        try await peer.send(WirePeer.request(1, "Stubborn", try message("x")))
        _ = await echo.events.wait(for: 1)
        server.shutdownNow()
        await server.run()
        #expect(try await peer.receive().status == ServerStreams.Refusal.shutDown.status)
    }

    @Test func `a socket that comes after the end is closed`() async throws {
        let directory = try TemporaryDirectory()
        let server = try RPCServer(router: Router([]), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.start()
        server.shutdownNow()
        server.listen(on: try UnixSocket.listen(path: directory.file("s")))
        await server.run()
        #expect(throws: SystemError.self) { try RawPeer(path: directory.file("s")) }
    }

    @Test func `cancelling run ends the server`() async throws {
        let server = try RPCServer(router: Router([]), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.start()
        let running = Task { await server.run() }
        running.cancel()
        await running.value
    }

    @Test func `without descriptors connections wait until there are some`() async throws {
        await #expect(processExitsWith: .success) {
            let starved = try StarvedServer()
            TestProcess.limitDescriptors(to: starved.nextDescriptor + 10)
            starved.listen()
            for peer in starved.peers {
                try peer.raw.sendBlocking(WirePeer.request(1, "Inline", try message("a")))
            }
            var peers = starved.peers
            starved.peers = []
            while !peers.isEmpty {
                #expect(try peers.removeFirst().receiveBlocking().payload == message("a"))
            }
            starved.server.shutdownNow()
            await starved.server.run()
        }
    }

    @Test func `when there are no descriptors for long, connections are told`() async throws {
        await #expect(processExitsWith: .success) {
            let starved = try StarvedServer()
            TestProcess.limitDescriptors(to: starved.nextDescriptor + 20)
            for peer in starved.peers {
                try peer.raw.sendBlocking(WirePeer.request(5, "Inline", try message("a")))
            }
            // The one that is left is the listener's spare.
            try starved.takeAllDescriptorsButOne()
            starved.listen()
            for peer in starved.peers {
                let answer = try peer.receiveBlocking()
                #expect(answer.header.streamID == 5)
                #expect(answer.status?.code == .resourceExhausted)
            }
            starved.server.shutdownNow()
            await starved.server.run()
        }
    }
}

/// A server whose process is short of descriptors, with clients that have connected before it accepts.
///
/// It runs and has answered a call before: whatever the runtime opens at the first use is open.
private final class StarvedServer {
    let server: RPCServer
    let directory: TemporaryDirectory
    var peers: [WirePeer]
    private let first: WirePeer
    private let listener: Int32
    private var taken: [Int32] = []

    init() throws {
        server = try RPCServer(
            router: Router([EchoService().service]), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        directory = try TemporaryDirectory()
        let path = directory.file("s")
        listener = try UnixSocket.listen(path: path).release()
        try server.start()
        let (raw, other) = try RawPeer.pair()
        first = WirePeer(raw)
        server.serve(FileDescriptor(adopting: other))
        try first.raw.sendBlocking(WirePeer.request(1, "Async", try message("a")))
        _ = try first.receiveBlocking()
        peers = try (0..<40).map { _ in WirePeer(try RawPeer(path: path)) }
    }

    /// Begins to accept.
    func listen() {
        server.listen(on: FileDescriptor(adopting: listener))
    }

    /// A number that the next descriptor does not exceed.
    var nextDescriptor: UInt {
        UInt(peers.map(\.raw.rawValue).max() ?? 0) + 1
    }

    /// Opens descriptors until there is one left; they stay open.
    func takeAllDescriptorsButOne() throws {
        let (first, second) = try UnixSocket.socketPair().take()
        let source = FileDescriptor(adopting: first)
        while let copy = try? source.duplicate() { taken.append(copy.release()) }
        taken += [source.release(), second]
        _ = FileDescriptor(adopting: taken.removeFirst())
    }
}
