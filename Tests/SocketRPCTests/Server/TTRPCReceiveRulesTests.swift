// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What the server does with each frame a client may send, right or wrong; each test ends with a call that still works.
@Suite(.tags(.blocking)) struct TTRPCReceiveRulesTests {
    /// A call on the connection is still answered, and nothing came before its answer.
    private func expectAlive(_ peer: WirePeer, id: UInt32 = 1001, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let payload = try message("alive")
        let answer = try await peer.call(WirePeer.request(id, "Inline", payload))
        #expect(answer.header.streamID == id, sourceLocation: sourceLocation)
        #expect(answer.payload == payload, sourceLocation: sourceLocation)
    }

    private func expectStatus(
        _ answer: WirePeer.Received, _ id: UInt32, _ status: RPCStatus,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.header.streamID == id, sourceLocation: sourceLocation)
        #expect(answer.header.type == .response, sourceLocation: sourceLocation)
        #expect(answer.header.flags == [], sourceLocation: sourceLocation)
        #expect(answer.status?.code == status.code, sourceLocation: sourceLocation)
        #expect(answer.status?.message == status.message, sourceLocation: sourceLocation)
    }

    @Test func `the last name in a request counts, whatever was called before`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            for (index, method) in ["Inline", "Describe", "Inline", "Inline"].enumerated() {
                let answer = try await peer.call(WirePeer.request(UInt32(2 * index + 1), method))
                #expect(answer.status == nil)
            }
            let body = Array(WirePeer.request(1, "Inline").dropFirst(FrameHeader.byteCount))
            let renamed = body + hex("12 08") + "Describe".utf8
            let answer = try await peer.call(WirePeer.frame(9, .request, [], renamed))
            #expect(try answer.payload == message("test.Echo/Describe false"))
            try await expectAlive(peer)
        }
    }

    // Row 1.
    @Test func `a client that goes away ends its calls`() async throws {
        try await withServer { test in
            func abandon() async throws {
                let peer = try test.connect()
                try await peer.send(WirePeer.request(1, "Hold", try message("x")))
                try await peer.send(WirePeer.request(3, "Listen", flags: .remoteOpen))
                _ = await test.echo.events.wait(for: 2)
                withExtendedLifetime(peer) {}
            }
            try await abandon()
            let events = await test.echo.events.wait(for: 4)
            #expect(events.contains(.ended("x", .cancelled)))
            #expect(events.contains(.ended("listen", .cancelled)))
        }
    }

    @Test func `a client that goes away inside a frame is forgotten`() async throws {
        try await withServer { test in
            func abandon() async throws {
                try await test.connect().send(Array(WirePeer.request(1, "Inline").dropLast()))
            }
            try await abandon()
            try await expectAlive(try test.connect())
        }
    }

    @Test func `a client that only stops sending gets its answers`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let payload = try message("x")
            try await peer.send(
                WirePeer.request(1, "Hold", payload), WirePeer.request(3, "Inline", payload),
                WirePeer.request(5, "Async", payload))
            try peer.raw.shutdownWrite()
            #expect(try await peer.receive().header.streamID == 3)
            #expect(try await peer.receive().header.streamID == 5)
            test.echo.release.send()
            let last = try await peer.receive()
            #expect(last.header.streamID == 1)
            #expect(last.payload == payload)
            #expect(try await peer.isClosed())
        }
    }

    @Test func `a client that stops sending ends its streams`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Collect", flags: .remoteOpen), WirePeer.data(1, try message("a")))
            try peer.raw.shutdownWrite()
            #expect(try await peer.receive().payload == message("a"))
            #expect(try await peer.isClosed())
        }
    }

    @Test func `a client that stops sending inside a frame is gone`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Hold", try message("x")), Array(WirePeer.request(3, "Inline").dropLast()))
            try peer.raw.shutdownWrite()
            #expect(try await peer.isClosed())
            #expect(await test.echo.events.wait(for: 2).last == .ended("x", .cancelled))
        }
    }

    // Row 2.
    @Test(arguments: [(.request, 1), (.data, 3), (.response, 4), (FrameType(rawValue: 9), 5)] as [(FrameType, UInt32)])
    func `a frame over 4 MiB is refused and passed over`(type: FrameType, id: UInt32) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let length = (4 << 20) + 1
            let answer = try await peer.call(WirePeer.frame(id, type, [], [UInt8](repeating: 0, count: length)))
            expectStatus(answer, id, ServerStreams.Refusal.frameTooLong(length).status)
            #expect(answer.status?.code == .resourceExhausted)
            try await expectAlive(peer)
        }
    }

    @Test func `a frame of 4 MiB is taken`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let overhead = WirePeer.request(1, "Inline").count - FrameHeader.byteCount
            // A key this long takes four bytes of length, as the payload does in the envelope.
            let payload = try message(String(repeating: "k", count: (4 << 20) - overhead - 5 - 5))
            let request = WirePeer.request(1, "Inline", payload)
            #expect(request.count == FrameHeader.byteCount + FrameHeader.maximumLength)
            #expect(try await peer.call(request).payload == payload)
        }
    }

    @Test func `a frame from 16 MiB on is refused and the connection closes`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Inline"))
            #expect(try await peer.receive().header.streamID == 1)
            // An open call does not keep the connection.
            try await peer.send(WirePeer.request(3, "Deaf", flags: .remoteOpen), hex("01 00 00 00  00 00 00 05  01 00"))
            expectStatus(try await peer.receive(), 5, ServerStreams.Refusal.frameTooLong(16 << 20).status)
            #expect(try await peer.isClosed())
            #expect(await test.echo.events.wait(for: 2).last == .ended("deaf", .cancelled))
        }
    }

    // Row 3.
    @Test(arguments: [FrameType.request, .response, .data, FrameType(rawValue: 0), FrameType(rawValue: 200)])
    func `an even ID is refused`(type: FrameType) async throws {
        try await withServer { test in
            let peer = try test.connect()
            for id in [0, 2, 0xffff_fffe] as [UInt32] {
                let answer = try await peer.call(WirePeer.frame(id, type))
                expectStatus(
                    answer, id, RPCStatus(.invalidArgument, "StreamID must be odd for client initiated streams"))
            }
            try await expectAlive(peer)
        }
    }

    // Row 4.
    @Test func `data for a stream that is not active is refused`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let status = RPCStatus(.invalidArgument, "StreamID is no longer active")
            expectStatus(try await peer.call(WirePeer.data(7, [1])), 7, status)
            _ = try await peer.call(WirePeer.request(9, "Async", try message("a")))
            expectStatus(try await peer.call(WirePeer.data(9, [])), 9, status)
            expectStatus(try await peer.call(WirePeer.halfClose(9)), 9, status)
            try await expectAlive(peer)
        }
    }

    // Row 5.
    @Test func `data for a unary call in flight does it no harm`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let payload = try message("x")
            try await peer.send(
                WirePeer.request(1, "Hold", payload), WirePeer.data(1, [1, 2, 3]), WirePeer.halfClose(1))
            try await expectAlive(peer)
            test.echo.release.send()
            let answer = try await peer.receive()
            #expect(answer.header.streamID == 1)
            #expect(answer.payload == payload)
        }
    }

    // Row 6.
    @Test func `an empty message is delivered`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Chat", flags: .remoteOpen))
            let echo = try await peer.call(WirePeer.data(1, []))
            #expect(echo.header == FrameHeader(length: 0, streamID: 1, type: .data))
        }
    }

    @Test func `data after the half close ends the stream`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Deaf", flags: .remoteOpen), WirePeer.halfClose(1))
            let answer = try await peer.call(WirePeer.data(1, [1]))
            expectStatus(answer, 1, ServerStreams.Refusal.dataAfterHalfClose.status)
            #expect(answer.status?.code == .invalidArgument)
            #expect(await test.echo.events.wait(for: 2).last == .ended("deaf", .cancelled))
            // That was the one end of the stream.
            try await expectAlive(peer)
        }
    }

    // Row 7.
    @Test func `data with the flag for none delivers nothing`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Chat", flags: .remoteOpen), WirePeer.data(1, [1, 2, 3], .noData),
                WirePeer.data(1, try message("a")))
            #expect(try await peer.receive().body == message("a"))
        }
    }

    // Row 8.
    @Test func `the half close may bring the last message`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(
                WirePeer.request(1, "Collect", flags: .remoteOpen), WirePeer.data(1, try message("a")),
                WirePeer.data(1, try message("b"), .remoteClosed))
            #expect(try await peer.receive().payload == message("a,b"))
            try await expectAlive(peer)
        }
    }

    // Row 9.
    @Test func `a used ID is refused and the live call of that ID lives on`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let status = RPCStatus(.invalidArgument, "StreamID cannot be re-used and must increment")
            try await peer.send(WirePeer.request(5, "Hold", try message("x")))
            expectStatus(try await peer.call(WirePeer.request(5, "Inline")), 5, status)
            expectStatus(try await peer.call(WirePeer.request(3, "Inline")), 3, status)
            test.echo.release.send()
            #expect(try await peer.receive().payload == message("x"))
            try await expectAlive(peer)
        }
    }

    @Test func `IDs may have gaps up to the last one`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await expectAlive(peer, id: 1)
            try await expectAlive(peer, id: 1 << 30 | 1)
            try await expectAlive(peer, id: .max)
        }
    }

    // Row 10.
    @Test(arguments: ["0a", "0a 01 ff", "08 01", "0b 0c", "00 00", "0a ff ff ff ff 7f"])
    func `an envelope that does not decode is refused and uses its ID`(body: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(WirePeer.frame(3, .request, [], hex(body)))
            #expect(answer.header.streamID == 3)
            #expect(answer.status?.code == .invalidArgument)
            let again = try await peer.call(WirePeer.request(3, "Inline"))
            expectStatus(again, 3, ServerStreams.Refusal.reusedStreamID.status)
            try await expectAlive(peer)
        }
    }

    // Row 11.
    @Test(arguments: [
        ("no.Such", "Inline", "service no.Such"), ("test.echo", "Inline", "service test.echo"),
        ("test.Echo", "Nope", "method Nope"), ("test.Echo", "inline", "method inline"), ("test.Echo", "", "method "),
        ("", "", "service "), ("", "Inline", "service "),
    ])
    func `unknown names are said`(service: String, method: String, text: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(WirePeer.request(1, method, service: service))
            expectStatus(answer, 1, RPCStatus(.unimplemented, text))
            try await expectAlive(peer)
        }
    }

    @Test func `an empty request names the empty service`() async throws {
        try await withServer { test in
            let answer = try await test.connect().call(WirePeer.frame(1, .request))
            expectStatus(answer, 1, RPCStatus(.unimplemented, "service "))
        }
    }

    // Row 12.
    @Test(arguments: [0, 2, 4, 255] as [UInt8])
    func `frames of other types are ignored until they are too many`(type: UInt8) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let stray = WirePeer.frame(1, FrameType(rawValue: type), [], [1, 2])
            try await peer.send(stray.repeated(100), WirePeer.request(1, "Inline"), stray.repeated(101))
            #expect(try await peer.receive().header.type == .response)
            #expect(try await peer.isClosed())
        }
    }

    @Test func `valid frames between them reset the count`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            for id in [1, 3, 5] as [UInt32] {
                try await peer.send(WirePeer.frame(1, FrameType(rawValue: 77)).repeated(100))
                try await expectAlive(peer, id: id)
            }
        }
    }

    // The bytes themselves.
    @Test func `a request may come one byte at a time`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let payload = try message("slowly")
            try await onThread {
                for byte in WirePeer.request(1, "Inline", payload) { try peer.raw.sendBlocking([byte]) }
            }
            #expect(try await peer.receive().payload == payload)
        }
    }

    @Test func `many requests may come at once`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let ids = (0..<2000).map { UInt32($0 * 2 + 1) }
            let requests = try ids.map { WirePeer.request($0, "Inline", try message("\($0 / 2)")) }
            async let sent: Void = peer.send(requests.flatMap { $0 })
            let answers = try await peer.receive(requests.count)
            try await sent
            let expected = try (0..<2000).map { try message("\($0)") }
            #expect(answers.map(\.header.streamID) == ids)
            #expect(answers.map(\.payload) == expected)
        }
    }

    @Test(arguments: [UInt8(ascii: "G"), UInt8(ascii: "Q"), 1, 0xff])
    func `a connection that begins with another byte closes`(byte: UInt8) async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send([byte])
            #expect(try await peer.isClosed())
        }
    }
}

extension [UInt8] {
    /// The bytes, `count` times.
    func repeated(_ count: Int) -> [UInt8] {
        [[UInt8]](repeating: self, count: count).flatMap { $0 }
    }
}
