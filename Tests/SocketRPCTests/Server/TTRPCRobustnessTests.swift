// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Slow, greedy and dead clients.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct TTRPCRobustnessTests {
    private static func configuration(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        change(&configuration)
        return configuration
    }

    @Test func `an answer over 4 MiB fails its call alone`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Hold", try message("x")))
            let answer = try await peer.call(WirePeer.request(3, "Big", try message("\(4 << 20)")))
            #expect(answer.header.streamID == 3)
            #expect(answer.status?.code == .resourceExhausted)
            test.echo.release.send()
            #expect(try await peer.receive().payload == message("x"))
        }
    }

    @Test func `the longest answer that fits is sent`() async throws {
        try await withServer { test in
            // The value and its payload have a tag and a length of four bytes each.
            let size = FrameHeader.maximumLength - 10
            let answer = try await test.connect().call(WirePeer.request(1, "Big", try message("\(size)")))
            #expect(answer.header.length == FrameHeader.maximumLength)
            #expect(answer.payload?.count == size + 5)
        }
    }

    @Test func `a streamed message over 4 MiB fails its stream alone`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let answer = try await peer.call(
                WirePeer.request(1, "Flood", try message("f", "\(5 << 20)"), flags: .remoteClosed))
            #expect(answer.status?.code == .resourceExhausted)
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("a"))).payload == message("a"))
        }
    }

    @Test func `a stream without a reader does not hold up others`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Deaf", flags: .remoteOpen))
            let body = try message(String(repeating: "k", count: 60_000))
            for _ in 0..<15 { try await peer.send(WirePeer.data(1, body)) }
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("a"))).payload == message("a"))
            test.echo.release.send()
            let echoes = try await peer.receive(15)
            #expect(echoes.allSatisfy { $0.header.streamID == 1 && $0.body == body })
        }
    }

    @Test func `a stream over its budget ends alone`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Deaf", flags: .remoteOpen))
            for _ in 0..<17 { try await peer.send(WirePeer.data(1, [UInt8](repeating: 0, count: 63_000))) }
            let answer = try await peer.receive()
            #expect(answer.header.streamID == 1)
            #expect(answer.status == ServerStreams.Refusal.streamOverBudget.status)
            #expect(await test.echo.events.wait(for: 2).last == .ended("deaf", .cancelled))
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("a"))).payload == message("a"))
        }
    }

    @Test func `over its budget a connection is not read until handlers catch up`() async throws {
        let configuration = Self.configuration { $0.streams.connectionBytes = 10_000 }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            let body = try message(String(repeating: "k", count: 6_000))
            try await peer.send(
                WirePeer.request(1, "Deaf", flags: .remoteOpen), WirePeer.request(3, "Deaf", flags: .remoteOpen),
                WirePeer.data(1, body), WirePeer.data(3, body), WirePeer.data(1, body), WirePeer.data(3, body),
                WirePeer.request(5, "Inline", try message("a")))
            // Two handlers started, and what came after the budget was used up is not looked at.
            _ = await test.echo.events.wait(for: 2)
            let other = try test.connect()
            try await other.send(WirePeer.request(1, "Hold", try message("x")))
            _ = await test.echo.events.wait(for: 3)
            test.echo.release.send()
            _ = try await other.receive()
            let frames = try await peer.receive(5)
            #expect(Set(frames.map(\.header.streamID)) == [1, 3, 5])
            #expect(frames.first?.header.streamID != 5)
            #expect(frames.filter { $0.header.type == .data }.allSatisfy { $0.body == body })
        }
    }

    @Test func `a call that ends frees its budget for what was received behind it`() async throws {
        let configuration = Self.configuration { $0.streams.connectionBytes = 10_000 }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            let body = try message(String(repeating: "k", count: 6_000))
            let flags = FrameFlags.remoteOpen
            try await peer.send(
                WirePeer.request(1, "Deaf", flags: flags, timeoutNano: 50_000_000), WirePeer.data(1, body),
                WirePeer.data(1, body), WirePeer.request(3, "Inline", try message("a")))
            let frames = try await peer.receive(2)
            #expect(frames.map(\.header.streamID) == [1, 3])
            #expect(frames.first?.status?.code == .deadlineExceeded)
            #expect(try frames.last?.payload == message("a"))
        }
    }

    @Test func `the loss of a client that is not read for its budget cancels its handlers`() async throws {
        let configuration = Self.configuration { $0.streams.connectionBytes = 10_000 }
        try await withServer(configuration) { test in
            do {
                let peer = try test.connect()
                let body = try message(String(repeating: "k", count: 6_000))
                try await peer.send(
                    WirePeer.request(1, "Deaf", flags: .remoteOpen), WirePeer.data(1, body), WirePeer.data(1, body),
                    WirePeer.data(1, body))
                _ = await test.echo.events.wait(for: 1)
                withExtendedLifetime(peer) {}
            }
            #expect(await test.echo.events.wait(for: 2).last == .ended("deaf", .cancelled))
        }
    }

    @Test func `output that is not read pauses reading, which continues later`() async throws {
        let configuration = Self.configuration { $0.outputPause = 1 << 20 }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            let ids = (0..<60).map { UInt32($0 * 2 + 1) }
            let requests = try ids.map { WirePeer.request($0, "Big", try message("1000000")) }
            try await peer.send(requests.flatMap { $0 })
            let answers = try await peer.receive(ids.count)
            #expect(answers.map(\.header.streamID) == ids)
            #expect(answers.allSatisfy { $0.payload?.count == 1_000_004 })
        }
    }

    @Test func `a handler that sends to a client that does not read is suspended`() async throws {
        let sent = Counter()
        let method = RPCMethod<TTRPCKeyValue, GoogleAny>(service: "test.Sender", name: "Send", kind: .serverStreaming)
        let sender = MethodHandler(method) {
            (_: TTRPCKeyValue, responses: ResponseStream<GoogleAny>, _) async throws(RPCStatus) in
            while true {
                try await responses.send(GoogleAny(value: [UInt8](repeating: 1, count: 10_000)))
                sent.increment()
            }
        }
        let service = RPCService(name: "test.Sender", methods: [sender])
        let configuration = Self.configuration { $0.outputHighMark = 100_000 }
        try await withServer(configuration, services: [service]) { test in
            let (deaf, other) = (try test.connect(), try test.connect())
            try await deaf.send(WirePeer.request(1, "Send", service: "test.Sender", flags: .remoteClosed))
            _ = try await deaf.receive()
            // One loop serves both, so each answer is from after a turn in which the handler could have gone on.
            for index in 0..<50 { _ = try await other.call(WirePeer.request(UInt32(index * 2 + 1), "Inline")) }
            // The mark, and what the kernel holds.
            #expect(sent.value < 200)
        }
    }

    @Test func `a handler that sends waits for the client to read`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Repeat", try message("m", "100000"), flags: .remoteClosed))
            let frames = try await peer.receive(100_001)
            #expect(try frames[99_999].body == message("m99999"))
            #expect(frames[100_000].isEndOfStream)
        }
    }

    @Test func `many streams share one slow connection`() async throws {
        let configuration = Self.configuration {
            $0.outputHighMark = 20_000
            $0.outputLowMark = 5_000
        }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            let ids = (0..<20).map { UInt32($0 * 2 + 1) }
            for id in ids {
                try await peer.send(WirePeer.request(id, "Repeat", try message("m", "500"), flags: .remoteClosed))
            }
            let frames = try await peer.receive(20 * 501)
            let bodies = try (0..<500).map { try message("m\($0)") }
            for id in ids {
                let own = frames.filter { $0.header.streamID == id }
                #expect(own.dropLast().map(\.body) == bodies)
                #expect(own.last?.isEndOfStream == true)
            }
        }
    }

    @Test func `a client that never reads is dropped and its handlers are cancelled`() async throws {
        let configuration = Self.configuration { $0.writeStallTimeout = .milliseconds(50) }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Flood", try message("f", "10000"), flags: .remoteClosed))
            #expect(await test.echo.events.wait(for: 2).last == .ended("f", .cancelled))
            // What was written before can still be read; then comes the end.
            _ = try await peer.raw.receiveToEnd()
        }
    }

    @Test func `the loss of a client with output that waits cancels its handlers`() async throws {
        let configuration = Self.configuration { $0.writeStallTimeout = .seconds(600) }
        try await withServer(configuration) { test in
            do {
                let peer = try test.connect()
                try await peer.send(WirePeer.request(1, "Flood", try message("f", "10000"), flags: .remoteClosed))
                // The handler sends more than a socket takes before anything is written.
                _ = try await peer.receive()
            }
            #expect(await test.echo.events.wait(for: 2).last == .ended("f", .cancelled))
        }
    }

    @Test func `an answer that cannot be written ends the other calls of its connection`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            try await peer.send(WirePeer.request(1, "Hold", try message("x")))
            _ = await test.echo.events.wait(for: 1)
            try peer.raw.shutdownRead()
            try await peer.send(WirePeer.request(3, "Inline", try message("a")))
            #expect(await test.echo.events.wait(for: 2).last == .ended("x", .cancelled))
            // The client is there until then: it is not its going that ends the call.
            withExtendedLifetime(peer) {}
        }
    }

    @Test func `a client that says nothing is dropped`() async throws {
        let configuration = Self.configuration { $0.firstByteTimeout = .milliseconds(20) }
        try await withServer(configuration) { test in
            let silent = try test.connect()
            #expect(try await silent.isClosed())
        }
    }

    @Test(arguments: [1, 9, 10, 20])
    func `a client that does not finish a frame is dropped`(count: Int) async throws {
        let configuration = Self.configuration { $0.startedFrameTimeout = .milliseconds(20) }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            try await peer.send(Array(WirePeer.request(1, "Inline", try message("a")).prefix(count)))
            #expect(try await peer.isClosed())
        }
    }

    @Test func `a client that does not finish an oversized frame is dropped`() async throws {
        let configuration = Self.configuration { $0.startedFrameTimeout = .milliseconds(20) }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            try await peer.send(hex("00 50 00 00  00 00 00 01  01 00  aa bb"))
            #expect(try await peer.receive().status?.code == .resourceExhausted)
            #expect(try await peer.isClosed())
        }
    }

    @Test func `a busy client whose frames never end with a read is kept`() async throws {
        let patience = Duration.seconds(2)
        try await withServer(Self.configuration { $0.startedFrameTimeout = patience }) { test in
            let peer = try test.connect()
            let end = ContinuousClock.now + patience * 2
            var rest: ArraySlice<UInt8> = []
            var id: UInt32 = 1
            repeat {
                let request = WirePeer.request(id, "Inline", try message("a"))
                try await peer.send(Array(rest + request.prefix(15)))
                rest = request.dropFirst(15)
                if id > 1 { #expect(try await peer.receive().header.streamID == id - 2) }
                id += 2
            } while ContinuousClock.now < end
        }
    }

    @Test func `an idle connection is kept after its first call`() async throws {
        let configuration = Self.configuration {
            $0.firstByteTimeout = .milliseconds(10)
            $0.startedFrameTimeout = .milliseconds(10)
            $0.writeStallTimeout = .milliseconds(10)
        }
        try await withServer(configuration) { test in
            let peer = try test.connect()
            _ = try await peer.call(WirePeer.request(1, "Inline", try message("a")))
            // Another connection outlasts every timer that the first could have.
            let silent = try test.connect()
            #expect(try await silent.isClosed())
            #expect(try await peer.call(WirePeer.request(3, "Inline", try message("b"))).payload == message("b"))
        }
    }

    @Test func `the call after 1,024 open ones is refused`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            let requests = try (0..<1025).map { WirePeer.request(UInt32($0 * 2 + 1), "Hold", try message("x")) }
            try await peer.send(requests.flatMap { $0 })
            let refused = try await peer.receive()
            #expect(refused.header.streamID == 2049)
            #expect(refused.status == ServerStreams.Refusal.tooManyStreams.status)
            #expect(try await peer.call(WirePeer.request(2051, "Inline", try message("a"))).payload == message("a"))
            test.echo.release.send()
            let answers = try await peer.receive(1024)
            #expect(answers.allSatisfy { $0.status == nil })
            #expect(try await peer.call(WirePeer.request(2053, "Async", try message("b"))).payload == message("b"))
        }
    }

    @Test func `calls that have ended make room for others`() async throws {
        try await withServer(Self.configuration { $0.streams.streams = 2 }) { test in
            let peer = try test.connect()
            for index in 0..<1100 {
                let answer = try await peer.call(WirePeer.request(UInt32(index * 2 + 1), "Async", try message("a")))
                try #require(try answer.payload == message("a"))
            }
        }
    }

    @Test func `calls of one process over its limit are refused`() async throws {
        try await withServer(Self.configuration { $0.callsPerPeer = 1 }) { test in
            let (first, second) = (try test.connect(), try test.connect())
            try await first.send(WirePeer.request(1, "Hold", try message("x")))
            _ = await test.echo.events.wait(for: 1)
            #expect(try await second.call(WirePeer.request(1, "Async")).status?.code == .resourceExhausted)
            #expect(try await second.call(WirePeer.request(3, "Inline")).status == nil)
            test.echo.release.send()
            _ = try await first.receive()
            #expect(try await second.call(WirePeer.request(5, "Async")).status == nil)
        }
    }

    @Test func `metadata over the limits is refused`() async throws {
        try await withServer { test in
            let peer = try test.connect()
            func answer(_ id: UInt32, pairs: Int, bytes: Int) async throws -> RPCStatus.Code? {
                var metadata = RPCMetadata()
                for index in 0..<pairs { metadata.append("k", String(repeating: "v", count: index == 0 ? bytes : 0)) }
                return try await peer.call(WirePeer.request(id, "Inline", metadata: metadata)).status?.code
            }
            #expect(try await answer(1, pairs: 128, bytes: 0) == nil)
            #expect(try await answer(3, pairs: 129, bytes: 0) == .resourceExhausted)
            #expect(try await answer(5, pairs: 1, bytes: (64 << 10) - 1) == nil)
            #expect(try await answer(7, pairs: 1, bytes: 64 << 10) == .resourceExhausted)
        }
    }

    @Test func `1,000 clients that connect at once are all served`() async throws {
        let limit = try ProcessInformation.raiseDescriptorLimit()
        try await withServer { test in
            let answers = try await onThread {
                let peers = try (0..<min(1000, limit / 4)).map { _ in try test.connect() }
                for (index, peer) in peers.enumerated() {
                    try peer.raw.sendBlocking(WirePeer.request(1, "Inline", try message("\(index)")))
                }
                return try peers.map { try $0.receiveBlocking().payload }
            }
            let expected = try answers.indices.map { try message("\($0)") }
            #expect(answers == expected)
        }
    }
}
