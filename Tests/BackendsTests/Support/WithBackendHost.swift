// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Logging
import TestSupport

/// Runs a test with a host of its own, whose directories are the test's.
func withBackendHost(
    clock: any BackendClock = ManualClock(), _ body: (BackendHost) async throws -> Void
) async throws {
    let directory = try TemporaryDirectory()
    let host = BackendHost(
        clock: clock, socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    do {
        try await body(host)
    } catch {
        host.close()
        throw error
    }
    host.close()
}
