// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Many calls that come at once, each of which takes long: the other connections of the loop have their turn meanwhile.
@Suite(.tags(.blocking)) struct InputTurnTests {
    /// They take a second together, so that a busy machine is quick enough to see some of them waiting.
    private static let calls = 1000
    private static let ids = (0..<UInt32(calls)).map { $0 * 2 + 1 }

    /// A service that takes long for each call, and says how many it has answered.
    private struct SlowService {
        let begun = AsyncSignal<Void>()
        let answered = Counter()

        var service: RPCService {
            let work = RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: "test.Slow", name: "Work", kind: .unary)
            let count = RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: "test.Slow", name: "Count", kind: .unary)
            return RPCService(
                name: work.service,
                methods: [
                    MethodHandler(work) {
                        (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        begun.send()
                        let end = MonotonicClock.nowNanoseconds + 1_000_000
                        while MonotonicClock.nowNanoseconds < end {}
                        answered.increment()
                        return .now(request.copied())
                    },
                    MethodHandler(count) {
                        (_: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        .now(TTRPCKeyValue(key: "\(answered.value)"))
                    },
                ])
        }
    }

    private static func requests() throws -> [UInt8] {
        try ids.flatMap { WirePeer.request($0, "Work", try message("\($0)"), service: "test.Slow") }
    }

    @Test func `over ttrpc another connection is answered in between, and no call is lost`() async throws {
        let slow = SlowService()
        try await withServer(services: [slow.service]) { test in
            let (peer, other) = (try test.connect(), try test.connect())
            _ = try await other.call(WirePeer.request(1, "Inline", try message("")))
            try await peer.send(try Self.requests())
            await slow.begun.wait()
            let answer = try await other.call(WirePeer.request(3, "Count", try message(""), service: "test.Slow"))
            let payload = answer.payload
            let count = try TTRPCKeyValue(decoding: try #require(payload)).key
            #expect(try #require(Int(count)) < Self.calls)
            for id in Self.ids {
                let answer = try await peer.receive()
                #expect(answer.header.streamID == id)
                #expect(answer.payload == (try message("\(id)")))
            }
        }
    }

    @Test func `over gRPC another connection is answered in between, and no call is lost`() async throws {
        let slow = SlowService()
        try await withServer(services: [slow.service]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let other = try await HTTP2Peer.connect(test.path)
            _ = try await other.call(1, "/test.Echo/Inline", try message(""))
            let frames = try Self.ids.flatMap { id in
                let body = HTTP2Frame.message(try message("\(id)"))
                return [HTTP2Frame.request(id, "/test.Slow/Work"), .data(id, body, endStream: true)]
            }
            try await peer.raw.send(frames.flatMap(\.bytes))
            await slow.begun.wait()
            let answer = try await other.call(3, "/test.Slow/Count", try message(""))
            let count = try TTRPCKeyValue(decoding: answer.messages[0].payload).key
            #expect(try #require(Int(count)) < Self.calls)
            for id in Self.ids {
                #expect(try await peer.answer(id).messages.map(\.payload) == [message("\(id)")])
            }
        }
    }

    @Test func `the end of the server loses no call that waits for its turn`() async throws {
        let slow = SlowService()
        try await withServer(services: [slow.service]) { test in
            let peer = try test.connect()
            try await peer.send(try Self.requests())
            await slow.begun.wait()
            test.server.beginGracefulShutdown(grace: .seconds(60))
            // Those that have not had their turn are refused, with an answer.
            for id in Self.ids { #expect(try await peer.receive().header.streamID == id) }
            #expect(slow.answered.value < Self.calls)
        }
    }
}
