// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite("BackendClock", .tags(.blocking))
struct BackendClockTests {
    private struct WallClock: BackendClock {
        func now() -> Timestamp { Timestamp(seconds: 0) }
        func uptime() -> Duration { .zero }
    }

    @Test func `by default it sleeps for real, and until its task is cancelled at most`() async throws {
        try await WallClock().sleep(for: .nanoseconds(1))
        let sleep = Task { try await WallClock().sleep(for: .seconds(86_400)) }
        sleep.cancel()
        await #expect(throws: CancellationError.self) { try await sleep.value }
    }

    @Test func `instants are ordered`() {
        #expect(Timestamp(seconds: 1, nanoseconds: 5) < Timestamp(seconds: 1, nanoseconds: 6))
        #expect(Timestamp(seconds: 1, nanoseconds: 5) < Timestamp(seconds: 2))
    }
}
