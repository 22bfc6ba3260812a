// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What becomes of a daemon whose directories are bad, or are removed under it.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct DirectoryTests {
    private static let configuration = """
        backends:
          - name: p
            type: PROCESS
            config:
              command: [sh, -c, "exec sleep 1000", "${SOCKET}"]
              backoff: 10ms
              probes: {startup: {exec: {command: ["true"]}, listener: any}}
        """

    private static func run(_ script: String, _ arguments: String...) async throws {
        let program = try RunningProgram(["sh", "-ec", script] + arguments)
        let status = try await program.wait()
        let errors = await program.errors.all()
        #expect(status == .exited(0), "\(errors)")
    }

    private static func start(_ client: RPCClient) async throws {
        _ = try await LifecycleServiceClient(client).startBackend(StartBackendRequest(name: "p"))
    }

    @Test func `a directory of sockets that is removed is told once and made again, with the instances`() async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        let sockets = daemon.directory.file("s.d/sockets")
        try await daemon.withClient { client in
            try await Self.start(client)
            try await Self.run("rm -r $0", sockets)
            #expect(await daemon.errors.line { $0.contains("was removed or replaced") && $0.contains(sockets) } != nil)
            // The instance is told so, and starts again.
            #expect(
                await daemon.errors.line { $0.contains("reason=LIVENESS_FAILED") || $0.contains("to=BACKOFF") } != nil)
            #expect(await daemon.errors.line { $0.contains("sockets of instances was created again") } != nil)
            #expect(await daemon.errors.line { $0.contains("restarts=1") && $0.contains("to=READY") } != nil)
            #expect(try File.kind(of: sockets) == .directory)
        }
        #expect(try await daemon.stop() == .exited(0))
        #expect(await daemon.errors.all().count { $0.contains("was removed or replaced") } == 1)
    }

    @Test func `old logs of backends that are not configured are removed at the start, which one line says`()
        async throws
    {
        let directory = try TemporaryDirectory()
        _ = try Directory.trusted(directory.file("s.d/logs"), creating: true)
        for name in ["gone.stdout.log", "gone%2Fm.stderr.log.1", "p.stdout.log"] {
            TestProcess.age(try directory.write("x", to: "s.d/logs/\(name)"), by: .seconds(8 * 24 * 3600))
        }
        let daemon = try await RunningDaemon.start(configuration: Self.configuration, in: directory)
        let told = await daemon.errors.line { $0.contains("removed old log files") }
        #expect(told?.contains("files=2") == true)
        #expect(try Directory(path: directory.file("s.d/logs")).names() == ["p.stdout.log"])
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test func `a file in the place of the directory of sockets is named until it is gone`() async throws {
        let daemon = try await RunningDaemon.start(
            configuration: Self.configuration.replacing("backoff: 10ms", with: "restart: never"))
        let sockets = daemon.directory.file("s.d/sockets")
        try await daemon.withClient { client in
            try await Self.start(client)
            try await Self.run("rm -r $0; touch $0", sockets)
            #expect(await daemon.errors.line { $0.contains("was removed or replaced") } != nil)
            #expect(await daemon.errors.line { $0.contains("backend changed") && $0.contains("to=FAILED") } != nil)
            let refused = await #expect(throws: RPCStatus.self) { try await Self.start(client) }
            #expect(refused?.code == .failedPrecondition)
            #expect(refused?.reason == "FILE_UNUSABLE")
            #expect(refused?.message.contains("\(sockets)") == true, "\(String(describing: refused))")
            try await Self.run("rm $0", sockets)
            try await Self.start(client)
        }
        #expect(try await daemon.stop() == .exited(0))
    }

    @Test(arguments: ["rm -r $0", "mv $0 $0.old", "rm -r $0; mkdir -m 700 $0"])
    func `logs whose directory goes away are told of once, and kept again from the next start`(
        script: String
    ) async throws {
        let daemon = try await RunningDaemon.start(configuration: Self.configuration)
        let logs = daemon.directory.file("s.d/logs")
        try await daemon.withClient { client in
            try await Self.start(client)
            try await Self.run(script, logs)
            let line = await daemon.errors.line { $0.contains("is not kept in its files") }
            #expect(line?.contains("\(logs)/p.") == true && line?.contains("was removed") == true, "\(line ?? "")")
            _ = try await LifecycleServiceClient(client).stopBackend(StopBackendRequest(name: "p"))
            try await Self.start(client)
            #expect(await daemon.errors.line { $0.contains("is kept in its files again") } != nil)
            #expect(try File.kind(of: logs + "/p.stderr.log") == .regular)
        }
        #expect(try await daemon.stop() == .exited(0))
        #expect(await daemon.errors.all().count { $0.contains("is not kept in its files") } == 1)
    }

    @Test func `a socket whose directory is lost is said once to be so, and comes back with it`() async throws {
        let directory = try TemporaryDirectory()
        let (top, file) = (directory.file("top"), try directory.write("", to: "config.yaml"))
        try await Self.run("mkdir -m 700 $0", top)
        let path = top + "/run/s"
        let program = try RunningProgram([RunningDaemon.executable, "--socket", path, "--config", file])
        #expect(await program.errors.line { $0.contains("msg=listening") } != nil)
        let client = try RPCClient(path: path)
        #expect(try await client.info().pid == program.pid)
        // Only the last directory of the path is made when it is missing.
        try await Self.run("mv $0 $0.old; rm $0.old/run/s", top)
        #expect(await program.errors.line { $0.contains("cannot be made again") && $0.contains(top + "/run") } != nil)
        // Open connections are served on.
        #expect(try await client.info().pid == program.pid)
        try await Self.run("mkdir -m 700 $0", top)
        #expect(await program.errors.line { $0.contains("is made again") } != nil)
        let other = try RPCClient(path: path)
        #expect(try await other.info().pid == program.pid)
        await other.close()
        await client.close()
        try program.signal(.terminate)
        #expect(try await program.wait() == .exited(0))
        #expect(await program.errors.all().count { $0.contains("cannot be made again") } == 1)
    }

    // MARK: At the start

    /// What is bad, how it is made, and the words for it.
    private static let faults: [(script: String, words: String)] = [
        ("touch $0", "Not a directory"),
        ("mkfifo $0", "Not a directory"),
        ("mkdir $0; chmod 777 $0", "its mode is 0777, so another user could change it"),
        ("mkdir -m 700 $0.other; ln -s $0.other $0", "it is a link"),
    ]

    // A link on the way to a directory may be one of ours.
    @Test(arguments: [
        (0, "instance_directory"), (1, "instance_directory"), (2, "instance_directory"), (0, "log_directory"),
        (1, "log_directory"), (2, "log_directory"), (3, "log_directory"),
    ])
    func `a directory that cannot be used is an error if processes need it, otherwise a warning`(
        index: Int, key: String
    ) async throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("place")
        try await Self.run(Self.faults[index].script, place)
        let words = Self.faults[index].words
        func daemon(_ backends: String, _ flags: String...) async throws -> RunningProgram {
            let file = try directory.write("\(key): \(place)\n\(backends)\n", to: "config.yaml")
            let arguments = ["--socket", directory.file("s"), "--config", file]
            return try RunningProgram([RunningDaemon.executable] + arguments + flags)
        }
        for flags in [["--check-config"], []] {
            let file = try directory.write("\(key): \(place)\n\(Self.configuration)\n", to: "config.yaml")
            let program = try RunningProgram(
                [RunningDaemon.executable, "--socket", directory.file("s"), "--config", file] + flags)
            #expect(try await program.wait() == .exited(2))
            let errors = await program.errors.all().joined(separator: "\n")
            #expect(errors.contains(place) && errors.contains(words), "\(errors)")
        }
        let checked = try await daemon("backends: [{name: l, type: LOCAL}]", "--check-config")
        #expect(try await checked.wait() == .exited(0))
        let errors = await checked.errors.all().joined(separator: "\n")
        #expect(
            errors.contains("warning: ") && errors.contains("instances cannot be started: ") && errors.contains(words),
            "\(errors)")
        let served = try await daemon("backends: [{name: l, type: LOCAL}]")
        #expect(await served.errors.line { $0.contains("instances cannot be started") && $0.contains(words) } != nil)
        #expect(await served.errors.line { $0.contains("msg=listening") } != nil)
        try served.signal(.terminate)
        #expect(try await served.wait() == .exited(0))
    }

    @Test(arguments: ["/proc/x", "/sys/x"])
    func `a directory that only the kernel has files in is a fault`(place: String) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("log_directory: \(place)\n\(Self.configuration)\n", to: "config.yaml")
        let program = try RunningProgram([
            RunningDaemon.executable, "--check-config", "--socket", directory.file("s"), "--config", file,
        ])
        #expect(try await program.wait() == .exited(2))
        #expect(await program.errors.all().joined().contains("log_directory: instances cannot be started: "))
    }

    @Test(arguments: [
        ("mkdir -m 777 $0", "d/s", "its mode is 0777"), ("true", "d/e/s", "No such file or directory"),
        ("echo >$0", "d/s", "Not a directory"), ("mkdir -m 700 $0", "d/s", nil), ("true", "d/s", nil),
    ])
    func `a socket's directory that cannot be used or made is a warning`(
        script: String, name: String, words: String?
    ) async throws {
        let directory = try TemporaryDirectory()
        try await Self.run(script, directory.file("d"))
        let (place, own) = (directory.file(name), directory.file("own"))
        let file = try directory.write("socket: \(place)\ninstance_directory: \(own)\n", to: "config.yaml")
        let program = try RunningProgram([RunningDaemon.executable, "--check-config", "--config", file])
        #expect(try await program.wait() == .exited(0))
        let errors = await program.errors.all()
        let told = errors.first { $0.contains("the daemon cannot listen at \(place): ") }
        #expect(words.map { told?.contains($0) == true } ?? (told == nil), "\(errors)")
    }

    @Test(arguments: ["echo >$0", "mkdir $0", "mkfifo $0", "ln -s /nowhere $0"])
    func `a socket's path at which something else is, is a warning`(script: String) async throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("s")
        try await Self.run(script, place)
        let file = try directory.write("socket: \(place)\n", to: "config.yaml")
        let program = try RunningProgram([RunningDaemon.executable, "--check-config", "--config", file])
        #expect(try await program.wait() == .exited(0))
        let errors = await program.errors.all()
        #expect(errors.contains { $0.contains("the daemon cannot listen at \(place): it is ") }, "\(errors)")
    }
}
