// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Much input that comes at once on one connection: the other connections of the loop have their turn meanwhile.
@Suite(.tags(.blocking)) struct InputTurnTests {
    private static let count = 1000

    /// A service whose first message keeps the loop until the test lets it go on.
    private struct Service {
        let begun = AsyncSignal<Void>()
        let mayGoOn = OneShot<Void>()
        let answered = Counter()

        var rpc: RPCService {
            RPCService(
                name: "test.Turn",
                methods: [
                    MethodHandler(method("Work", .unary)) {
                        (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        .now(work(request.copied()))
                    },
                    MethodHandler(method("WorkEach", .bidirectionalStreaming)) {
                        (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        .now(work(request.copied()))
                    },
                    MethodHandler(method("Count", .unary)) {
                        (_: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                        .now(TTRPCKeyValue(key: "\(answered.value)"))
                    },
                ])
        }

        private func method(_ name: String, _ kind: RPCKind) -> RPCMethod<TTRPCKeyValue, TTRPCKeyValue> {
            RPCMethod(service: "test.Turn", name: name, kind: kind)
        }

        private func work(_ request: TTRPCKeyValue) -> TTRPCKeyValue {
            begun.send()
            let end = MonotonicClock.nowNanoseconds + 60_000_000_000
            while !mayGoOn.isSet, MonotonicClock.nowNanoseconds < end {}
            answered.increment()
            return request
        }
    }

    /// Input for ttrpc, and how many messages of it are answered by the service.
    private static let inputs: [(bytes: [UInt8], answered: Int)] = [
        ((0..<UInt32(count)).flatMap { WirePeer.request($0 * 2 + 1, "Work", service: "test.Turn") }, count),
        (
            WirePeer.request(1, "WorkEach", service: "test.Turn", flags: .remoteOpen)
                + (0..<count).flatMap { _ in WirePeer.data(1, []) }, count
        ),
        // What is refused costs time too.
        (
            WirePeer.request(1, "Work", service: "test.Turn")
                + (0..<UInt32(count)).flatMap { WirePeer.request($0 * 2 + 3, "None", service: "test.Turn") }
                + WirePeer.request(9999, "Work", service: "test.Turn"), 2
        ),
        (
            WirePeer.request(1, "Work", service: "test.Turn") + (0..<count).flatMap { _ in WirePeer.data(77, [1]) }
                + WirePeer.request(9999, "Work", service: "test.Turn"), 2
        ),
    ]

    @Test(arguments: inputs.indices)
    func `over ttrpc another connection is answered in between`(index: Int) async throws {
        let (bytes, answered) = Self.inputs[index]
        let service = Service()
        try await withServer(services: [service.rpc]) { test in
            let (peer, other) = (try test.connect(), try test.connect())
            _ = try await other.call(WirePeer.request(1, "Inline", try message("")))
            try await peer.send(bytes)
            await service.begun.wait()
            try await other.send(WirePeer.request(3, "Count", service: "test.Turn"))
            service.mayGoOn.set(())
            let payload = try await other.receive().payload ?? []
            let count = Int(try TTRPCKeyValue(decoding: payload).key) ?? .max
            #expect(count < answered)
            // In the end all are answered.
            var frames = 0
            while service.answered.value < answered || frames < answered {
                _ = try await peer.receive()
                frames += 1
            }
        }
    }

    @Test(arguments: ["Work", "WorkEach"])
    func `over gRPC another connection is answered in between`(method: String) async throws {
        let service = Service()
        try await withServer(services: [service.rpc]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let other = try await HTTP2Peer.connect(test.path)
            _ = try await other.call(1, "/test.Echo/Inline", try message(""))
            let path = "/test.Turn/\(method)"
            let empty = HTTP2Frame.message([])
            let ids = (0..<(method == "Work" ? UInt32(Self.count) : 1)).map { $0 * 2 + 1 }
            let body = method == "Work" ? empty : (0..<Self.count).flatMap { _ in empty }
            let frames = ids.flatMap { [HTTP2Frame.request($0, path), .data($0, body, endStream: true)] }
            try await peer.raw.send(frames.flatMap(\.bytes))
            await service.begun.wait()
            try await other.send(
                .request(3, "/test.Turn/Count"), .data(3, empty, endStream: true))
            service.mayGoOn.set(())
            let payload = try await other.answer(3).messages.first?.payload ?? []
            let count = Int(try TTRPCKeyValue(decoding: payload).key) ?? .max
            #expect(count < Self.count)
            let answers = try await peer.answers(Set(ids))
            #expect(answers.values.map(\.messages.count).reduce(0, +) == Self.count)
        }
    }

    @Test func `the end of the server loses no call that waits for its turn`() async throws {
        let service = Service()
        try await withServer(services: [service.rpc]) { test in
            let peer = try test.connect()
            try await peer.send(Self.inputs[0].bytes)
            await service.begun.wait()
            test.server.beginGracefulShutdown(grace: .seconds(60))
            service.mayGoOn.set(())
            // Those that have not had their turn are refused, with an answer.
            for id in 0..<UInt32(Self.count) { #expect(try await peer.receive().header.streamID == id * 2 + 1) }
            #expect(service.answered.value < Self.count)
        }
    }

    @Test func `a connection that gives way is not lost because it waits for its turn`() async throws {
        let service = Service()
        var configuration = ServerConfiguration()
        configuration.inputBytes = 1
        try await withServer(configuration, services: [service.rpc]) { test in
            let peer = try test.connect()
            let ids = (0..<UInt32(200)).map { $0 * 2 + 1 }
            let payload = try message(String(repeating: "x", count: 400))
            try await peer.send(WirePeer.request(1, "Work", payload, service: "test.Turn"))
            await service.begun.wait()
            // All of these are read at once, so that no part of a frame is kept, but more than is too little to be counted.
            try await peer.send(
                ids.dropFirst().flatMap { WirePeer.request($0, "Work", payload, service: "test.Turn") })
            service.mayGoOn.set(())
            for id in ids { #expect(try await peer.receive().header.streamID == id) }
        }
    }
}
