// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import InstanceShims
internal import Logging
internal import SystemIO
package import TestSupport

/// Runs a test with a supervision of its own, whose instances have a temporary directory.
package func withSupervision<R>(
    clock: any BackendClock = SystemBackendClock(), quiet: Duration = .seconds(1), groups: String? = Cgroup.base,
    directoryCheck: Duration? = nil,
    _ body: (Supervision, TemporaryDirectory) async throws -> R
) async throws -> R {
    let directory = try TemporaryDirectory()
    let supervision = Supervision(
        clock: clock, socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() },
        host: ShimHost(testIn: directory, directoryCheck: directoryCheck),
        quiet: quiet, groups: groups)
    let result: Result<R, any Error>
    do {
        result = .success(try await body(supervision, directory))
    } catch {
        result = .failure(error)
    }
    supervision.close()
    return try result.get()
}

extension ShimHost {
    /// The shims of this build, with their runs in a test's directory.
    package convenience init(testIn directory: TemporaryDirectory, directoryCheck: Duration? = nil) {
        self.init(
            program: RunningProgram.directory + "/backendd-shim", directory: directory.file("instances"),
            directoryCheck: directoryCheck)
    }
}
