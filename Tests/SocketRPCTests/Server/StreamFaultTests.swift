// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What goes wrong on one stream of a connection, on which another call is open all the time and is answered at the end.
@Suite(.tags(.blocking)) struct StreamFaultTests {
    /// Frames of a client for stream 3, and how the server ends it.
    private static let ttrpcFaults: [(frames: [[UInt8]], code: RPCStatus.Code, reason: String)] = [
        ([WirePeer.request(3, "Big", (try? message("\(5 << 20)")) ?? [])], .resourceExhausted, "MESSAGE_TOO_LARGE"),
        (
            [WirePeer.request(3, "Flood", (try? message("flood", "\(5 << 20)")) ?? [], flags: .remoteClosed)],
            .resourceExhausted, "MESSAGE_TOO_LARGE"
        ),
        (
            [WirePeer.frame(3, .request, [], [UInt8](repeating: 0, count: FrameHeader.maximumLength + 1))],
            .resourceExhausted, "MESSAGE_TOO_LARGE"
        ),
        (
            [
                WirePeer.request(3, "Chat", flags: .remoteOpen),
                WirePeer.frame(3, .data, [], [UInt8](repeating: 0, count: FrameHeader.maximumLength + 1)),
            ], .resourceExhausted, "MESSAGE_TOO_LARGE"
        ),
        ([WirePeer.frame(3, .request, [], [0xff])], .invalidArgument, "REQUEST_MALFORMED"),
        ([WirePeer.request(3, "Inline", [0xff])], .internal, "PAYLOAD_MALFORMED"),
        ([WirePeer.request(3, "Async", [0xff])], .internal, "PAYLOAD_MALFORMED"),
        ([WirePeer.request(3, "Repeat", [0xff], flags: .remoteClosed)], .internal, "PAYLOAD_MALFORMED"),
        (
            [WirePeer.request(3, "Chat", flags: .remoteOpen), WirePeer.data(3, [0xff])], .internal,
            "PAYLOAD_MALFORMED"
        ),
        (
            [WirePeer.request(3, "Each", flags: .remoteOpen), WirePeer.data(3, [0xff])], .internal,
            "PAYLOAD_MALFORMED"
        ),
        ([WirePeer.data(3, [1])], .invalidArgument, "STREAM_INACTIVE"),
        ([WirePeer.request(3, "None")], .unimplemented, "METHOD_UNKNOWN"),
        ([WirePeer.request(3, "Inline", service: "test.None")], .unimplemented, "SERVICE_UNKNOWN"),
    ]

    @Test(arguments: ttrpcFaults.indices)
    func `over ttrpc the others of the connection go on`(index: Int) async throws {
        let fault = Self.ttrpcFaults[index]
        try await withServer { test in
            let peer = try test.connect()
            let held = try message("held")
            try await peer.send(WirePeer.request(1, "Hold", held))
            try await peer.send(fault.frames.flatMap { $0 })
            let answer = try await peer.receive()
            #expect(answer.header.streamID == 3)
            #expect(answer.status?.code == fault.code)
            #expect(answer.status?.reason == fault.reason)
            // Unknown flags change nothing, and frames of unknown types are passed over.
            let unknown = FrameFlags(rawValue: 0xf8)
            try await peer.send(
                WirePeer.frame(5, FrameType(rawValue: 77), unknown, [1]),
                WirePeer.request(7, "Inline", held, flags: unknown))
            #expect(try await peer.receive().header.streamID == 7)
            test.echo.release.send()
            let last = try await peer.receive()
            #expect(last.header.streamID == 1)
            #expect(last.payload == held)
        }
    }

    /// A method, and the bytes of DATA for it on stream 3.
    private static let gRPCFaults: [(method: String, body: [UInt8], status: Int, reason: String)] = [
        ("Big", HTTP2Frame.message((try? message("\(5 << 20)")) ?? []), 8, "MESSAGE_TOO_LARGE"),
        ("Flood", HTTP2Frame.message((try? message("flood", "\(5 << 20)")) ?? []), 8, "MESSAGE_TOO_LARGE"),
        ("Chat", [0, 0, 0x40, 0, 1], 8, "MESSAGE_TOO_LARGE"), ("Chat", [7, 0, 0, 0, 0], 13, "MESSAGE_MALFORMED"),
        ("Inline", HTTP2Frame.message([0xff]), 13, "PAYLOAD_MALFORMED"),
        ("Chat", HTTP2Frame.message([0xff]), 13, "PAYLOAD_MALFORMED"),
        ("Each", HTTP2Frame.message([0xff]), 13, "PAYLOAD_MALFORMED"),
        ("None", HTTP2Frame.message([]), 12, "METHOD_UNKNOWN"),
    ]

    @Test(arguments: gRPCFaults.indices)
    func `over gRPC the others of the connection go on`(index: Int) async throws {
        let fault = Self.gRPCFaults[index]
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let held = try message("held")
            try await peer.send(
                .request(1, "/test.Echo/Hold"), .data(1, HTTP2Frame.message(held), endStream: true),
                .request(3, "/test.Echo/\(fault.method)"), .data(3, fault.body, endStream: true))
            let answer = try await peer.answer(3)
            #expect(answer.status == fault.status)
            #expect(try answer.details?.reason == fault.reason)
            test.echo.release.send()
            #expect(try await peer.answer(1).messages.map(\.payload) == [held])
        }
    }

    @Test func `a message too long to send fails its sending alone, and the stream goes on`() async throws {
        let method = RPCMethod<TTRPCKeyValue, GoogleAny>(service: "test.Sizes", name: "Send", kind: .serverStreaming)
        let service = RPCService(
            name: "test.Sizes",
            methods: [
                MethodHandler(method) {
                    (_: TTRPCKeyValue, responses: ResponseStream<GoogleAny>, _) async throws(RPCStatus) in
                    do throws(RPCStatus) {
                        try await responses.send(GoogleAny(value: [UInt8](repeating: 1, count: 5 << 20)))
                    } catch {
                        try await responses.send(GoogleAny(typeURL: error.reason ?? "", value: []))
                    }
                }
            ])
        try await withServer(services: [service]) { test in
            let reason = try GoogleAny(typeURL: "MESSAGE_TOO_LARGE", value: []).encoded()
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Send", service: "test.Sizes", flags: .remoteClosed))
            let frames = try await peer.receive(2)
            #expect(frames[0].body == reason)
            #expect(frames[1].isEndOfStream)
            let answer = try await HTTP2Peer.connect(test.path).call(1, "/test.Sizes/Send")
            #expect(answer.messages.map(\.payload) == [reason])
            #expect(answer.status == 0)
        }
    }

    @Test func `a first message too long to send ends its stream before anything is sent`() async throws {
        try await withServer { test in
            try await withRPCClient(test.path) { client in
                let status = try await statusOf {
                    try await client.withStream(Echo.flood, options: CallOptions()) { stream in
                        try await stream.send(TTRPCKeyValue(key: String(repeating: "x", count: 5 << 20)))
                    }
                }
                #expect(status?.code == .resourceExhausted)
                #expect(status?.reason == "MESSAGE_TOO_LARGE")
                let key = try await client.unary(Echo.method("Inline"), TTRPCKeyValue(key: "k"), options: CallOptions())
                    .key
                #expect(key == "k")
            }
            #expect(test.echo.events.elements.isEmpty)
        }
    }
}
