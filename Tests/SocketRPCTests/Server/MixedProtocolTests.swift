// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// Both protocols on one socket, with many connections of each.
@Suite(.tags(.blocking), .serialized, .timeLimit(.minutes(3))) struct MixedProtocolTests {
    /// How many threads call, and how many connections of each protocol one of them has.
    private static let threads = 10
    private static let connections = 50

    @Test func `five hundred connections of each protocol are served without an error`() async throws {
        let tally = try await call { $0 >= 4 }
        #expect(tally.served == tally.answered)
        #expect(tally.answered == Self.threads * Self.connections * 2 * 4)
        #expect(tally.refused == 0)
    }

    @Test func `a drain under load loses no call that was accepted`() async throws {
        let tally = try await call(drainAfter: 6_000) { _ in false }
        #expect(tally.served == tally.answered)
        #expect(tally.answered >= 6_000)
    }

    /// Calls on all connections, round by round, until `isEnough` or the server closes them.
    private func call(
        drainAfter: Int = .max, until isEnough: @escaping @Sendable (Int) -> Bool
    ) async throws -> (served: Int, answered: Int, refused: Int) {
        _ = try ProcessInformation.raiseDescriptorLimit()
        let (served, answered, refused) = (Counter(), Counter(), Counter())
        try await withServer(interceptors: [CountingInterceptor(served: served)]) { test in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.threads {
                    group.addTask {
                        try await onThread {
                            var callers = try (0..<Self.connections * 2).map { index in
                                try MixedCaller(test.path, isGRPC: index % 2 == 0)
                            }
                            var round = 0
                            while !callers.isEmpty && !isEnough(round) {
                                for caller in callers { caller.begin() }
                                callers = callers.filter { caller in
                                    switch caller.end() {
                                    case .answered: answered.increment()
                                    case .refused: refused.increment()
                                    case .closed: return false
                                    }
                                    return true
                                }
                                round += 1
                                if answered.value >= drainAfter {
                                    test.server.beginGracefulShutdown(grace: .seconds(60))
                                }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return (served.value, answered.value, refused.value)
    }
}

/// Counts calls that ended well.
private struct CountingInterceptor: ServerInterceptor {
    let served: Counter

    func callEnded(_ context: CallContext, status: RPCStatus?) {
        if status == nil { served.increment() }
    }
}
