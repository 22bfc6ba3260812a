// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport

/// The machine's clock, which records each wait when it begins.
final class WatchedClock: BackendClock {
    let waits = Recorder<Duration>()

    func now() -> Timestamp { SystemBackendClock().now() }
    func uptime() -> Duration { SystemBackendClock().uptime() }

    func sleep(for duration: Duration) async throws(CancellationError) {
        waits.append(duration)
        try await SystemBackendClock().sleep(for: duration)
    }
}
