// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct BackenddConfigurationTests {
    /// Checks a configuration: the exit code, and what was said.
    private static func check(
        _ text: String, arguments: [String] = [], environment: [String: String] = [:]
    ) async throws -> (status: ChildProcess.Status, words: String) {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text, to: "c.yaml")
        let variables = RunningProgram.environment.merging(environment) { _, new in new }
        let program = try RunningProgram(
            [RunningDaemon.executable, "--check-config", "--config", path] + arguments, environment: variables)
        let status = try await program.wait()
        let lines = await program.output.all() + program.errors.all()
        return (status, lines.joined(separator: "\n").replacing(path, with: "c.yaml"))
    }

    @Test func `programs and secrets that others could change are warned of`() async throws {
        let directory = try TemporaryDirectory()
        let (program, secret) = (try directory.write("#!/bin/sh\n", to: "p"), try directory.write("x", to: "secret"))
        let text = """
            instance_directory: \(directory.file("own"))
            socket: \(directory.file("s"))
            backends:
              - {name: a, type: PROCESS, config: {command: [\(program)], secret_files: {KEY: \(secret)}}}
            """
        for (path, mode) in [(program, 0o755), (secret, 0o600)] as [(String, UInt32)] {
            TestProcess.setMode(path, mode)
        }
        #expect(try await Self.check(text).words == "the configuration is valid: 1 backend")
        for (path, mode) in [(program, 0o777), (secret, 0o666)] as [(String, UInt32)] {
            TestProcess.setMode(path, mode)
        }
        let (status, words) = try await Self.check(text)
        #expect(status == .exited(0))
        for (key, path) in [("command[0]", program), ("secret_files.KEY", secret)] {
            #expect(words.contains("backends[0].config.\(key): cannot trust "), "\(words)")
            #expect(words.contains("\(path): uid \(ProcessInformation.uid) owns it and its mode is 0"), "\(words)")
        }
    }

    @Test func `a variable that is not UTF-8 is told of, and named by whoever uses it`() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            """
            socket: \(directory.file("s"))
            backends: [{name: a, type: PROCESS, config: {command: [sh], env: {A: "${env.ODD}"}}}]
            """, to: "c.yaml")
        let script = "ODD=$(printf 'a\\377') exec $0 --config $1"
        let program = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, file])
        #expect(try await program.wait() == .exited(2))
        let words = await program.errors.all().joined(separator: "\n")
        #expect(
            words.contains("uses ${env.ODD}, whose value in the daemon's environment is not valid UTF-8"), "\(words)")
        let plain = try directory.write("socket: \(directory.file("s"))\n", to: "plain.yaml")
        let served = try RunningProgram(["sh", "-c", script, RunningDaemon.executable, plain])
        #expect(await served.errors.line { $0.contains("not valid UTF-8") && $0.contains("names=ODD") } != nil)
        #expect(await served.errors.line { $0.contains("msg=listening") } != nil)
        try served.signal(.terminate)
        #expect(try await served.wait() == .exited(0))
    }

    @Test func `a good configuration is found to be so, and nothing is served`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let (status, words) = try await Self.check(
            "socket: \(path)\nlimits: {connections: 10}\nbackends: [{name: a, type: LOCAL}]")
        #expect(status == .exited(0))
        #expect(words == "the configuration is valid: 1 backend")
        #expect(try File.kind(of: path) == .absent)
    }

    @Test(
        arguments: [
            ("grac: 1s\n", ["c.yaml:1:1: grac"]),
            ("loops: 1\n\nlimits:\n  conections: 5\n", ["c.yaml:4:3: limits.conections"]),
            ("loops: 0\n", ["c.yaml:1:1: loops"]),
            ("grace: soon\n", ["c.yaml:1:1: grace"]),
            ("log_level: loud\nsocket_mode: \"0777\"\n", ["c.yaml:1:1: log_level", "c.yaml:2:1: socket_mode"]),
            ("backends:\n  - type: LOCAL\n", ["c.yaml:2:5: backends[0].name"]),
            ("backends:\n  - {name: a, type: LOCAL}\n  - {name: A, type: LOCAL}\n", ["c.yaml:3:6: backends[1].name"]),
            ("backends:\n  - {name: a, type: NOPE}\n", ["c.yaml:2:"]),
            ("backends:\n  - {name: a, type: LOCAL}\n  - {name: a, type: LOCAL}\n", ["c.yaml:3:"]),
            ("loops: 1e400\n", ["c.yaml:1:8"]), ("loops: -1e400\n", ["c.yaml:1:8"]), ("loops: .inf\n", ["c.yaml:1:8"]),
            ("loops: .nan\n", ["c.yaml:1:8"]), ("loops: 9007199254740993\n", ["c.yaml:1:1: loops"]),
            ("loops: 9007199254740993.0\n", ["c.yaml:1:1: loops"]),
            ("loops: [\n", ["c.yaml:2:1"]),
            ("loops: 1\nloops: 2\n", ["c.yaml:2:1"]),
            ("- a\n", ["c.yaml:1:1"]),
        ] as [(String, [String])])
    func `a fault is told with file, line, column and key`(text: String, places: [String]) async throws {
        let (status, words) = try await Self.check(text)
        #expect(status == .exited(2))
        for place in places { #expect(words.contains(place)) }
    }

    @Test func `a file that is named and missing is a fault, and no other`() async throws {
        let directory = try TemporaryDirectory()
        let program = try RunningProgram(
            [RunningDaemon.executable, "--check-config", "--config", directory.file("none.yaml")])
        #expect(try await program.wait() == .exited(2))
        #expect(await program.errors.all().joined().contains("none.yaml"))
    }

    @Test func `a pipe is read, and refused if nothing is written to it`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("c.yaml")
        let script = "mkfifo $0 && (echo 'loops: 1' >$0 &) && $1 --check-config --config $0 && exec $1 --config $0"
        let program = try RunningProgram(["sh", "-c", script, path, RunningDaemon.executable])
        #expect(try await program.wait() == .exited(2))
        #expect(await program.output.all().joined().contains("the configuration is valid"))
        #expect(await program.errors.all().joined().contains("c.yaml"))
    }

    @Test(arguments: ["BACKENDD_SOCKET", "BACKENDD_GRACE"])
    func `a variable that is not UTF-8 is refused, and not passed over`(name: String) async throws {
        for program in [RunningDaemon.executable, Backendctl.executable] {
            let script = #"export \#(name)="$(printf '/tmp/x\377')"; exec "$0" info"#
            let run = try RunningProgram(["sh", "-c", script, program])
            #expect(try await run.wait() == .exited(2))
            let words = "the environment variable \(name) is not valid UTF-8"
            #expect(await run.errors.all().joined().contains(words))
        }
    }

    @Test func `an argument that is not UTF-8 is refused`() async throws {
        for program in [RunningDaemon.executable + " --config", Backendctl.executable + " resolve"] {
            let run = try RunningProgram(["sh", "-c", "exec \(program) \"$(printf '\\377')\""])
            #expect(try await run.wait() == .exited(2))
            #expect(await run.errors.all().joined().contains("not valid UTF-8"))
        }
    }

    @Test func `a fault inside a backend has its place and its path`() async throws {
        let (status, words) = try await Self.check(
            "backends:\n  - {name: a, type: LOCAL}\n  - name: b\n    type: PROCESS\n    config:\n      command: [sh]\n"
                + "      limits: {cpus: [4095]}\n")
        #expect(status == .exited(2))
        #expect(words.contains("c.yaml:7:23: backends[1].config.limits.cpus[0]"), "\(words)")
    }

    @Test(arguments: [
        ("address: \"127.0.0.1:8035\"", "probes: {startup: {tcp: {port: 8035}}}", "config.probes.startup.tcp"),
        ("address: \"foo.localhost:8035\"", "address: \"[::1]:8035\"", "config.address"),
        ("address: \"unix:/run/x.sock\"", "probes: {startup: {unix: {path: /run/x.sock}}}", "startup.unix"),
    ])
    func `two backends that are told to listen at one place are a warning that names both`(
        one: String, other: String, path: String
    ) async throws {
        func backend(_ name: String, _ more: String) -> String {
            "  - {name: \(name), type: PROCESS, config: {command: [sh], \(more)}}\n"
        }
        let text = "backends:\n" + backend("first", one) + backend("second", other)
        let (status, words) = try await Self.check(text)
        #expect(status == .exited(0))
        #expect(words.contains("c.yaml:3:"), "\(words)")
        #expect(words.contains("as for backend first") && words.contains(path), "\(words)")
        let servers = try await Self.check("backends:\n  - {name: a, type: TGIS}\n  - {name: b, type: TGIS}\n")
        #expect(servers.words.contains("backends[1].config.local.grpc_port: is port 50055, as for backend a"))
        let alone = try await Self.check("backends:\n" + backend("first", one) + backend("third", "models: []"))
        #expect(!alone.words.contains("as for backend"), "\(alone.words)")
    }

    @Test(arguments: [
        ("6000-6010", "6005-6015", "overlaps 6000-6010 of backend first"),
        ("6000-6010", "5900-6000", "overlaps 6000-6010"),
        ("6000-6010", "6011-6020", nil), ("6000-6010", "6000-6010", nil),
    ])
    func `port ranges that overlap cause a warning, and one that two backends share does not`(
        one: String, other: String, words: String?
    ) async throws {
        func backend(_ name: String, _ range: String) -> String {
            "  - {name: \(name), type: PROCESS, config: {command: [sh, \"${PORT}\"], port_range: \(range)}}\n"
        }
        let (status, said) = try await Self.check("backends:\n" + backend("first", one) + backend("second", other))
        #expect(status == .exited(0))
        #expect(said.contains("c.yaml:3:") == (words != nil) && said.contains(words ?? "valid"), "\(said)")
        let fixed = "  - {name: third, type: PROCESS, config: {command: [sh], address: \"127.0.0.1:6001\"}}\n"
        let mixed = try await Self.check("backends:\n" + backend("first", one) + fixed)
        #expect(
            mixed.words.contains("backends[1].config.address: is port 6001, which is in port_range of backend first"))
    }

    @Test(arguments: ["/etc/hostname", "/etc/hostname/logs"])
    func `a directory that cannot be used is a warning at its key`(path: String) async throws {
        for key in ["log_directory", "instance_directory"] {
            let (status, said) = try await Self.check("\(key): \(path)\nbackends: []\n")
            #expect(status == .exited(0))
            #expect(said.contains("warning: c.yaml:1:1: \(key): instances cannot be started: "), "\(said)")
        }
        let (_, fine) = try await Self.check("log_directory: /tmp/no-such-directory/logs\nbackends: []\n")
        #expect(!fine.contains("log_directory"), "\(fine)")
    }

    @Test(arguments: [
        "9007199254740993", "9007199254740993.0", "9007199254740993.5", "-9007199254740992.5", "9.007199254740993e15",
        "1e400",
        "0x1p3", "NaN", ".nan", ".inf", "-.inf", "Infinity", "1_000",
    ])
    func `a number that is malformed, or would be rounded, is refused with its place in YAML and JSON`(number: String)
        async throws
    {
        let yaml = "socket: /s\nloops: \(number)\n"
        let json = "{\"socket\": \"/s\",\n \"loops\": \(number)}"
        for text in [yaml, json] {
            let (status, words) = try await Self.check(text)
            #expect(status == .exited(2), "\(text): \(words)")
            #expect(words.contains("c.yaml:2:"), "\(text): \(words)")
        }
        // A number that a double would round names its key, wherever it stands.
        guard number.hasPrefix("9") || number.hasPrefix("-9") else { return }
        let nested = try await Self.check("backends:\n  - {name: a, type: LOCAL, config: {x: [1, \(number)]}}\n")
        #expect(nested.status == .exited(2))
        #expect(
            nested.words.contains("c.yaml:2:44: backends[0].config.x[1]: is a number that might be rounded"),
            "\(nested.words)")
    }

    @Test(arguments: ["9007199254740993", "9007199254740993.5", "1e400", ".inf", ".nan"])
    func `the command line takes the same numbers as the file`(number: String) async throws {
        let run = try await Backendctl.run(["config", "set", "a", "--owner", "o", "x.y=\(number)"])
        #expect(run.status == 2, "\(run.error)")
        #expect(run.error.contains("NUMBER_INEXACT") || run.error.contains("INPUT_INVALID"), "\(run.error)")
    }

    @Test(arguments: [
        "command: [\"/no/--api-key=swordfish\"]", "command: [sh], env: {\"API_KEY=swordfish\": x}",
        "command: [sh], port_range: \"--token=swordfish\"",
        "command: [sh], working_directory: \"/a:b@c/?token=swordfish\"",
        "command: [sh], secret_files: {TOKEN: \"https://u:swordfish@h\"}",
        "command: [sh], models: [\"../token=swordfish\"]",
        "command: [sh], limits: {resources: {\"password=swordfish\": 1}}", "command: [sh, \"${password=swordfish}\"]",
        "command: [sh], restart: \"https://u:swordfish@h\"",
    ])
    func `what a check says shows no secret`(keys: String) async throws {
        let (_, words) = try await Self.check("backends:\n  - {name: a, type: PROCESS, config: {\(keys)}}\n")
        #expect(words.contains("c.yaml:2:") && !words.contains("swordfish"), "\(words)")
    }

    @Test func `what may not work on this host is a warning, and no fault`() async throws {
        let (status, words) = try await Self.check(
            "backends:\n  - {name: a, type: PROCESS, config: {command: [/no/such/program]}}\n")
        #expect(status == .exited(0))
        #expect(words.contains("warning: c.yaml:2:"), "\(words)")
        #expect(words.contains("backends[0].config.command[0]: does not exist"), "\(words)")
        #expect(words.contains("the configuration is valid: 1 backend"))
    }

    @Test func `faults come in the order of the file, a line each`() async throws {
        let (status, words) = try await Self.check(
            "socket: 5\nlogg: x\nbackends:\n  - {name: a, type: LOCAL, prio: 3}\ngrac: 1s\n")
        #expect(status == .exited(2))
        let places = words.split(separator: "\n").map { $0.split(separator: ":").prefix(3).joined(separator: ":") }
        #expect(places == ["backendd: c.yaml:1", "backendd: c.yaml:2", "backendd: c.yaml:4", "backendd: c.yaml:5"])
    }

    @Test func `the environment goes over the file, and flags over the environment`() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("log_format: logfmt\nlog_level: critical\nsocket: /nope/f\n", to: "c.yaml")
        let variables = RunningProgram.environment.merging([
            "BACKENDD_CONFIG": file, "BACKENDD_LOG_FORMAT": "json", "BACKENDD_LOG_LEVEL": "info",
            "BACKENDD_SOCKET": "/nope/e", "BACKENDD_LIMITS_CONNECTIONS": "77",
        ]) { _, new in new }
        let path = directory.file("s")
        let program = try RunningProgram([RunningDaemon.executable, "--socket", path], environment: variables)
        let line = await program.errors.line { $0.contains("listening") }
        #expect(line?.hasPrefix("{") == true)
        #expect(line?.contains(path) == true)
        try program.signal(.terminate)
        try await program.wait()
    }

    @Test(arguments: [
        ("BACKENDD_LOOPS", "many"), ("BACKENDD_LIMITS_CONNECTIONS", "0"), ("BACKENDD_LOG_LEVEL", "loud"),
    ])
    func `a wrong variable is named`(name: String, value: String) async throws {
        let (status, words) = try await Self.check("", environment: [name: value])
        #expect(status == .exited(2))
        #expect(words.contains(name))
    }
}
