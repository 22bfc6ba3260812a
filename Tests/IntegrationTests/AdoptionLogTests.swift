// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What the next daemon makes of the output of instances.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct AdoptionLogTests {
    @Test func `what an instance wrote while no daemon ran explains its end, and counts for its probes`() async throws {
        let directory = try TemporaryDirectory()
        let (go, end) = (directory.file("go"), directory.file("end"))
        let script = """
            [ -e \(end) ] && { echo serving; exec sleep 1000; }; until [ -e \(go) ]; do sleep 0.01; done; \
            echo serving; until [ -e \(end) ]; do sleep 0.01; done; echo last words >&2; exit 3
            """
        let house = try await SuccessiveDaemons(
            SuccessiveDaemons.configuration(script, "probes: {startup: {log_line: {pattern: serving}, listener: any}}"))
        let start = Task { [daemon = house.daemon] in try? await SuccessiveDaemons.start(daemon) }
        let first = try await house.instance { $0.state == .starting && $0.pid != 0 }
        try await house.succeed(isLast: true)
        _ = await start.value
        _ = try directory.write("", to: "go")
        let log = house.directory.file("s.d/logs/p.stdout.log")
        while try File.read(path: log, limit: 1024).isEmpty { await Task.yield() }
        try await house.succeed()
        #expect(try await house.instance { $0.state == .ready }.pid == first.pid)
        try await house.succeed(isLast: true)
        _ = try directory.write("", to: "end")
        await ProcessTable.waitUntilGone(first.pid)
        try await house.succeed()
        let next = try await house.instance { $0.state == .ready && $0.pid != first.pid }
        #expect(next.failure?.message.contains("last words") == true, "\(next)")
        #expect(try await house.daemon.stop() == .exited(0))
    }

    @Test func `the output of an instance is read where it is, also if the configuration has another place now`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let script = "echo up; until [ -e \(directory.file("go")) ]; do sleep 0.01; done; echo later; exec sleep 1000"
        let house = try await SuccessiveDaemons(SuccessiveDaemons.configuration(script))
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        house.configuration = "log_directory: \(directory.file("logs"))\n" + SuccessiveDaemons.configuration(script)
        try await house.succeed()
        #expect(try await house.instance { $0.state == .ready }.pid == first.pid)
        _ = try directory.write("", to: "go")
        let lines = try await house.daemon.withClient { client in
            var lines: [String] = []
            while !lines.contains("later") {
                lines = []
                try await ObserveServiceClient(client).readLogs(ReadLogsRequest(backend: "p")) { stream in
                    while let part = try await stream.next() { lines += part.lines.map(\.text) }
                }
            }
            return lines
        }
        #expect(lines == ["up", "later"])
        #expect(try await house.daemon.stop() == .exited(0))
    }
}
