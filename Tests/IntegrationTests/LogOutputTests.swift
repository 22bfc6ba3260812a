// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Standard error as it may be: whatever becomes of it, the daemon serves and ends.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LogOutputTests {
    /// Has a line of the audit written for each of some calls, and gives the daemon's pid.
    @discardableResult
    private static func writeLines(_ count: Int, to path: String) async throws -> Int32 {
        let client = try RPCClient(path: path)
        for number in 0..<count {
            let request = StartBackendRequest(name: "no-such-backend-\(number)")
            _ = try? await LifecycleServiceClient(client).startBackend(request)
        }
        let pid = try await client.info().pid
        await client.close()
        return pid
    }

    /// Runs a daemon whose log is read up to the word that it listens and has a line of the audit for each call. Then the log is read
    /// again, and the test goes on with the output and a way to end the daemon.
    private func withUnreadLog(
        calls: Int, _ body: (RunningProgram, _ end: () throws -> Void) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let (path, file) = (directory.file("s"), try directory.write("", to: "config.yaml"))
        let gate = directory.file("gate")
        let script = #"""
            "$0" --socket "$1" --config "$2" 2>&1 | { sed -u '/listening/q'; until [ -e "$3" ]; do sleep 0.05; done; cat; }
            """#
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file, gate])
        #expect(await program.output.line { $0.contains("listening") } != nil)
        let pid = try await Self.writeLines(calls, to: path)
        try directory.write("", to: "gate")
        try await body(program) { try ProcessTable.signal(try #require(ProcessTable.entry(of: pid)), .terminate) }
        #expect(try await program.wait() == .exited(0))
    }

    @Test func `a signal ends a daemon while its last words wait for a reader`() async throws {
        let directory = try TemporaryDirectory()
        let backends = (0..<800).map {
            "  - {name: a\($0), type: PROCESS, config: {command: [/no/such/program-\($0), \"${PORT}\"]}}"
        }
        let file = try directory.write("backends:\n" + backends.joined(separator: "\n"), to: "config.yaml")
        let script = #"""
            { "$0" --check-config --config "$1" 2>&1 & echo "$!" >"$2"; wait "$!"; echo "$?" >"$3"; } | exec sleep 1000
            """#
        let (pid, status) = (directory.file("pid"), directory.file("status"))
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, file, pid, status])
        func number(in path: String) -> Int32? {
            let bytes = (try? File.read(path: path, limit: 64)) ?? []
            return bytes.last == UInt8(ascii: "\n") ? Int32(String(decoding: bytes.dropLast(), as: UTF8.self)) : nil
        }
        while number(in: pid) == nil { await Task.yield() }
        let daemon = try #require(number(in: pid).flatMap { ProcessTable.entry(of: $0) })
        // It sleeps when the pipe is full.
        func sleeps() throws -> Bool {
            let bytes = try File.read(path: "/proc/\(daemon.pid)/stat", limit: 4096)
            return String(decoding: bytes, as: UTF8.self).contains("(backendd) S")
        }
        while try !sleeps() { await Task.yield() }
        try ProcessTable.signal(daemon, .terminate)
        var ended: Int32?
        while ended == nil {
            await Task.yield()
            ended = number(in: status)
        }
        #expect(ended == 143)
        try program.signal(.kill)
        _ = try await program.wait()
    }

    @Test func `an unread log stops nothing, and tells later how many lines it lost`() async throws {
        // Together they are more than a pipe and the daemon hold.
        try await withUnreadLog(calls: 3000) { program, end in
            try end()
            #expect(await program.output.all().contains { $0.contains("were dropped") })
        }
    }

    @Test func `lines that waited come soon after the reader of the log reads again`() async throws {
        // More than a pipe holds, and less than the daemon keeps.
        try await withUnreadLog(calls: 1000) { program, end in
            // No further line is written.
            #expect(await program.output.line { $0.contains("no-such-backend-999 ") } != nil)
            try end()
        }
    }

    @Test func `an unread terminal stops nothing`() async throws {
        let directory = try TemporaryDirectory()
        let (path, file) = (directory.file("s"), try directory.write("", to: "config.yaml"))
        // Reads up to the word that it listens, and keeps the terminal open until the daemon has ended.
        let script = """
            import os, pty, subprocess, sys
            reader, terminal = pty.openpty()
            daemon = subprocess.Popen(sys.argv[1:], stderr=terminal)
            seen = b''
            while b'listening' not in seen:
                seen += os.read(reader, 4096)
            print('listening', flush=True)
            print(daemon.wait(), flush=True)
            """
        let program = try RunningProgram([
            "python3", "-c", script, RunningDaemon.executable, "--socket", path, "--config", file,
        ])
        #expect(await program.output.line { $0 == "listening" } != nil)
        // A terminal has room for some KiB.
        let pid = try await Self.writeLines(300, to: path)
        try ProcessTable.signal(try #require(ProcessTable.entry(of: pid)), .terminate)
        #expect(await program.output.line { $0 != "listening" } == "0")
        #expect(try await program.wait() == .exited(0))
    }

    @Test(arguments: ["0<&-", "1>&-", "2>&-", "0<&- 2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
    func `no file of the daemon takes the place of a closed stream`(closing: String) async throws {
        let directory = try TemporaryDirectory()
        let (path, file) = (directory.file("s"), try directory.write("", to: "config.yaml"))
        let script = "exec \"$0\" --socket \"$1\" --config \"$2\" \(closing)"
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file])
        while (try? RawPeer(path: path)) == nil { await Task.yield() }
        let pid = try await Self.writeLines(10, to: path)
        #expect(pid == program.pid)
        for number in 0...2 where closing.contains("\(number)") {
            let target = try RunningProgram(["readlink", "/proc/\(pid)/fd/\(number)"])
            #expect(await target.output.line { _ in true } == "/dev/null")
            #expect(try await target.wait() == .exited(0))
        }
        #expect(try File.read(path: path + ".lock", limit: 100).isEmpty)
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    @Test func `a file that takes no more costs lines, which are told of once it does`() async throws {
        let directory = try TemporaryDirectory()
        let (path, file) = (directory.file("s"), try directory.write("", to: "config.yaml"))
        let log = directory.file("log")
        let script = "exec \"$0\" --socket \"$1\" --config \"$2\" 2>>\"$3\""
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, path, file, log])
        while (try? RawPeer(path: path)) == nil { await Task.yield() }
        func limit(_ bytes: String) async throws {
            let change = try RunningProgram(["prlimit", "--pid", "\(program.pid)", "--fsize=\(bytes):unlimited"])
            #expect(try await change.wait() == .exited(0))
        }
        try await limit("1000")
        try await Self.writeLines(30, to: path)
        try await limit("unlimited")
        try await Self.writeLines(1, to: path)
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
        let lines = String(decoding: try File.read(path: log, limit: 1 << 20), as: UTF8.self).split(separator: "\n")
        #expect(lines.contains { $0.contains("were dropped") }, "\(lines)")
        // The line that was cut stays alone.
        #expect(lines.allSatisfy { $0.ranges(of: "time=").count <= 1 })
    }
}
