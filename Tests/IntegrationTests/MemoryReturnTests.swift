// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What clients have made the daemon keep is given back to the system when they are gone.
@Suite(.tags(.blocking), .serialized, .timeLimit(.minutes(5)), .enabled(if: !Sanitizer.isOn)) struct MemoryReturnTests {
    private static let configuration = "limits: {input_bytes: 16777216, output_bytes: 16777216}"

    /// A frame that never becomes whole, as many of its bytes as are sent.
    private static func begunFrame(of count: Int) -> [UInt8] {
        var begun = ByteBuffer()
        FrameHeader(length: FrameHeader.maximumLength, streamID: 1, type: .request).write(to: &begun)
        return begun.copied() + [UInt8](repeating: 1, count: count)
    }

    /// Sends to the daemon from many connections in turn, what it takes at once, until it has refused some.
    private static func attack(_ daemon: RunningDaemon, from count: Int, with bytes: [UInt8]) async throws {
        let peers = try (0..<count).map { _ in try RawPeer(path: daemon.path) }
        try await daemon.withClient { client in
            var sent = [Int](repeating: 0, count: count)
            while try await client.info().input.map({ $0.refusals < 8 }) ?? false {
                for (index, peer) in peers.enumerated() {
                    sent[index] += peer.sendAvailable(bytes[sent[index]...].prefix(64 << 10))
                }
            }
        }
        withExtendedLifetime(peers) {}
    }

    @Test(arguments: [(64, 2 << 20), (900, 100_000)])
    func `after an attack the daemon takes hardly more memory than before`(attackers: Int, count: Int) async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        let before = try await daemon.withClient { client in
            _ = try await client.info()
            return try ProcessUsage(of: daemon.pid).residentKilobytes
        }
        try await Self.attack(daemon, from: attackers, with: Self.begunFrame(of: count))
        // What does not fall shows as the time limit.
        while try ProcessUsage(of: daemon.pid).residentKilobytes > before + 12 << 10 {
            try await onThread { MonotonicClock.sleep(.milliseconds(10)) }
        }
        try await daemon.stop()
    }
}
