// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Logging
import SystemIO
import TestSupport

/// The machine's clock.
struct RealClock: BackendClock {
    func now() -> Timestamp {
        let now = WallClock.now
        return Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }

    func uptime() -> Duration { .nanoseconds(MonotonicClock.nowNanoseconds) }
}

/// Runs a test with a host of its own, whose instances live in a temporary directory.
func withHost<R>(
    clock: any BackendClock = RealClock(), quiet: Duration = .seconds(1), groups: String? = Cgroup.base,
    _ body: (BackendHost, TemporaryDirectory) async throws -> R
) async throws -> R {
    let directory = try TemporaryDirectory()
    let host = BackendHost(
        clock: clock, socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, quiet: quiet,
        groups: groups)
    let result: Result<R, any Error>
    do {
        result = .success(try await body(host, directory))
    } catch {
        result = .failure(error)
    }
    host.close()
    return try result.get()
}
