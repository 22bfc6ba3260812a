// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

/// `backendctl logs` over restarts of the backend and of the daemon, as they are installed.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct LogsCommandTests {
    /// A process that counts its starts in a file and says which one it is.
    private static func configuration(_ directory: TemporaryDirectory) -> String {
        """
        backends:
          - name: server
            type: PROCESS
            config:
              command: [sh, -c, 'echo >> \(directory.file("starts")); n=$(wc -l < \(directory.file("starts"))); echo "run $n"; echo "trouble $n" >&2; exec sleep 1000', sh, "${SOCKET}"]
              probes: {startup: {log_line: {pattern: trouble}, listener: any}}
          - name: many
            type: PROCESS
            config:
              command: [sh, -c, 'echo "serving $0"; exec sleep 1000', "${MODEL_ID}", "${SOCKET}"]
              scope: model
              models: ["m*"]
              probes: {startup: {log_line: {pattern: serving}, listener: any}}
        """
    }

    @Test(arguments: [Signal.kill, .terminate])
    func `lines of a former daemon are read before and after the backend is started again`(signal: Signal) async throws
    {
        let directory = try TemporaryDirectory()
        let configuration = Self.configuration(directory)
        let first = Backendctl(daemon: try await RunningDaemon.start(configuration: configuration, in: directory))
        #expect(try await first("start", "server").status == 0)
        #expect(try await first("load", "m/1").status == 0)
        try first.daemon.program.signal(signal)
        _ = try await first.daemon.program.wait()

        let second = Backendctl(daemon: try await RunningDaemon.start(configuration: configuration, in: directory))
        let left = "server  out  run 1\nserver  err  trouble 1\n"
        #expect(try await second("logs", "server", "--no-time").output == left)
        let timed = try await second("logs", "server")
        #expect(timed.output == left.replacing("server  ", with: "-                         server  "))
        #expect(try await second("logs", "many", "m/1", "--no-time").output == "many/m/1  out  serving m/1\n")
        #expect(try await second("logs", "many", "--no-time", "--tail", "5").output == "many/m/1  out  serving m/1\n")
        #expect(try await second("logs", "many", "m/2").status != 0)
        // It may have been adopted.
        #expect(try await second("restart", "server").status == 0)
        let all = try await second("logs", "server", "--no-time")
        #expect(all.output.hasPrefix(left))
        #expect(all.output.contains("server  out  run 2\n"))
        #expect(all.output.contains("server  err  trouble 2\n"))
        #expect(all.output.filter { $0 == "\n" }.count == 4)
        #expect(try await second("logs", "server", "--since", "2999-01-01").output == "")
        #expect(try await second("logs", "server", "--since", "1970-01-01T00:00:00Z", "--no-time").output == all.output)
        try await second.daemon.stop()
    }

    @Test(arguments: [Signal.kill, .terminate])
    func `a reader that follows goes on over restarts of the backend and of the daemon`(signal: Signal) async throws {
        let directory = try TemporaryDirectory()
        let configuration = Self.configuration(directory)
        let first = Backendctl(daemon: try await RunningDaemon.start(configuration: configuration, in: directory))
        #expect(try await first("start", "server").status == 0)
        let reader = try first.start("logs", "server", "--follow", "--no-time", "--stdout")
        _ = await reader.output.line { $0 == "server  out  run 1" }
        #expect(try await first("restart", "server").status == 0)
        _ = await reader.output.line { $0 == "server  out  run 2" }
        try first.daemon.program.signal(signal)
        // Told at once, not only when none comes back.
        let notice = await reader.errors.line { $0.hasSuffix("; waiting up to 30s for the daemon to come back") }
        #expect(notice?.hasPrefix("backendctl: UNAVAILABLE ") == true)
        _ = try await first.daemon.program.wait()
        let second = Backendctl(daemon: try await RunningDaemon.start(configuration: configuration, in: directory))
        #expect(try await second("restart", "server").status == 0)
        _ = await reader.output.line { $0 == "server  out  run 3" }
        #expect(reader.output.lines == ["server  out  run 1", "server  out  run 2", "server  out  run 3"])
        try reader.signal(.interrupt)
        _ = try await reader.wait()
        try await second.daemon.stop()
    }
}
