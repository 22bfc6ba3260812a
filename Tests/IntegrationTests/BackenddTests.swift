// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct BackenddTests {
    @Test func `without a word of configuration it serves one LOCAL backend named local`() async throws {
        let daemon = try await RunningDaemon.start()
        let info = try await daemon.info()
        #expect(info.pid == daemon.pid)
        #expect(info.socketPath == daemon.path)
        #expect(info.protocols == ["ttrpc", "grpc"])
        #expect(try await daemon.backends() == ["local"])
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test func `it creates the backends of the file in their order, and none for an empty list`() async throws {
        let daemon = try await RunningDaemon.start(
            configuration: """
                backends:
                  - {name: second, type: LOCAL, priority: 5}
                  - {name: first, type: LOCAL, priority: -1, config: {a: 1}}
                  - {name: third, type: LOCAL}
                """)
        #expect(try await daemon.backends() == ["first", "second", "third"])
        try await daemon.stop()
        let empty = try await RunningDaemon.start(configuration: "backends: []")
        #expect(try await empty.backends() == [])
        try await empty.stop()
    }

    @Test func `its socket is for its user alone, in a directory for its user alone`() async throws {
        let directory = try TemporaryDirectory()
        let variables = RunningProgram.environment.merging(["XDG_RUNTIME_DIR": directory.path]) { _, new in new }
        let program = try RunningProgram([RunningDaemon.executable], environment: variables)
        _ = await program.errors.line { $0.contains("listening") }
        let path = directory.file("backendd/backendd.sock")
        #expect(try File.mode(of: path) == 0o600)
        #expect(try File.mode(of: directory.file("backendd")) == 0o700)
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
        #expect(try File.kind(of: path) == .absent)
    }

    @Test func `the mode of the socket is the configured one`() async throws {
        let daemon = try await RunningDaemon.start(configuration: #"socket_mode: "0660""#)
        #expect(try File.mode(of: daemon.path) == 0o660)
        try await daemon.stop()
    }

    @Test func `a socket that a dead daemon left is replaced`() async throws {
        let directory = try TemporaryDirectory()
        let first = try await RunningDaemon.start(in: directory)
        try first.program.signal(.kill)
        #expect(try await first.program.wait() == .signaled(.kill))
        #expect(try File.kind(of: first.path) == .socket)
        let second = try await RunningDaemon.start(in: directory)
        #expect(try await second.info().pid == second.pid)
        try await second.stop()
    }

    @Test func `a second daemon on the same path fails, and the first serves on`() async throws {
        let first = try await RunningDaemon.start()
        let second = try RunningProgram([RunningDaemon.executable, "--socket", first.path])
        #expect(try await second.wait() == .exited(3))
        let errors = await second.errors.all().joined(separator: "\n")
        #expect(errors.contains(first.path))
        #expect(try await first.info().pid == first.pid)
        try await first.stop()
    }

    @Test func `a file in the socket's place is left alone`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("precious", to: "s")
        let program = try RunningProgram([RunningDaemon.executable, "--socket", path])
        #expect(try await program.wait() == .exited(3))
        #expect(try File.read(path: path, limit: 100) == Array("precious".utf8))
    }

    @Test func `a path that is too long is refused in words`() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        let program = try RunningProgram([RunningDaemon.executable, "--socket", path])
        let status = try await program.wait()
        #expect(status == .exited(2))
        #expect(await program.errors.all().joined().contains("socket"))
    }

    @Test(arguments: [["--nope"], ["--socket"], ["--log-format", "xml"], ["--log-level", "loud"], ["extra"]])
    func `wrong arguments end with 2 and a word on them`(arguments: [String]) async throws {
        let program = try RunningProgram([RunningDaemon.executable] + arguments)
        #expect(try await program.wait() == .exited(2))
        #expect(await program.errors.all().isEmpty == false)
        #expect(await program.output.all() == [])
    }

    @Test(arguments: [(["--version"], "0."), (["--help"], "USAGE: backendd")])
    func `what is asked for is printed, with 0`(arguments: [String], text: String) async throws {
        let program = try RunningProgram([RunningDaemon.executable] + arguments)
        #expect(try await program.wait() == .exited(0))
        #expect(await program.output.all().joined(separator: "\n").contains(text))
    }

    @Test func `each line of the log is one of logfmt, or one JSON object`() async throws {
        let logfmt = try await RunningDaemon.start()
        try await logfmt.stop()
        for line in await logfmt.errors.all() {
            #expect(line.hasPrefix("time=2"))
            #expect(line.contains(" level=info msg="))
        }
        let json = try await RunningDaemon.start(arguments: ["--log-format", "json"])
        try await json.stop()
        for line in await json.errors.all() {
            #expect(line.hasPrefix(#"{"time":"2"#))
            #expect(line.hasSuffix("}"))
        }
        #expect(await json.errors.all().contains { $0.contains(#""msg":"listening""#) })
    }

    @Test(arguments: ["logfmt", "json"])
    func `no character that a peer sends ends the daemon or a line of its log`(format: String) async throws {
        let daemon = try await RunningDaemon.start(arguments: ["--log-format", format])
        let values: [ClosedRange<UInt32>] = [
            1...0xFF, 0x61C...0x61C, 0x2000...0x206F, 0xFEFF...0xFFFF, 0xE0000...0xE00FF,
        ]
        try await daemon.withClient { client in
            for range in values {
                for scalar in range.compactMap({ Unicode.Scalar($0) }) {
                    _ = try? await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "a\(scalar)b"))
                }
            }
        }
        #expect(try await daemon.info().pid == daemon.pid)
        try await daemon.stop()
        let calls = await daemon.errors.all().filter { $0.contains("StartBackend") }
        #expect(calls.count == values.joined().count { Unicode.Scalar($0) != nil })
        #expect(calls.allSatisfy { $0.unicodeScalars.allSatisfy { !$0.isHarmful } })
    }

    @Test func `a change is one line of the log, and what a peer sends forges none`() async throws {
        let daemon = try await RunningDaemon.start()
        try await daemon.withClient { client in
            _ = try? await LifecycleServiceClient(client).startBackend(
                StartBackendRequest(name: "x\nlevel=info msg=forged \"\u{1b}[2J"))
        }
        try await daemon.stop()
        let calls = await daemon.errors.all().filter { $0.contains("msg=call") }
        #expect(calls.count == 1)
        #expect(calls[0].contains(#"backend="x\nlevel=info msg=forged \"\u001b[2J""#))
        #expect(calls[0].contains("pid=\(ProcessInformation.pid)"))
        #expect(calls[0].contains(#"result="NOT_FOUND BACKEND_NOT_FOUND""#))
    }
}
