// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// The line that tells on a terminal what a command waits for.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ProgressTests {
    private static let configuration = """
        backends:
          - name: slow
            type: PROCESS
            config:
              command: [sh, -c, exec sleep 1000, "${SOCKET}"]
              stop_timeout: 100ms
              probes: {startup: {log_line: {pattern: never}, listener: any}}
        """

    @Test(arguments: [
        (["start", "slow"], "press(b'\\x03')", -2), (["load", "slow"], "press(b'\\x03')", -2),
        (["restart", "slow", "slow"], "os.kill(child, signal.SIGTERM)", -15),
        (["lock", "slow", "--wait", "1h", "--", "true"], "press(b'\\x03')", 130),
    ])
    func `a signal takes it away before it ends the command`(
        arguments: [String], send: String, status: Int
    ) async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let holder = try backendctl.start("lock", "slow", "--", "sh", "-c", "echo held; exec sleep 1000")
            _ = await holder.output.line { $0 == "held" }
            if arguments[0] != "lock" {
                try holder.signal(.terminate)
                _ = try await holder.wait()
            }
            let lines = try await Terminal.run(
                arguments, on: backendctl.daemon,
                """
                shown(b"waiting 0s for "); \(send)
                ended(); print(seen.rfind(b"\\r\\x1b[K") > seen.rfind(b"waiting"))
                """)
            #expect(lines == ["status \(status)", "restored", "True"])
            if arguments[0] == "lock" {
                try holder.signal(.terminate)
                _ = try await holder.wait()
            }
        }
    }
}
