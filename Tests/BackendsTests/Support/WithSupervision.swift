// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Logging
import SystemIO
import TestSupport

/// Runs a test with a supervision of its own, whose instances have a temporary directory.
func withSupervision<R>(
    clock: any BackendClock = SystemBackendClock(), quiet: Duration = .seconds(1), groups: String? = Cgroup.base,
    _ body: (Supervision, TemporaryDirectory) async throws -> R
) async throws -> R {
    let directory = try TemporaryDirectory()
    let supervision = Supervision(
        clock: clock, socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, quiet: quiet,
        groups: groups)
    let result: Result<R, any Error>
    do {
        result = .success(try await body(supervision, directory))
    } catch {
        result = .failure(error)
    }
    supervision.close()
    return try result.get()
}
