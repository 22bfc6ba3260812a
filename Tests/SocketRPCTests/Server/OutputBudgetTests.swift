// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What many clients together make the server keep.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct OutputBudgetTests {
    private static func configuration(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        change(&configuration)
        return configuration
    }

    @Test func `what waits for all slow clients is bounded, and a fast one is served`() async throws {
        let limit = 4 << 20
        let configuration = Self.configuration {
            $0.outputBytes = limit
            $0.overdueOutputTimeout = .milliseconds(200)
        }
        try await withServer(configuration) { test in
            let slow = try (0..<60).map { _ in try test.connect() }
            for peer in slow {
                try await peer.send(WirePeer.request(1, "Flood", try message("f", "10000"), flags: .remoteClosed))
            }
            // At 256 KiB for each of 60 clients it would be 15 MiB.
            let budget = test.server.outputBudget
            while budget.excessCount == 0 || budget.heldBytes > limit + limit / 4 { await Task.yield() }
            let fast = try test.connect()
            #expect(try await fast.call(WirePeer.request(1, "Inline", try message("y"))).payload == message("y"))
            while test.server.connectionCount > 45 { await Task.yield() }
            #expect(test.server.outputBudget.figures.limit == limit)
            // Each connection that was closed is counted.
            #expect(test.server.outputBudget.figures.refusals >= 16)
            withExtendedLifetime(slow) {}
        }
    }

    @Test func `a slow client that reads at last is told why its call ended`() async throws {
        let configuration = Self.configuration {
            $0.outputBytes = 300_000
            $0.overdueOutputTimeout = .seconds(60)
        }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Flood", try message("f", "1000"), flags: .remoteClosed))
            #expect(await test.echo.events.wait(for: 2).last == .ended("f", .cancelled))
            var last = try await peer.receive()
            while last.status == nil { last = try await peer.receive() }
            #expect(last.status == ServerStreams.Refusal.outputOverBudget.status)
            #expect(test.server.outputBudget.figures.refusals == 1)
            // The connection lives on.
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("y"))).payload == message("y"))
        }
    }

    @Test func `over gRPC a stream without a window is reset, and its connection stays open`() async throws {
        // Each of two streams holds 256 KiB.
        let configuration = Self.configuration { $0.outputBytes = 450_000 }
        try await withServer(configuration) { test in
            var peers: [String: HTTP2Peer] = [:]
            for key in ["a", "b"] {
                let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 0)])
                peers[key] = peer
                let body = HTTP2Frame.message(try message(key, "1000"))
                try await peer.send(.request(1, "/test.Echo/Flood"), .data(1, body, endStream: true))
            }
            guard case .ended(let key, .cancelled) = await test.echo.events.wait(for: 3).last else {
                Issue.record("no call has ended")
                return
            }
            let slowest = try #require(peers[key])
            // 11 is ENHANCE_YOUR_CALM.
            #expect(try await slowest.answer(1).reset == 11)
            for peer in peers.values { #expect(try await peer.call(3, "/test.Echo/Fail").status == 9) }
            // When both grow at the same moment both have to go.
            #expect((1...2).contains(test.server.outputBudget.figures.refusals))
        }
    }

    @Test func `answers to plain requests count while they wait, and are reset above the limit`() async throws {
        let configuration = Self.configuration { $0.outputBytes = 64 << 10 }
        try await withServer(configuration) { test in
            // Without a window no DATA goes out.
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 0)])
            @Sendable func get(_ stream: UInt32) -> HTTP2Frame {
                .request(stream, "/", [(":method", "GET")], without: ["content-type", "te"], endStream: true)
            }
            for index in 0..<100 { try await peer.send(get(UInt32(index * 2 + 1))) }
            while test.server.outputBudget.figures.bytes < 40_000 { await Task.yield() }
            #expect(test.server.outputBudget.figures.refusals == 0)
            for index in 100..<140 { try await peer.send(get(UInt32(index * 2 + 1))) }
            while test.server.outputBudget.figures.refusals < 100 { await Task.yield() }
            while test.server.outputBudget.figures.bytes > 64 << 10 { await Task.yield() }
            #expect(try await peer.answer(1).reset == 11)
            #expect(test.server.connectionCount == 1)
            withExtendedLifetime(peer) {}
        }
    }

    @Test func `frames that are not whole are bounded over all connections`() async throws {
        let configuration = Self.configuration {
            $0.inputBytes = 16 << 20
            $0.startedFrameTimeout = .seconds(300)
        }
        try await withServer(configuration) { test in
            var buffer = ByteBuffer()
            FrameHeader(length: 4 << 20, streamID: 1, type: .request).write(to: &buffer)
            let half = buffer.copied() + [UInt8](repeating: 0, count: 3 << 20)
            let peers = try (0..<12).map { _ in try test.connect() }
            // One that is closed meanwhile takes no more.
            for peer in peers { try? await peer.send(half) }
            while test.server.connectionCount > 7 { await Task.yield() }
            #expect(test.server.inputBudget.excessCount > 0)
            #expect(test.server.inputBudget.figures.limit == 16 << 20)
            // Each connection that was closed is counted.
            #expect(test.server.inputBudget.figures.refusals >= 5)
            let other = try test.connect()
            #expect(try await other.call(WirePeer.request(1, "Inline", try message("y"))).payload == message("y"))
            withExtendedLifetime(peers) {}
        }
    }
}
