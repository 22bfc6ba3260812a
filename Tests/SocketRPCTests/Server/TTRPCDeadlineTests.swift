// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct TTRPCDeadlineTests {
    private static let exceeded = ServerStreams.Refusal.deadlineExceeded.status
    private static let short: Int64 = 20_000_000

    @Test func `at its deadline a unary call ends and its handler is cancelled`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(
                WirePeer.request(1, "Hold", try message("x"), timeoutNano: Self.short))
            #expect(answer.status == Self.exceeded)
            #expect(await test.echo.events.wait(for: 2).last == .ended("x", .cancelled))
        }
    }

    @Test func `the late result of a handler that goes on is dropped`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(
                WirePeer.request(1, "Stubborn", try message("x"), timeoutNano: Self.short))
            #expect(answer.status == Self.exceeded)
            test.echo.release.send()
            #expect(await test.echo.events.wait(for: 2).last == .ended("x", nil))
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("a"))).header.streamID == 3)
        }
    }

    @Test func `at its deadline a stream ends and its handler is cancelled`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(
                WirePeer.request(1, "Listen", flags: .remoteOpen, timeoutNano: Self.short))
            #expect(answer.status == Self.exceeded)
            #expect(await test.echo.events.wait(for: 2).last == .ended("listen", .cancelled))
            let late = try await peer.call(WirePeer.data(1, try message("late")))
            #expect(late.status == ServerStreams.Refusal.inactiveStream.status)
        }
    }

    @Test func `a handler that receives elsewhere is cancelled too`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(WirePeer.request(1, "Away", flags: .remoteOpen, timeoutNano: Self.short))
            #expect(answer.status == Self.exceeded)
            #expect(await test.echo.events.wait(for: 2).last == .ended("away", .cancelled))
        }
    }

    @Test(arguments: ["Inline", "Async", "Listen", "Repeat", "Collect"], [-1, .min] as [Int64])
    func `a deadline in the past ends a call before it starts`(method: String, timeout: Int64) async throws {
        try await withServer { test in
            let answer = try await test.connect().call(WirePeer.request(1, method, timeoutNano: timeout))
            #expect(answer.status == Self.exceeded)
            #expect(test.echo.events.elements.isEmpty)
        }
    }

    @Test(arguments: [(0, false), (1_000_000_000_000, true), (.max, true)] as [(Int64, Bool)])
    func `a handler knows its deadline`(timeout: Int64, isKnown: Bool) async throws {
        try await withServer { test in
            let answer = try await test.connect().call(WirePeer.request(1, "Describe", timeoutNano: timeout))
            #expect(try answer.payload == message("test.Echo/Describe \(isKnown)"))
        }
    }

    @Test func `the longest timeout does not pass`() async throws {
        try await withServer { test in
            let answer = try await test.connect().call(
                WirePeer.request(1, "Async", try message("a"), timeoutNano: .max))
            #expect(try answer.payload == message("a"))
        }
    }

    @Test func `a call without a deadline gets the server's`() async throws {
        var configuration = ServerConfiguration()
        configuration.defaultTimeout = .milliseconds(20)
        try await withServer(configuration) { test in
            let answer = try await test.connect().call(WirePeer.request(1, "Hold", try message("x")))
            #expect(answer.status == Self.exceeded)
        }
    }
}
