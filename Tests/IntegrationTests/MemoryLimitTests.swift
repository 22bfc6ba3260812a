// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing

/// A daemon whose address space is limited works, or says at its start that it cannot.
@Suite(.tags(.blocking), .serialized, .timeLimit(.minutes(10)), .enabled(if: !Sanitizer.isOn)) struct MemoryLimitTests {
    /// Starts a daemon whose address space has at most `limit` KiB.
    private static func start(_ limit: Int, _ directory: TemporaryDirectory) throws -> RunningProgram {
        let configuration = """
            backends: [{name: a, type: PROCESS, config: {command: [sleep, "1000"], address: "127.0.0.1:1", models: [],
              probes: {startup: {exec: {command: ["true"]}, listener: any}}}}]
            """
        let file = try directory.write(configuration, to: "config.yaml")
        let script = #"ulimit -v \#(limit); exec "$0" --socket "$1" --config "$2""#
        return try RunningProgram(["sh", "-c", script, RunningDaemon.executable, directory.file("s"), file])
    }

    @Test(arguments: [
        60_000, 70_000, 75_000, 80_000, 90_000, 95_000, 100_000, 120_000, 150_000, 180_000, 190_000, 200_000, 210_000,
        220_000, 250_000, 300_000, 400_000, 600_000, 1_000_000, 4_000_000,
    ])
    func `each limit ends in words or in a daemon that works`(limit: Int) async throws {
        let directory = try TemporaryDirectory()
        let program = try Self.start(limit, directory)
        guard await program.errors.line(where: { $0.contains("msg=listening") }) != nil else {
            #expect(try await program.wait() == .exited(1))
            let words = await program.errors.all().joined(separator: "\n")
            #expect(
                words.contains("backendd: cannot start: the limit of the address space (ulimit -v) leaves"), "\(words)")
            #expect(limit < 1_000_000)
            return
        }
        let environment = ["BACKENDD_SOCKET": directory.file("s")]
        let started = try await Backendctl.run(["start", "a"], environment: environment)
        #expect(started.status == 0, "\(started.error)")
        try await withThrowingTaskGroup(of: CommandRun.self) { group in
            for _ in 0..<8 { group.addTask { try await Backendctl.run(["list"], environment: environment) } }
            for try await run in group { #expect(run.output.contains("STARTED"), "\(run)") }
        }
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    @Test(arguments: [160_000, 250_000])
    func `input that waits does not take more than the limit leaves`(limit: Int) async throws {
        let directory = try TemporaryDirectory()
        let program = try Self.start(limit, directory)
        #expect(await program.errors.line { $0.contains("less input and output is kept") } != nil)
        #expect(await program.errors.line { $0.contains("msg=listening") } != nil)
        let header = WirePeer.frame(1, .request, [], [UInt8](repeating: 0, count: 4 << 20)).prefix(3 << 20)
        let peers = try (0..<20).map { _ in try RawPeer(path: directory.file("s")) }
        await withTaskGroup(of: Void.self) { group in
            for peer in peers { group.addTask { try? await peer.send(Array(header)) } }
        }
        let run = try await Backendctl.run(["list"], environment: ["BACKENDD_SOCKET": directory.file("s")])
        #expect(run.output.contains("STOPPED"), "\(run)")
        withExtendedLifetime(peers) {}
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
    }

    @Test(arguments: [64, 100, 200, 255])
    func `a small limit of the stack ends in words`(limit: Int) async throws {
        let program = try RunningProgram([
            "sh", "-c", #"ulimit -s \#(limit); exec "$0" --version"#, RunningDaemon.executable,
        ])
        #expect(try await program.wait() == .exited(1))
        #expect(
            await program.errors.all().joined().contains("the limit of the stack (ulimit -s) must be at least 256 KiB"))
    }

    /// The superuser has no such limit, so the daemon runs as another user.
    @Test(.enabled(if: ProcessInformation.uid == 0), arguments: [0, 1, 2, 3, 4])
    func `a limit of processes that leaves no threads ends in words`(limit: Int) async throws {
        let directory = try TemporaryDirectory()
        let program = try RunningProgram([
            "setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups", "prlimit", "--nproc=\(limit)",
            RunningDaemon.executable, "--socket", directory.file("s"),
        ])
        #expect(try await program.wait() == .exited(1))
        let words = await program.errors.all().joined(separator: "\n")
        #expect(words.contains("backendd: cannot start: cannot start ") && words.contains("(ulimit -u"), "\(words)")
    }
}
