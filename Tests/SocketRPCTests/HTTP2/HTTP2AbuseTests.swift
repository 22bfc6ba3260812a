// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Clients that mean harm. Each is sent away or held up, others are served meanwhile, and memory stays as it is.
@Suite(.tags(.blocking), .timeLimit(.minutes(2))) struct HTTP2AbuseTests {
    private static let inline = "/test.Echo/Inline"
    private static let calm: UInt32 = 11
    /// How much a flood may add to the memory of the process, in KiB; sanitizers have more of their own.
    private static let memory = Sanitizer.countsMemory ? 1 << 20 : 100 << 10

    /// Runs an attack while another client goes on calling, and gives the code of the GOAWAY that ends it.
    @discardableResult
    private func attack(_ bytes: [UInt8]) async throws -> UInt32 {
        try await withServer { test in
            let other = try await HTTP2Peer.connect(test.path)
            #expect(try await other.call(1, Self.inline).status == 0)
            let before = try ProcessUsage.own().residentKilobytes
            let attacker = try await HTTP2Peer.connect(test.path)
            async let end = attacker.goneAway()
            // The server may close in the middle of it.
            try? await attacker.raw.send(bytes)
            #expect(try await other.call(3, Self.inline).status == 0)
            let code = try await end.code
            #expect(try await other.call(5, Self.inline).status == 0)
            #expect(try ProcessUsage.own().residentKilobytes - before < Self.memory)
            #expect(test.server.connectionCount == 1)
            withExtendedLifetime((other, attacker)) {}
            return code
        }
    }

    @Test func `streams that are reset as soon as they are opened`() async throws {
        var bytes: [UInt8] = []
        for index in 0..<20_000 {
            let stream = UInt32(index * 2 + 1)
            bytes += HTTP2Frame.request(stream, "/test.Echo/Hold").bytes + HTTP2Frame.reset(stream, 8).bytes
        }
        try await attack(bytes)
    }

    @Test(arguments: [0, 1, 16_000])
    func `a header block that never ends`(size: Int) async throws {
        let start = HTTP2Frame(
            HTTP2Frame.headers, 0, stream: 1, HTTP2Frame.block([(":method", "POST"), (":path", "/test.Echo/Inline")]))
        let more = HTTP2Frame(
            HTTP2Frame.continuation, 0, stream: 1,
            size < 20 ? [] : HTTP2Frame.block([("x-more", String(repeating: "x", count: size - 20))]))
        try await attack(start.bytes + more.bytes.repeated(10_000))
    }

    @Test func `headers that grow in the decoder`() async throws {
        // An entry of 4,000 bytes, put into the table once and then named by one byte, again and again.
        let entry: [UInt8] = [0x40] + HTTP2Frame.block([("x-bomb", String(repeating: "x", count: 3900))]).dropFirst()
        let usual = HTTP2Frame.request(1, Self.inline).payload
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let before = try ProcessUsage.own().residentKilobytes
            for index in 0..<20 {
                let stream = UInt32(index * 2 + 1)
                let block = usual + (index == 0 ? entry : []) + [UInt8](repeating: 0x80 | 62, count: 10)
                try await peer.send(HTTP2Frame(HTTP2Frame.headers, HTTP2Frame.endHeaders, stream: stream, block))
                let answer = try await peer.answer(stream)
                #expect(answer.status == 8)
                #expect(try answer.details?.reason == "METADATA_TOO_LARGE")
            }
            #expect(try ProcessUsage.own().residentKilobytes - before < Self.memory)
            #expect(try await peer.call(101, Self.inline).status == 0)
        }
    }

    @Test(arguments: [false, true])
    func `a header block that is many times too large is not decoded to its end`(isTrailer: Bool) async throws {
        let entry: [UInt8] = [0x40] + HTTP2Frame.block([("x-bomb", String(repeating: "x", count: 3900))]).dropFirst()
        let usual = HTTP2Frame.request(1, "/test.Echo/Chat")
        let rest = entry + [UInt8](repeating: 0x80 | 62, count: 12_000)
        let flags = HTTP2Frame.endHeaders | HTTP2Frame.endStream
        let bytes =
            isTrailer
            ? usual.bytes + HTTP2Frame(HTTP2Frame.headers, flags, stream: 1, rest).bytes
            : HTTP2Frame(HTTP2Frame.headers, flags, stream: 1, usual.payload + rest).bytes
        #expect(try await attack(bytes) == Self.calm)
    }

    @Test func `header blocks that are somewhat too large, one behind the other`() async throws {
        let usual = HTTP2Frame.request(1, Self.inline).payload
        let entry: [UInt8] = [0x40] + HTTP2Frame.block([("x-bomb", String(repeating: "x", count: 3900))]).dropFirst()
        var bytes: [UInt8] = []
        for index in 0..<20_000 {
            let block = usual + (index == 0 ? entry : []) + [UInt8](repeating: 0x80 | 62, count: 10)
            let flags = HTTP2Frame.endHeaders | HTTP2Frame.endStream
            bytes += HTTP2Frame(HTTP2Frame.headers, flags, stream: UInt32(index * 2 + 1), block).bytes
        }
        #expect(try await attack(bytes) == Self.calm)
    }

    @Test func `what no handler takes is bounded over all connections`() async throws {
        let plain = ByteBuffer([UInt8](repeating: 0, count: 1 << 20))
        var bomb = ByteBuffer()
        #expect(Gzip().deflate(plain.bytes, into: &bomb))
        let message = HTTP2Frame.message(bomb.copied(), flag: 1)
        var configuration = ServerConfiguration()
        configuration.inputBytes = 16 << 20
        try await withServer(configuration) { test in
            let small = try await HTTP2Peer.connect(test.path)
            try await small.send(.request(1, "/test.Echo/Deaf"), .data(1, HTTP2Frame.message([])))
            var peers: [HTTP2Peer] = []
            for _ in 0..<6 {
                let peer = try await HTTP2Peer.connect(test.path)
                peers.append(peer)
                try await peer.send(.request(1, "/test.Echo/Deaf", [("grpc-encoding", "gzip")]))
                for _ in 0..<10 { try await peer.send(.data(1, message)) }
            }
            // Those that keep the most have lost their call, with the status that says why.
            var lost = 0
            for peer in peers {
                try await peer.send(.data(1, [], endStream: true))
                lost += test.server.inputBudget.excessCount > 0 ? 1 : 0
            }
            #expect(lost > 0)
            #expect(test.server.inputBudget.heldBytes <= 16 << 20 + 4 << 20 + 1 << 20)
            test.echo.release.send()
            var refused = 0
            for peer in peers {
                let answer = try await peer.answer(1)
                if answer.status == 8 {
                    refused += 1
                    #expect(try answer.details?.reason == "SERVER_OVER_BUDGET")
                }
            }
            #expect(refused >= 4)
            // One that keeps little is not touched.
            try await small.send(.data(1, [], endStream: true))
            #expect(try await small.answer(1).status == 0)
        }
    }

    @Test func `pings without end`() async throws {
        let ping = HTTP2Frame(HTTP2Frame.ping, stream: 0, [UInt8](repeating: 1, count: 8)).bytes
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try? await peer.raw.send(ping.repeated(1000))
            let end = try await peer.goneAway()
            #expect(end.code == Self.calm)
            #expect(end.words == "too_many_pings")
        }
        #expect(try await attack(ping.repeated(10_000)) == Self.calm)
    }

    @Test func `settings without end`() async throws {
        #expect(try await attack(HTTP2Frame.settings().bytes.repeated(20_000)) == Self.calm)
    }

    @Test(arguments: [
        HTTP2Frame(HTTP2Frame.windowUpdate, stream: 0, [0, 0, 0, 1]), HTTP2Frame(2, stream: 1, [0, 0, 0, 0, 9]),
        HTTP2Frame(0x55, stream: 0, [1, 2, 3]), HTTP2Frame(0x55, stream: 0),
    ])
    func `frames that bring nothing forward`(frame: HTTP2Frame) async throws {
        #expect(try await attack(frame.bytes.repeated(30_000)) == Self.calm)
    }

    @Test func `empty frames of data`() async throws {
        let bytes = HTTP2Frame.request(1, "/test.Echo/Chat").bytes + HTTP2Frame.data(1, []).bytes.repeated(30_000)
        #expect(try await attack(bytes) == Self.calm)
    }

    @Test func `more data than the window`() async throws {
        let data = HTTP2Frame.data(1, HTTP2Frame.message([UInt8](repeating: 1, count: 16_000))).bytes
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try? await peer.raw.send(HTTP2Frame.request(1, "/test.Echo/Deaf").bytes + data.repeated(10))
            // nghttp2 resets the stream, or ends the connection.
            let answer = try await peer.answer(1)
            #expect(answer.reset == 3)
            await test.echo.events.wait(until: .ended("deaf", .cancelled))
        }
    }

    @Test(arguments: ["/test.Echo/Chat", "/test.Echo/Unknown"])
    func `streams that are made to be reset by the server`(path: String) async throws {
        var bytes: [UInt8] = []
        for index in 0..<5_000 {
            let stream = UInt32(index * 2 + 1)
            bytes += HTTP2Frame.request(stream, path).bytes
            bytes += HTTP2Frame.windowUpdate(stream, 0x7fff_ffff).bytes
        }
        #expect(try await attack(bytes) == Self.calm)
    }

    @Test func `data that is padding alone, and data for streams that are over`() async throws {
        let padding = HTTP2Frame(HTTP2Frame.data, 8, stream: 1, [0]).bytes
        #expect(
            try await attack(HTTP2Frame.request(1, "/test.Echo/Chat").bytes + padding.repeated(30_000)) == Self.calm)
        let late = HTTP2Frame.data(1, [1]).bytes
        #expect(try await attack(HTTP2Frame.request(1, "/no/thing").bytes + late.repeated(30_000)) == Self.calm)
    }

    @Test func `gzip bombs, one behind the other`() async throws {
        let plain = ByteBuffer([UInt8](repeating: 0, count: 4 << 20))
        var bomb = ByteBuffer()
        #expect(Gzip().deflate(plain.bytes, into: &bomb))
        let body = HTTP2Frame.message(bomb.copied(), flag: 1)
        try await withServer { test in
            let other = try await HTTP2Peer.connect(test.path)
            let peer = try await HTTP2Peer.connect(test.path)
            var bytes: [UInt8] = []
            var streams: Set<UInt32> = []
            for index in 0..<20 {
                let stream = UInt32(index * 2 + 1)
                streams.insert(stream)
                bytes += HTTP2Frame.request(stream, "/test.Echo/Inline", [("grpc-encoding", "gzip")]).bytes
                for start in Swift.stride(from: 0, to: body.count, by: 16_000) {
                    let piece = Array(body[start..<min(start + 16_000, body.count)])
                    bytes += HTTP2Frame.data(stream, piece, endStream: start + 16_000 >= body.count).bytes
                }
            }
            let all = (bytes, streams)
            async let sent: Void = peer.raw.send(all.0)
            async let answers = peer.answers(all.1)
            #expect(try await other.call(1, Self.inline).status == 0)
            try await sent
            #expect(try await answers.values.map(\.status) == [Int?](repeating: 13, count: 20))
        }
    }

    @Test func `a window that overflows`() async throws {
        let bytes = HTTP2Frame.windowUpdate(0, 0x7fff_ffff).bytes.repeated(2)
        #expect(try await attack(bytes) == 3)
    }

    @Test func `a client that never reads`() async throws {
        var configuration = ServerConfiguration()
        configuration.writeStallTimeout = .milliseconds(300)
        try await withServer(configuration) { test in
            let other = try await HTTP2Peer.connect(test.path)
            let before = try ProcessUsage.own().residentKilobytes
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 0x7fff_ffff)])
            var bytes = HTTP2Frame.windowUpdate(0, 0x7fff_0000).bytes
            for index in 0..<100 {
                let stream = UInt32(index * 2 + 1)
                bytes += HTTP2Frame.request(stream, "/test.Echo/Flood").bytes
                bytes += HTTP2Frame.data(stream, HTTP2Frame.message(try message("f", "60000")), endStream: true).bytes
            }
            try await peer.raw.send(bytes)
            #expect(try await other.call(1, Self.inline).status == 0)
            await test.echo.events.wait(until: .ended("f", .cancelled))
            #expect(try ProcessUsage.own().residentKilobytes - before < Self.memory)
            #expect(try await other.call(3, Self.inline).status == 0)
            withExtendedLifetime(peer) {}
        }
    }

    /// Requests of a few bytes each. The first leaves its headers in the table; the others name them by a byte each.
    private static func smallRequests(_ count: Int) -> [UInt8] {
        let fields = [[(":authority", "x")], [("content-type", "application/grpc")]]
        let indexed = fields.flatMap { [0x40] + HTTP2Frame.block($0).dropFirst() }
        let flags = HTTP2Frame.endHeaders | HTTP2Frame.endStream
        var bytes: [UInt8] = []
        for index in 0..<count {
            let path = Array(HTTP2Frame.block([(":path", "/\(index)/x")]).dropFirst(7))
            let block = [0x83, 0x86, 0x04] + path + (index == 0 ? indexed : [0xbf, 0xbe])
            bytes += HTTP2Frame(HTTP2Frame.headers, flags, stream: UInt32(index * 2 + 1), block).bytes
        }
        return bytes
    }

    @Test func `a client that reads little is read little of`() async throws {
        try await withServer { test in
            // Made before anything connects: a connection that says nothing for a while is closed.
            let bytes = Self.smallRequests(300_000)
            let peer = try await HTTP2Peer.connect(test.path)
            let other = try test.connect()
            try await onThread {
                var (sent, received, id) = (0, 0, UInt32(1))
                // An answer is several times as long as its request.
                while received < 4 << 20 && sent < bytes.count {
                    var taken = 1
                    while taken > 0 && sent < bytes.count {
                        taken = peer.raw.sendAvailable(bytes[sent..<min(sent + 65_536, bytes.count)])
                        sent += taken
                    }
                    received += try peer.raw.receiveBlocking(16_384).count
                    // The server gets its turns, in which it would read.
                    for _ in 0..<3 {
                        try other.raw.sendBlocking(WirePeer.request(id, "Inline"))
                        _ = try other.receiveBlocking()
                        id += 2
                    }
                }
                #expect(sent < received / 4 + 1 << 20)
            }
        }
    }

    @Test func `an answer that gets no credit is dropped after a while`() async throws {
        var configuration = ServerConfiguration()
        configuration.writeStallTimeout = .milliseconds(200)
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(4, 10)])
            let answer = try await peer.call(1, "/test.Echo/Big", try message("1000"))
            #expect(answer.body.count == 10)
            #expect(answer.reset == 8)
        }
    }

    @Test(arguments: [
        Array(HTTP2Frame.preface.prefix(10)), HTTP2Frame.preface, HTTP2Frame.preface + [0, 0],
        HTTP2Frame.preface + HTTP2Frame.settings().bytes + HTTP2Frame(1, 0, stream: 1, [0]).bytes,
    ])
    func `a client that stops in the middle is sent away`(bytes: [UInt8]) async throws {
        var configuration = ServerConfiguration()
        configuration.startedFrameTimeout = .milliseconds(100)
        try await withServer(configuration) { test in
            let peer = try RawPeer(path: test.path)
            try await peer.send(bytes)
            _ = try await peer.receiveToEnd()
            #expect(try await HTTP2Peer.connect(test.path).call(1, Self.inline).status == 0)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "PUT /x HTTP/1.1\r\n\r\n        ", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
    ])
    func `another protocol that begins with the same letter is sent away`(text: String) async throws {
        try await withServer { test in
            let peer = try RawPeer(path: test.path)
            try await peer.send(Array(text.utf8))
            _ = try await peer.receiveToEnd()
        }
    }

    @Test func `frames of nonsense end their connection alone`() async throws {
        try await withServer { test in
            let other = try await HTTP2Peer.connect(test.path)
            for round in 0..<60 {
                let peer = try await HTTP2Peer.connect(test.path)
                var bytes: [UInt8] = []
                for _ in 0..<40 {
                    let payload = (0..<Int.random(in: 0..<60)).map { _ in
                        UInt8.random(in: 0...255)
                    }
                    bytes +=
                        HTTP2Frame(
                            UInt8.random(in: 0...10), UInt8.random(in: 0...255),
                            stream: UInt32.random(in: 0...5), payload
                        ).bytes
                }
                try? await peer.raw.send(bytes)
                try? peer.raw.shutdownWrite()
                _ = try await peer.raw.receiveToEnd()
                #expect(try await other.call(UInt32(round * 2 + 1), Self.inline).status == 0)
            }
        }
    }
}
