// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing
import interop_server

/// The interop server as a program, frame by frame: what a client that is well made does not see.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct InteropServerFrameTests {
    private static let responseSizes: [Int32] = [31415, 9, 2653, 58979]
    /// Far beyond what a peer waits for a frame.
    private static let minutes: Int32 = 600_000_000

    private func withPeer(_ body: (WirePeer) async throws -> Void) async throws {
        try await Peers.withInteropServer { path in
            try await body(WirePeer(try RawPeer(path: path)))
        }
    }

    private func request(_ sizes: Int32..., interval: Int32 = 0) -> StreamingOutputCallRequest {
        StreamingOutputCallRequest(
            responseParameters: sizes.map { ResponseParameters(size: $0, intervalUs: interval) })
    }

    private func expectAlive(_ peer: WirePeer, id: UInt32) async throws {
        let answer = try await peer.call(WirePeer.call(id, "EmptyCall", Empty()))
        #expect(answer.header == FrameHeader(length: 0, streamID: id, type: .response))
    }

    private func size(of frame: WirePeer.Received) throws -> Int {
        try frame.message(StreamingOutputCallResponse.self).payload?.body.count ?? 0
    }

    // Streams.
    @Test(arguments: ["StreamingOutputCall", "FullDuplexCall", "HalfDuplexCall"])
    func `a stream of an unknown type is refused, and one that asks for a status gets it`(method: String) async throws {
        try await withPeer { peer in
            func status(_ id: UInt32, _ request: StreamingOutputCallRequest) async throws -> RPCStatus? {
                guard method != "StreamingOutputCall" else {
                    return try await peer.call(WirePeer.call(id, method, request)).status
                }
                try await peer.send(
                    WirePeer.open(id, method), WirePeer.data(id, request), WirePeer.halfClose(id))
                return try await peer.receive().status
            }
            var odd = request(1)
            odd.responseType = .unrecognized(7)
            #expect(try await status(1, odd)?.code == .invalidArgument)
            var failing = request(1)
            failing.responseStatus = EchoStatus(code: 9, message: "as asked")
            #expect(try await status(3, failing) == RPCStatus(.failedPrecondition, "as asked"))
            try await expectAlive(peer, id: 5)
        }
    }

    @Test func `a compressed request that is expected is refused in a stream too`() async throws {
        try await withPeer { peer in
            try await peer.send(WirePeer.open(1, "StreamingInputCall"))
            let request = StreamingInputCallRequest(expectCompressed: BoolValue(value: true))
            #expect(try await peer.call(WirePeer.data(1, request)).status?.code == .invalidArgument)
        }
    }

    @Test func `a half duplex call answers after the half close`() async throws {
        try await withPeer { peer in
            try await peer.send(WirePeer.open(1, "HalfDuplexCall"))
            for size in Self.responseSizes { try await peer.send(WirePeer.data(1, request(size))) }
            try await expectAlive(peer, id: 3)
            try await peer.send(WirePeer.halfClose(1))
            let frames = try await peer.receive(5)
            #expect(try frames.dropLast().map(size) == Self.responseSizes.map(Int.init))
            #expect(frames.last?.isEndOfStream == true)
        }
    }

    @Test func `a half duplex call gives the answers from before its failure`() async throws {
        try await withPeer { peer in
            let failing = StreamingOutputCallRequest(responseStatus: EchoStatus(code: 9, message: "as asked"))
            try await peer.send(
                WirePeer.open(1, "HalfDuplexCall"), WirePeer.data(1, request(3)), WirePeer.data(1, failing),
                WirePeer.data(1, request(5)), WirePeer.halfClose(1))
            #expect(try size(of: await peer.receive()) == 3)
            #expect(try await peer.receive().status == RPCStatus(.failedPrecondition, "as asked"))
            try await expectAlive(peer, id: 3)
        }
    }

    @Test func `a half duplex call keeps a bounded number of answers`() async throws {
        try await withPeer { peer in
            let half = StreamingOutputCallRequest(responseParameters: .init(repeating: .init(), count: 512))
            try await peer.send(
                WirePeer.open(1, "HalfDuplexCall"), WirePeer.data(1, half), WirePeer.data(1, half),
                WirePeer.halfClose(1))
            let frames = try await peer.receive(1_025)
            #expect(frames.last?.isEndOfStream == true)
            try await peer.send(
                WirePeer.open(3, "HalfDuplexCall"), WirePeer.data(3, half), WirePeer.data(3, half))
            #expect(try await peer.call(WirePeer.data(3, request(0))).status?.code == .resourceExhausted)
        }
    }

    // Waiting.
    @Test func `each answer of a stream waits for its interval`() async throws {
        try await withPeer { peer in
            let start = ContinuousClock.now
            try await peer.send(WirePeer.call(1, "StreamingOutputCall", request(1, 1, 1, interval: 50_000)))
            for count in 1...3 {
                #expect(try size(of: await peer.receive()) == 1)
                #expect(start.duration(to: .now) >= .milliseconds(50 * count))
            }
        }
    }

    @Test func `a deadline ends calls that wait and gives their place to others`() async throws {
        try await withPeer { peer in
            let requests = try (0..<1_024).map { index in
                try WirePeer.call(
                    UInt32(index * 2 + 1), "StreamingOutputCall", request(1, interval: Self.minutes),
                    timeout: .milliseconds(100))
            }
            try await peer.send(requests.flatMap { $0 })
            let answers = try await peer.receive(1_024)
            #expect(answers.allSatisfy { $0.status?.code == .deadlineExceeded })
            // A place is free once the handler has returned, which is a little after the answer.
            var id: UInt32 = 2_049
            while try await peer.call(WirePeer.call(id, "EmptyCall", Empty())).status?.code == .resourceExhausted {
                try Task.checkCancellation()
                id += 2
            }
            try await expectAlive(peer, id: id + 2)
        }
    }

    @Test func `a client that goes away while a call waits leaves the server serving`() async throws {
        try await Peers.withInteropServer { path in
            func leave() async throws {
                let peer = WirePeer(try RawPeer(path: path))
                let parameters = [ResponseParameters(size: 1), ResponseParameters(intervalUs: Self.minutes)]
                let request = StreamingOutputCallRequest(responseParameters: parameters)
                #expect(try size(of: await peer.call(WirePeer.call(1, "StreamingOutputCall", request))) == 1)
            }
            try await leave()
            try await expectAlive(WirePeer(try RawPeer(path: path)), id: 1)
        }
    }

    // The end of a call before it has begun.
    @Test func `a half close without a message ends a call well`() async throws {
        try await withPeer { peer in
            try await peer.send(WirePeer.open(1, "StreamingInputCall"))
            #expect(try await peer.call(WirePeer.halfClose(1)).message() == StreamingInputCallResponse())
            for (id, method) in [(3, "FullDuplexCall"), (5, "HalfDuplexCall")] as [(UInt32, String)] {
                try await peer.send(WirePeer.open(id, method))
                #expect(try await peer.call(WirePeer.halfClose(id)).isEndOfStream)
            }
        }
    }

    @Test(arguments: ["StreamingInputCall", "FullDuplexCall", "HalfDuplexCall"])
    func `a client that goes away after it has begun leaves the server serving`(method: String) async throws {
        try await Peers.withInteropServer { path in
            func leave() async throws {
                let peer = WirePeer(try RawPeer(path: path))
                try await peer.send(WirePeer.open(1, method))
                try await expectAlive(peer, id: 3)
            }
            try await leave()
            try await expectAlive(WirePeer(try RawPeer(path: path)), id: 1)
        }
    }

    // Limits.
    @Test func `the stream after 1,024 open ones is refused`() async throws {
        try await withPeer { peer in
            let ids = (0..<1_024).map { UInt32($0 * 2 + 1) }
            try await peer.send(ids.flatMap { WirePeer.open($0, "FullDuplexCall") })
            let refused = try await peer.call(WirePeer.open(2_049, "FullDuplexCall"))
            #expect(refused.header.streamID == 2_049)
            #expect(refused.status?.code == .resourceExhausted)
            try await peer.send(ids.flatMap { try WirePeer.data($0, request(1)) })
            let pongs = try await peer.receive(1_024)
            #expect(Set(pongs.map(\.header.streamID)) == Set(ids))
            #expect(try pongs.allSatisfy { try size(of: $0) == 1 })
            try await peer.send(ids.flatMap { WirePeer.halfClose($0) })
            #expect(try await peer.receive(1_024).allSatisfy { $0.isEndOfStream })
            try await expectAlive(peer, id: 2_051)
        }
    }

    @Test(arguments: 5...16)
    func `with few descriptors it serves until a signal, or says why not and ends`(limit: Int) async throws {
        let directory = try TemporaryDirectory()
        // What would never end is killed, for a test to fail and not to hang.
        let command = "ulimit -n \(limit) && exec timeout -s KILL 60 \"$@\""
        let server = try RunningProgram([
            "sh", "-c", command, "sh", RunningProgram.directory + "/interop-server", "--socket", directory.file("s"),
        ])
        if await server.output.line(where: { $0.contains("listening") }) != nil {
            try server.signal(.terminate)
            #expect(try await server.wait() == .exited(0))
        } else {
            let status = try await server.wait()
            let errors = await server.errors.all()
            #expect(status == .exited(1), "\(errors)")
            #expect(!errors.isEmpty)
        }
    }
}
