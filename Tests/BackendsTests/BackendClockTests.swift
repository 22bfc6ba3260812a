// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("BackendClock")
struct BackendClockTests {
    private struct WallClock: BackendClock {
        func now() -> Timestamp { Timestamp(seconds: 0) }
        func uptime() -> Duration { .zero }
    }

    @Test func `by default it sleeps for real, and no longer than its task wants`() async throws {
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
