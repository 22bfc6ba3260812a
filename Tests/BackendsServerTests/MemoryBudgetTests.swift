// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsTestSupport
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What `GetServerInfo` tells of the memory that connections take.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct MemoryBudgetTests {
    private static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        (configuration.inputBytes, configuration.outputBytes) = (1 << 20, 2 << 20)
        configuration.startedFrameTimeout = .seconds(600)
        configuration.overdueOutputTimeout = .milliseconds(100)
        return configuration
    }

    private static func info(_ service: ServerFixture) async throws -> GetServerInfoResponse {
        try await service.client.observe.getServerInfo(GetServerInfoRequest())
    }

    private enum Wire: CaseIterable { case ttrpc, grpc }

    /// Sends a request whose rest does not come, with `count` bytes of its message.
    private static func begun(_ wire: Wire, _ count: Int, at path: String) async throws -> any Sendable {
        let service = "backends.v1.BackendConfigService"
        switch wire {
        case .ttrpc:
            let peer = try RawPeer(path: path)
            var buffer = ByteBuffer()
            FrameHeader(length: 4 << 20, streamID: 1, type: .request).write(to: &buffer)
            // A connection that is closed meanwhile takes no more.
            try? await peer.send(buffer.copied() + [UInt8](repeating: 0, count: count))
            return peer
        case .grpc:
            let peer = try await HTTP2Peer.connect(path)
            try await peer.send(.request(1, "/\(service)/CreateBackend"))
            let message = Array(HTTP2Frame.message([UInt8](repeating: 0, count: 4 << 20)).prefix(5 + count))
            for start in stride(from: 0, to: message.count, by: 16_000) {
                try? await peer.send(.data(1, Array(message[start..<min(start + 16_000, message.count)])))
            }
            return peer
        }
    }

    @Test(arguments: ["ttrpc", "grpc"])
    func `requests that are not whole are told, with the limit and how many were refused`(name: String) async throws {
        let wire = name == "ttrpc" ? Wire.ttrpc : .grpc
        try await withService(configuration: Self.configuration) { service in
            let idle = try await Self.info(service)
            #expect(idle.input == MemoryBudget(bytes: 0, limitBytes: 1 << 20, refusals: 0))
            #expect(idle.output == MemoryBudget(bytes: 0, limitBytes: 2 << 20, refusals: 0))
            // A client of HTTP/2 has a window of 64 KiB.
            var peers = [try await Self.begun(wire, 48_000, at: service.path)]
            while try await Self.info(service).input?.bytes ?? 0 < 40_000 {}
            #expect(try await Self.info(service).input?.refusals == 0)
            while try await Self.info(service).input?.refusals == 0 {
                peers.append(try await Self.begun(wire, 48_000, at: service.path))
            }
            #expect(try await Self.info(service).input?.limitBytes == 1 << 20)
            withExtendedLifetime(peers) {}
        }
    }

    @Test func `what readers that do not read would be told is not made for them`() async throws {
        try await withService { service in
            let large = String(repeating: "x", count: 100_000)
            try await service.client.create(
                "large", "SCRIPTED", config: ["connection": ["hostname": .init(stringLiteral: large)]])
            let backend = try service.scripted["large"]
            let before = backend.snapshots
            do {
                let peer = WirePeer(try RawPeer(path: service.path))
                for id in 0..<100 as Range<UInt32> {
                    try await peer.send(
                        WirePeer.request(
                            id * 2 + 1, "WatchBackends", service: "backends.v1.ObserveService", flags: .remoteClosed))
                }
                // The socket is full, and no more is made until this is below the low-water mark.
                while try await Self.info(service).output?.bytes ?? 0 <= UInt64(ServerConfiguration().outputLowMark) {}
                withExtendedLifetime(peer) {}
            }
            // Once its connection is gone, no more is made for it.
            while try await Self.info(service).connections > 1 {}
            // Ten megabytes for all of them; the socket and the connection hold some hundred kilobytes.
            #expect((3...10).contains(backend.snapshots - before))
        }
    }

    @Test(arguments: ["ttrpc", "grpc"])
    func `answers that are not read are told, with the limit and how many were refused`(name: String) async throws {
        try await withService(configuration: Self.configuration) { service in
            let large = String(repeating: "x", count: 200_000)
            try await service.client.create("large", "LOCAL", config: ["text": .init(stringLiteral: large)])
            var peers: [any Sendable] = []
            func ask() async throws {
                let request = [UInt8]([0x0a, 5]) + Array("large".utf8)
                if name == "ttrpc" {
                    let peer = WirePeer(try RawPeer(path: service.path))
                    for id in 0..<8 as Range<UInt32> {
                        try? await peer.send(
                            WirePeer.request(
                                id * 2 + 1, "GetBackend", request, service: "backends.v1.BackendConfigService"))
                    }
                    peers.append(peer)
                } else {
                    let peer = try await HTTP2Peer.connect(service.path, settings: [(4, 0)])
                    for id in 0..<8 as Range<UInt32> {
                        try? await peer.send(
                            .request(id * 2 + 1, "/backends.v1.BackendConfigService/GetBackend"),
                            .data(id * 2 + 1, HTTP2Frame.message(request), endStream: true))
                    }
                    peers.append(peer)
                }
            }
            try await ask()
            while try await Self.info(service).output?.bytes ?? 0 < 200_000 {}
            #expect(try await Self.info(service).output?.limitBytes == 2 << 20)
            while try await Self.info(service).output?.refusals == 0 { try await ask() }
            withExtendedLifetime(peers) {}
        }
    }
}
