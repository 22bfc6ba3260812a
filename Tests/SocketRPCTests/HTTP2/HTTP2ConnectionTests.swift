// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Cancellation, deadlines, windows and the end of connections.
@Suite(.tags(.blocking)) struct HTTP2ConnectionTests {
    private static let inline = "/test.Echo/Inline"
    /// The identifiers of SETTINGS.
    private static let initialWindow: UInt16 = 4

    @Test func `settings announce the limits`() async throws {
        try await withServer { test in
            let peer = HTTP2Peer(try RawPeer(path: test.path))
            try await peer.raw.send(HTTP2Frame.preface + HTTP2Frame.settings().bytes)
            let settings = try await peer.receive(HTTP2Frame.settings)
            var values: [UInt8: UInt32] = [:]
            for start in stride(from: 0, to: settings.payload.count, by: 6) {
                values[settings.payload[start + 1]] = settings.number(at: start + 2)
            }
            #expect(values == [3: 1024, 4: 64 << 10, 6: 16 << 10])
        }
    }

    @Test func `a reset cancels the handler, and nothing is sent afterwards`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            for (stream, code) in [(1, 8), (3, 0), (5, 2)] as [(UInt32, UInt32)] {
                try await peer.send(
                    .request(stream, "/test.Echo/Hold"),
                    .data(stream, HTTP2Frame.message(try message("held\(code)")), endStream: true))
                await test.echo.events.wait(until: .started("held\(code)"))
                try await peer.send(.reset(stream, code))
                await test.echo.events.wait(until: .ended("held\(code)", .cancelled))
            }
            try await peer.send(
                .request(7, Self.inline), .data(7, HTTP2Frame.message(try message("k")), endStream: true))
            while true {
                let frame = try await peer.receive()
                #expect(frame.stream == 0 || frame.stream == 7)
                if frame.endsStream { break }
            }
        }
    }

    @Test func `a lost connection cancels its handlers`() async throws {
        try await withServer { test in
            do {
                let peer = try await HTTP2Peer.connect(test.path)
                try await peer.send(
                    .request(1, "/test.Echo/Hold"),
                    .data(1, HTTP2Frame.message(try message("held")), endStream: true), .request(3, "/test.Echo/Chat"))
                await test.echo.events.wait(until: .started("held"))
                withExtendedLifetime(peer) {}
            }
            await test.echo.events.wait(until: .ended("held", .cancelled))
        }
    }

    @Test(arguments: ["/test.Echo/Hold", "/test.Echo/Deaf"])
    func `a deadline ends the call and cancels the handler`(path: String) async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, path, try message("deaf"), [("grpc-timeout", "50m")])
            #expect(answer.status == 4)
            await test.echo.events.wait(until: .ended("deaf", .cancelled))
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a deadline ends a call whose message does not come`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(.request(1, Self.inline, [("grpc-timeout", "20m")]), .data(1, [0, 0, 0]))
            #expect(try await peer.answer(1).status == 4)
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(1, 0))
            #expect(try await peer.call(3, Self.inline).status == 0)
        }
    }

    @Test func `a deadline ends a call whose answer is not read`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(0))])
            let answer = try await peer.call(
                1, "/test.Echo/Flood", try message("full", "50000"), [("grpc-timeout", "300m")])
            #expect(answer.reset == 8)
            await test.echo.events.wait(until: .ended("full", .cancelled))
        }
    }

    @Test func `a stream that stalls does not keep the credit of the others`() async throws {
        var configuration = ServerConfiguration()
        configuration.streams.connectionBytes = 64 << 10
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(1 << 20))])
            try await peer.send(.windowUpdate(0, 1 << 20))
            // These stop in the middle of their messages, and more is kept of them than is little.
            let start = [0] + HTTP2Frame.number(200_000) + [UInt8](repeating: 1, count: 40_000)
            var credit = 65_535
            for stream in [1, 3, 5] as [UInt32] {
                try await peer.send(.request(stream, "/test.Echo/Collect"))
                while credit < start.count {
                    let update = try await peer.receive(HTTP2Frame.windowUpdate)
                    if update.stream == 0 { credit += Int(update.number(at: 0)) }
                }
                credit -= start.count
                try await peer.raw.send(frames(stream, start))
            }
            let body = HTTP2Frame.message(try message(String(repeating: "x", count: 150_000)))
            try await peer.send(.request(7, "/test.Echo/Collect"))
            _ = try await peer.sendInWindow(7, body, window: 64 << 10, credit: credit)
            #expect(try await peer.answer(7).status == 0)
        }
    }

    @Test func `a message longer than the window gets credit on its way`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let payload = try message(String(repeating: "x", count: 3 << 20))
            try await peer.send(.request(1, "/test.Echo/Collect"))
            let sent = try await peer.sendInWindow(1, HTTP2Frame.message(payload), window: 64 << 10)
            #expect(sent.updates > 0)
            try await peer.send(.windowUpdate(0, 8 << 20), .windowUpdate(1, 8 << 20))
            let answer = try await peer.answer(1)
            #expect(answer.status == 0)
            #expect(answer.messages.first?.payload.count == payload.count)
        }
    }

    @Test func `many long messages at once all come through, in little memory`() async throws {
        var configuration = ServerConfiguration()
        configuration.streams.connectionBytes = 256 << 10
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(8 << 20))])
            try await peer.send(.windowUpdate(0, 64 << 20))
            let body = HTTP2Frame.message(try message(String(repeating: "x", count: 300_000)))
            let streams = (0..<30).map { UInt32($0 * 2 + 1) }
            for stream in streams { try await peer.send(.request(stream, "/test.Echo/Collect")) }
            let answers = try await peer.sendAtOnce(streams, body, window: 64 << 10, connection: 65_535)
            #expect(answers.values.allSatisfy { $0.status == 0 && $0.messages.first?.payload.count == body.count - 5 })
            #expect(answers.count == streams.count)
        }
    }

    @Test func `credit for messages comes when the handler takes them`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let one = HTTP2Frame.message(try message(String(repeating: "x", count: 8_000)))
            try await peer.send(.request(1, "/test.Echo/Deaf"))
            try await peer.raw.send(frames(1, one.repeated(8)))
            await test.echo.events.wait(until: .started("deaf"))
            // Another call is served while the first keeps its part of the window; no credit came for the first.
            try await peer.send(
                .request(3, Self.inline), .data(3, HTTP2Frame.message(try message("k")), endStream: true))
            var frame = try await peer.receive()
            while frame.stream != 3 || !frame.endsStream {
                #expect(frame.type != HTTP2Frame.windowUpdate || frame.stream != 1)
                frame = try await peer.receive()
            }
            try await peer.send(.windowUpdate(0, 8 << 20), .windowUpdate(1, 8 << 20))
            test.echo.release.send()
            while frame.type != HTTP2Frame.windowUpdate || frame.stream != 1 { frame = try await peer.receive() }
        }
    }

    @Test func `an answer waits for the client's window, other calls do not`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(10))])
            try await peer.send(
                .request(1, "/test.Echo/Big"), .data(1, HTTP2Frame.message(try message("1000")), endStream: true))
            var answer = HTTP2Answer()
            while answer.body.count < 10 { try peer.take(try await peer.receive(), into: &answer) }
            #expect(answer.body.count == 10)
            #expect(try await peer.call(3, "/test.Echo/Fail").status == 9)
            try await peer.send(.windowUpdate(1, 2000))
            let rest = try await peer.answer(1)
            #expect(rest.status == 0)
            #expect(answer.body.count + rest.body.count > 1005)
        }
    }

    @Test func `handlers that wait for room go on when the calls that took it are reset`() async throws {
        var configuration = ServerConfiguration()
        configuration.outputLimit = 100_000
        configuration.outputHighMark = 60_000
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(0))])
            let body = HTTP2Frame.message(try message("full", "50000"))
            for stream in [1, 3] as [UInt32] {
                try await peer.send(.request(stream, "/test.Echo/Flood"), .data(stream, body, endStream: true))
            }
            // This one has a window, but the connection has as much to send as it may.
            try await peer.send(
                .windowUpdate(0, 1 << 20), .request(5, "/test.Echo/Repeat"), .windowUpdate(5, 1 << 20),
                .data(5, HTTP2Frame.message(try message("m", "3")), endStream: true))
            #expect(try await peer.call(7, "/test.Echo/Fail").status == 9)
            try await peer.send(.reset(1, 8), .reset(3, 8))
            #expect(try await peer.answer(5).messages.count == 3)
        }
    }

    @Test func `a window that shrinks below nothing stops the answer until it is open again`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path, settings: [(Self.initialWindow, UInt32(100))])
            try await peer.send(
                .request(1, "/test.Echo/Big"), .data(1, HTTP2Frame.message(try message("1000")), endStream: true))
            var answer = HTTP2Answer()
            while answer.body.count < 100 { try peer.take(try await peer.receive(), into: &answer) }
            try await peer.send(.settings([(Self.initialWindow, UInt32(0))]), .windowUpdate(1, 50))
            #expect(try await peer.call(3, "/test.Echo/Fail").status == 9)
            try await peer.send(.settings([(Self.initialWindow, UInt32(5000))]))
            #expect(try await peer.answer(1).status == 0)
        }
    }

    @Test func `more streams than announced are refused`() async throws {
        var configuration = ServerConfiguration()
        configuration.streams.streams = 2
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            for stream in [1, 3, 5] as [UInt32] { try await peer.send(.request(stream, "/test.Echo/Chat")) }
            #expect(try await peer.receive(HTTP2Frame.reset) == .reset(5, 7))
            try await peer.send(.data(1, [], endStream: true))
            #expect(try await peer.answer(1).status == 0)
            try await peer.send(.request(7, Self.inline, endStream: true))
            #expect(try await peer.answer(7).status == 13)
        }
    }

    @Test func `handlers of cancelled calls count`() async throws {
        var configuration = ServerConfiguration()
        configuration.streams.streams = 2
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            for stream in [1, 3] as [UInt32] {
                try await peer.send(
                    .request(stream, "/test.Echo/Stubborn"),
                    .data(stream, HTTP2Frame.message(try message("\(stream)")), endStream: true))
                await test.echo.events.wait(until: .started("\(stream)"))
                try await peer.send(.reset(stream, 8))
            }
            let refused = try await peer.call(5, "/test.Echo/Stubborn")
            #expect(refused.status == 8)
            #expect(try refused.details?.reason == "TOO_MANY_STREAMS")
            #expect(try await peer.call(7, Self.inline).status == 0)
        }
    }

    @Test func `a ping is answered`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
            try await peer.send(HTTP2Frame(HTTP2Frame.ping, stream: 0, data))
            let answer = try await peer.receive(HTTP2Frame.ping)
            #expect(answer == HTTP2Frame(HTTP2Frame.ping, HTTP2Frame.acknowledge, stream: 0, data))
        }
    }

    @Test func `a client that says goodbye is let go when its calls have ended`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, "/test.Echo/Hold"), .data(1, HTTP2Frame.message(try message("k")), endStream: true),
                HTTP2Frame(HTTP2Frame.goAway, stream: 0, HTTP2Frame.number(0) + HTTP2Frame.number(0)))
            await test.echo.events.wait(until: .started("k"))
            test.echo.release.send()
            #expect(try await peer.answer(1).status == 0)
            _ = try await peer.raw.receiveToEnd()
        }
    }

    @Test func `a drain has two steps: what comes before the client knows is served`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            #expect(try await peer.call(1, Self.inline).status == 0)
            test.server.beginGracefulShutdown(grace: .seconds(60))
            let notice = try await peer.receive(HTTP2Frame.goAway)
            #expect(notice.number(at: 0) == 0x7fff_ffff)
            #expect(notice.number(at: 4) == 0)
            let ping = try await peer.receive(HTTP2Frame.ping)
            #expect(try await peer.call(3, Self.inline).status == 0)
            try await peer.send(
                .request(5, "/test.Echo/Hold"), .data(5, HTTP2Frame.message(try message("k")), endStream: true))
            await test.echo.events.wait(until: .started("k"))
            try await peer.send(HTTP2Frame(HTTP2Frame.ping, HTTP2Frame.acknowledge, stream: 0, ping.payload))
            let last = try await peer.receive(HTTP2Frame.goAway)
            #expect(last.number(at: 0) == 5)
            // What comes now was not processed, and the client knows it.
            try await peer.send(.request(7, Self.inline, endStream: true))
            test.echo.release.send()
            #expect(try await peer.answer(5).status == 0)
            #expect(try await peer.raw.receiveToEnd() == [])
        }
    }

    @Test func `a client that does not answer the drain holds it up for a second at most`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            #expect(try await peer.call(1, Self.inline).status == 0)
            test.server.beginGracefulShutdown(grace: .seconds(60))
            #expect(try await peer.goneAway().code == 0)
        }
    }

    @Test func `the end of the grace ends calls as unavailable`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, "/test.Echo/Hold"), .data(1, HTTP2Frame.message(try message("k")), endStream: true),
                .request(3, Self.inline))
            await test.echo.events.wait(until: .started("k"))
            test.server.beginGracefulShutdown(grace: .milliseconds(50))
            let answers = try await peer.answers([1, 3])
            #expect(answers[1]?.status == 14)
            #expect(answers[3]?.status == 14)
            await test.echo.events.wait(until: .ended("k", .cancelled))
            #expect(try await peer.goneAway().code == 0)
        }
    }

    @Test func `both protocols are served at once`() async throws {
        try await withServer { test in
            let grpc = try await HTTP2Peer.connect(test.path)
            let ttrpc = try test.connect()
            for index in 0..<20 {
                let payload = try message("\(index)")
                let id = UInt32(index * 2 + 1)
                #expect(try await grpc.call(id, Self.inline, payload).messages.first?.payload == payload)
                #expect(try await ttrpc.call(WirePeer.request(id, "Inline", payload)).payload == payload)
            }
        }
    }

    /// Bytes in frames that are not too long.
    private func frames(_ stream: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 16_384).flatMap { start in
            HTTP2Frame.data(stream, Array(bytes[start..<min(start + 16_384, bytes.count)])).bytes
        }
    }
}
