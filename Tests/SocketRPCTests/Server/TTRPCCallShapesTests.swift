// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import TestSupport
import Testing

/// What a call of each kind looks like on the wire, from the server's side.
@Suite(.tags(.blocking)) struct TTRPCCallShapesTests {
    @Test(arguments: ["Inline", "Later", "Async"])
    func `a unary call gets one response`(method: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let payload = try message("a", "b")
            let answer = try await peer.call(WirePeer.request(1, method, payload))
            #expect(answer.header.streamID == 1)
            #expect(answer.header.flags == [])
            #expect(answer.payload == payload)
        }
    }

    @Test(arguments: ["Inline", "Async"])
    func `an empty message is an empty response`(method: String) async throws {
        try await withServer { test in
            let answer = try await test.connect().call(WirePeer.request(1, method))
            #expect(answer.header == FrameHeader(length: 0, streamID: 1, type: .response))
        }
    }

    @Test func `the flags of a unary request change nothing`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            for (index, flags) in ([.remoteClosed, .remoteOpen, .noData] as [FrameFlags]).enumerated() {
                let answer = try await peer.call(
                    WirePeer.request(UInt32(index * 2 + 1), "Inline", try message("a"), flags: flags))
                #expect(try answer.payload == message("a"))
            }
        }
    }

    @Test func `responses come in the order of completion`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Hold", try message("x")), WirePeer.request(3, "Inline", try message("y")))
            #expect(try await peer.receive().header.streamID == 3)
            test.echo.release.send()
            #expect(try await peer.receive().header.streamID == 1)
        }
    }

    @Test(arguments: [FrameFlags.remoteClosed, [], .remoteOpen])
    func `a server stream ends with its half close`(flags: FrameFlags) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Repeat", try message("m", "3"), flags: flags))
            let frames = try await peer.receive(4)
            for index in 0..<3 {
                let body = try message("m\(index)")
                #expect(frames[index].header == FrameHeader(length: body.count, streamID: 1, type: .data))
                #expect(frames[index].body == body)
            }
            #expect(frames[3].isEndOfStream)
        }
    }

    @Test func `a server stream whose request is empty is served`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            #expect(try await peer.call(WirePeer.request(1, "Repeat", flags: .remoteClosed)).isEndOfStream)
        }
    }

    @Test func `a server stream that fails ends with a response`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Repeat", try message("fail", "1"), flags: .remoteClosed))
            #expect(try await peer.receive().body == message("fail0"))
            #expect(try await peer.receive().status == RPCStatus(.dataLoss, "after all"))
        }
    }

    @Test func `a client stream gets one response after its half close`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Collect", flags: .remoteOpen), WirePeer.data(1, try message("a")),
                WirePeer.data(1, try message("b")), WirePeer.halfClose(1))
            let answer = try await peer.receive()
            #expect(answer.header.flags == [])
            #expect(try answer.payload == message("a,b"))
        }
    }

    @Test func `the payload of a streaming request is the first message`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Collect", try message("first"), flags: .remoteOpen),
                WirePeer.data(1, try message("second"), .remoteClosed))
            #expect(try await peer.receive().payload == message("first,second"))
        }
    }

    @Test(arguments: [("", ""), ("only", "only")])
    func `a closed request on a client stream is its half close`(sent: String, collected: String) async throws {
        try await withServer { test in
            let payload = sent.isEmpty ? [] : try message(sent)
            let answer = try await test.connect().call(WirePeer.request(1, "Collect", payload, flags: .remoteClosed))
            #expect(try answer.payload == message(collected))
        }
    }

    @Test func `the response of a client stream may come before the half close`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "First", flags: .remoteOpen), WirePeer.data(1, try message("a")))
            #expect(try await peer.receive().payload == message("a"))
            let late = try await peer.call(WirePeer.data(1, try message("b")))
            #expect(late.status == ServerStreams.Refusal.inactiveStream.status)
        }
    }

    @Test(arguments: ["Chat", "Away", "Each"])
    func `a bidirectional stream goes both ways`(method: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, method, flags: .remoteOpen))
            for word in ["a", "b", "c"] {
                let body = try message(word)
                let echo = try await peer.call(WirePeer.data(1, body))
                #expect(echo.header == FrameHeader(length: body.count, streamID: 1, type: .data))
                #expect(echo.body == body)
            }
            #expect(try await peer.call(WirePeer.halfClose(1)).isEndOfStream)
        }
    }

    @Test func `a message that does not decode fails its stream alone`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Chat", flags: .remoteOpen))
            let answer = try await peer.call(WirePeer.data(1, hex("0a 05")))
            #expect(answer.status?.code == .internal)
            #expect(answer.status?.reason == "PAYLOAD_MALFORMED")
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("a"))).payload == message("a"))
        }
    }

    @Test(arguments: ["Inline", "Async"])
    func `a payload that does not decode is an internal error`(method: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(WirePeer.request(1, method, hex("0a 05")))
            #expect(answer.status?.code == .internal)
            #expect(answer.status?.reason == "PAYLOAD_MALFORMED")
            #expect(try await peer.call(WirePeer.request(3, method, try message("a"))).payload == message("a"))
        }
    }

    @Test func `the status of a handler keeps code, message and details`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let status = RPCStatus(
                .failedPrecondition, "no", details: [GoogleAny(typeURL: "type/x", value: [1, 2, 3])])
            #expect(try await peer.call(WirePeer.request(1, "Fail")).status == status)
            #expect(try await peer.call(WirePeer.request(3, "FailLater")).status == RPCStatus(.aborted, "later"))
        }
    }

    @Test func `metadata comes to the handler in lower case and in order`() async throws {
        try await withServer { test in
            let body = hex(
                """
                0a 09 74 65 73 74 2e 45 63 68 6f      # service "test.Echo"
                12 08 44 65 73 63 72 69 62 65         # method "Describe"
                2a 09 0a 04 58 2d 4b 65 12 01 31      # metadata "X-Ke": "1"
                2a 06 0a 04 78 2d 4b 45               # metadata "x-KE": ""
                2a 09 0a 04 78 2d 6b 65 12 01 32      # metadata "x-ke": "2"
                """)
            let answer = try await test.connect().call(WirePeer.frame(1, .request, [], body))
            #expect(try answer.payload == message("test.Echo/Describe false", "x-ke=1,x-ke=,x-ke=2"))
        }
    }

    @Test(arguments: [.unary, .clientStreaming] as [RPCKind])
    func `a handler that gives no answer is a fault of the server`(kind: RPCKind) async throws {
        let silent = MethodHandler(
            name: "Silent", kind: kind, body: .streaming { (_, _) async throws(RPCStatus) in nil })
        let service = RPCService(name: "test.Silent", methods: [silent])
        try await withServer(services: [service]) { test in
            let answer = try await test.connect().call(
                WirePeer.request(1, "Silent", service: "test.Silent", flags: .remoteClosed))
            #expect(answer.status?.code == .internal)
            #expect(answer.status?.reason == "ANSWER_MISSING")
        }
    }
}
