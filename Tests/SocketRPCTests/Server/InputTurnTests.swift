// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Many calls that come at once, each of which takes long: the other connections of the loop have their turn meanwhile.
@Suite(.tags(.blocking)) struct InputTurnTests {
    private static let calls: UInt32 = 300

    /// A service whose method keeps the loop for some time.
    private static var service: RPCService {
        let method = RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: "test.Slow", name: "Work", kind: .unary)
        return RPCService(
            name: method.service,
            methods: [
                MethodHandler(method) {
                    (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                    let end = MonotonicClock.nowNanoseconds + 300_000
                    while MonotonicClock.nowNanoseconds < end {}
                    return .now(request.copied())
                }
            ])
    }

    private static let ids = (0..<calls).map { $0 * 2 + 1 }

    @Test func `over ttrpc another connection is answered in between, and no call is lost`() async throws {
        try await withServer(services: [Self.service]) { test in
            let (peer, other) = (try test.connect(), try test.connect())
            let requests = try Self.ids.flatMap {
                WirePeer.request($0, "Work", try message("\($0)"), service: "test.Slow")
            }
            try await peer.send(requests)
            #expect(try await peer.receive().header.streamID == 1)
            let began = MonotonicClock.nowNanoseconds
            #expect(try await other.call(WirePeer.request(1, "Inline", try message("i"))).payload == message("i"))
            let others = MonotonicClock.nowNanoseconds - began
            for id in Self.ids.dropFirst() {
                let answer = try await peer.receive()
                #expect(answer.header.streamID == id)
                #expect(try answer.payload == message("\(id)"))
            }
            #expect(others < MonotonicClock.nowNanoseconds - began)
        }
    }

    @Test func `over gRPC another connection is answered in between, and no call is lost`() async throws {
        try await withServer(services: [Self.service]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let other = try await HTTP2Peer.connect(test.path)
            for id in Self.ids {
                try await peer.send(
                    .request(id, "/test.Slow/Work"),
                    .data(id, HTTP2Frame.message(try message("\(id)")), endStream: true))
            }
            #expect(try await other.call(1, "/test.Echo/Inline", try message("i")).status == 0)
            for id in Self.ids {
                #expect(try await peer.answer(id).messages.map(\.payload) == [message("\(id)")])
            }
        }
    }

    @Test func `the end of the server loses no call that waits for its turn`() async throws {
        try await withServer(services: [Self.service]) { test in
            let peer = try test.connect()
            try await peer.send(
                try Self.ids.flatMap { WirePeer.request($0, "Work", try message("\($0)"), service: "test.Slow") })
            #expect(try await peer.receive().header.streamID == 1)
            test.server.beginGracefulShutdown(grace: .seconds(60))
            // Those that have not had their turn are refused, with an answer.
            for id in Self.ids.dropFirst() { #expect(try await peer.receive().header.streamID == id) }
        }
    }
}
