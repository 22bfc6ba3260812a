// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("ProcessReview", .tags(.blocking)) struct ProcessReviewTests {
    @Test(
        arguments: [
            (["command": ["x", "${PROT}"]], "config.command[1]"), (["command": []], "config.command"),
            (["command": ["x"], "stop_command": [""]], "config.stop_command"),
            (["command": ["x"], "probes": ["startup": ["failures": 2]]], "config.probes.startup.failures"),
            (
                ["command": ["x", "${SOCKET}"], "probes": ["startup": ["unix": ["path": "s"]]]],
                "config.probes.startup.unix.path"
            ),
            (["command": ["x"], "port_range": "9-1"], "config.port_range"),
            (["command": ["x", "${MODEL_ID}"]], "config.scope"),
            (
                ["command": ["x"], "probes": ["liveness": ["tcp": [:], "exec": ["command": ["x"]]]]],
                "config.probes.liveness"
            ),
            (["command": ["x"], "probes": ["liveness": ["log_line": ["pattern": "x"]]]], "config.probes.liveness"),
            (["command": ["x"], "env": ["A": "${"]], "config.env.A"),
            (["command": ["x"], "env": ["A": "b"], "secret_files": ["A": "/c"]], "config.secret_files.A"),
            (
                ["command": ["x", "${PORT}"], "probes": ["startup": ["log_line": ["pattern": "("]]]],
                "config.probes.startup.log_line.pattern"
            ),
            (
                ["command": ["x", "${PORT}"], "probes": ["readiness": ["http": ["path": "/", "status": "299-200"]]]],
                "config.probes.readiness.http.status"
            ),
            (
                ["command": ["x"], "probes": ["startup": ["exec": ["command": ["x", "${Y}"]]]]],
                "config.probes.startup.exec.command[1]"
            ), (["comand": ["x"]], "config.command"),
            (["command": ["x", "${PORT}"], "scope": "model"], "config.models"),
            (["command": ["x", "${PORT}"], "scope": "model", "models": []], "config.models"),
            (["command": ["x"], "probes": ["startup": ["tcp": [:]]]], "config.probes.startup.tcp"),
            (["command": ["x"], "probes": ["liveness": ["http": ["path": "/"]]]], "config.probes.liveness.http"),
            (["command": ["x"], "probes": ["startup": ["grpc": [:]]]], "config.probes.startup.grpc"),
            (["command": ["x", "${PORT}"], "probes": ["startup": ["unix": [:]]]], "config.probes.startup.unix"),
            (["command": ["x", "${env.NO_SUCH_VARIABLE_HERE}"]], "config.command[1]"),
            (["command": ["x"], "env": ["A": "${env.NO_SUCH_VARIABLE_HERE}"]], "config.env.A"),
            (["command": ["x"], "env": ["A=B": "c"]], "config.env.\"A=B\""),
            (["command": ["x"], "secret_files": ["": "/c"]], "config.secret_files.\"\""),
            (["command": ["x", "a\0b"]], "config.command[1]"),
            (["command": ["x"], "working_directory": "/\0"], "config.working_directory"),
            (["command": ["x"], "limits": ["resources": ["nofiles": 1]]], "config.limits.resources.nofiles"),
            (["command": ["x"], "limits": ["cpus": [0, 4095]]], "config.limits.cpus[1]"),
            (["command": ["x"], "scope": "model"], "config.command"),
            (["command": ["x"], "models": ["m"]], "config.command"),
            (["command": ["x"], "address": ""], "config.address"),
            (["command": ["x"], "scope": "model", "address": "127.0.0.1:80"], "config.address"),
            (
                ["command": ["x", "${PORT}"], "scope": "model", "probes": ["startup": ["tcp": ["port": 80]]]],
                "config.probes.startup.tcp"
            ), (["command": ["x"], "load_timeout": "0s"], "config.load_timeout"),
            (["command": ["x"], "started_after": "30s"], "config.started_after"),
            (["command": ["x"], "restart_window": "0s"], "config.restart_window"),
            (["command": ["x"], "stop_timeout": "-1s"], "config.stop_timeout"),
            (
                ["command": ["x"], "probes": ["startup": ["exec": ["command": ["x"]], "period": "0s"]]],
                "config.probes.startup.period"
            ),
            (
                ["command": ["x"], "probes": ["startup": ["exec": ["command": []]]]],
                "config.probes.startup.exec.command"
            ),
            (["command": [""]], "config.command"),
            (
                ["command": ["x"], "probes": ["startup": ["log_line": ["pattern": "(a|"]]]],
                "config.probes.startup.log_line.pattern"
            ),
            (
                ["command": ["x", "${PORT}"], "probes": ["startup": ["http": ["path": "health"]]]],
                "config.probes.startup.http.path"
            ),
            (["command": ["x", "${PORT}"], "models": ["a*"], "pinned": ["a1", "b1"]], "config.pinned[1]"),
            (
                ["command": ["x", "${PORT}"], "models": ["a*"], "groups": ["g": ["members": ["b"]]]],
                "config.groups.g.members[0]"
            ),
            (
                ["command": ["x", "${PORT}"], "models": ["a*"], "groups": ["g": ["members": ["ab*", "b*"]]]],
                "config.groups.g.members[1]"
            ), (["command": ["x", "${PORT}"], "models": ["*-chat"], "pinned": ["*-code"]], "config.pinned[0]"),
            (["command": ["x", "${PORT}"], "models": ["ab"], "pinned": ["a??*", "a?"]], "config.pinned[0]"),
        ] as [(ConfigValue, String)])
    func `what the schema cannot say is checked too, with the path of the key`(value: ConfigValue, path: String)
        async throws
    {
        try await withSupervision { supervision, _ in
            let error = #expect(throws: BackendError.self) {
                try BackendConfiguration(type: .process(on: supervision), base: value)
            }
            #expect(error?.reason == .configInvalid)
            #expect(error?.violations.first?.path == path)
        }
    }

    private static func problems(_ value: ConfigValue) async throws -> [String] {
        try await withSupervision { supervision, _ in
            do throws(BackendError) {
                _ = try BackendConfiguration(type: .process(on: supervision), base: value)
                return []
            } catch {
                return error.violations.map(\.path)
            }
        }
    }

    @Test(arguments: [
        "foo bar", "localhost", ":", "-", "http://", ":8080", "[::1]", "127.0.0.1:0", "127.0.0.1:70000", "::1:80",
        "unix:", "unix:rel", "unix:/", "unix:${PORT}", "127.0.0.1:${SOCKET}", "${BACKEND}", "${MODEL_ID}",
        "127.0.0.1:9${PORT}", "a/b:80", "http://localhost:${PORT}/v1", "http://localhost:80", "h2c://localhost:80",
        "localhost:80/x", "127.1:80", "2130706433:80", "0x7f000001:80", "0x7f.1:80", "0177.0.0.1:80", "0:80",
        "localhost.:80", "[::1%lo]:80", "[fe80::1%eth0]:80", "[127.0.0.1]:80:1", "localhost:0",
    ])
    func `an address that clients cannot go to is refused`(address: String) async throws {
        let value: ConfigValue = ["command": ["sh", "${PORT}", "${SOCKET}"], "address": .string(address)]
        #expect(try await Self.problems(value).contains("config.address"))
    }

    @Test(arguments: [
        "127.0.0.1:${PORT}", "unix:${SOCKET}", "localhost:80", "[::1]:${PORT}", "unix:/run/${MODEL_ID}.sock",
        "${BACKEND}.example.com:443", "LOCALHOST:${PORT}", "a.localhost:80", "[::ffff:127.0.0.1]:80",
    ])
    func `an address that may be is taken`(address: String) async throws {
        let value: ConfigValue = [
            "command": ["sh", "${PORT}", "${SOCKET}"], "scope": "model", "models": ["m*"], "max_loaded": 1,
            "address": .string(address),
        ]
        #expect(try await Self.problems(value).isEmpty)
    }

    @Test(
        arguments: [
            (["stop_command": ["x", "${PORT}"]], ["config.command", "config.stop_command[1]"]),
            (["address": "127.0.0.1:${PORT}"], ["config.address"]), (["address": "unix:${SOCKET}"], ["config.address"]),
            (
                ["probes": ["liveness": ["exec": ["command": ["x", "${SOCKET}"]]]]],
                ["config.command", "config.probes.liveness.exec.command[1]"]
            ),
            (
                ["stop_command": ["x", "${PORT}"], "probes": ["startup": ["tcp": [:]]]],
                ["config.command", "config.probes.startup.tcp", "config.stop_command[1]"]
            ), (["env": ["PORT": "${PORT}"], "stop_command": ["x", "${PORT}"]], []),
        ] as [(TextMap<ConfigValue>, [String])])
    func `only command and env tell the program its port and socket`(
        more: TextMap<ConfigValue>, paths: [String]
    ) async throws {
        let members: TextMap<ConfigValue> = ["command": ["sleep", "100"], "scope": "model", "models": ["k*"]]
        #expect(try await Self.problems(.map(members.merged(with: more))).sorted() == paths)
    }

    @Test(
        arguments: [
            (["pinned": ["zzz"]], ["config.pinned[0]"]),
            (["groups": ["g": ["members": ["zzz"]]]], ["config.groups.g.members[0]"]),
            (["groups": ["g": ["members": []]]], ["config.groups.g.members"]), (["pinned": []], []),
            (["models": ["z*"], "pinned": ["zzz"]], []),
        ] as [(TextMap<ConfigValue>, [String])])
    func `groups and pins need models, and a group members`(
        more: TextMap<ConfigValue>, paths: [String]
    ) async throws {
        let members: TextMap<ConfigValue> = ["command": ["sh", "${PORT}"]]
        #expect(try await Self.problems(.map(members.merged(with: more))) == paths)
    }

    @Test(
        arguments: [
            (["command": ["/no/such/program"]], ["command[0]"]),
            (["command": ["no-such-program-anywhere"]], ["command[0]"]),
            (["command": ["sh"], "working_directory": "/no/such/place"], ["working_directory"]),
            (["command": ["sh"], "working_directory": "."], ["working_directory"]),
            (["command": ["sh"], "secret_files": ["KEY": "/no/such/file"]], ["secret_files.KEY"]),
            (["command": ["/"]], ["command[0]"]), (["command": ["/etc/passwd"]], ["command[0]"]),
            (["command": ["sh"], "working_directory": "/etc/hostname"], ["working_directory"]),
            (["command": ["sh"], "stop_command": ["/no/such/program"]], ["stop_command[0]"]),
            (
                ["command": ["sh"], "probes": ["startup": ["exec": ["command": ["no-such-program-anywhere"]]]]],
                ["probes.startup.exec.command[0]"]
            ),
            (
                [
                    "command": ["sh", "${PORT}"], "scope": "model", "models": ["m*"], "max_loaded": 3,
                    "port_range": "6000-6001",
                ], ["port_range"]
            ),
            (
                ["command": ["sh", "${PORT}"], "models": ["m"], "groups": ["g": ["members": ["m", "m"]]]],
                ["groups.g.members[1]"]
            ),
            (
                ["command": ["sh", "${PORT}"], "models": ["m", "n", "m"], "pinned": ["n", "n"]],
                ["models[2]", "pinned[1]"]
            ),
            (["command": ["sh"], "limits": ["resources": ["nofile": 0]]], ["limits.resources.nofile"]),
            (
                ["command": ["sh"], "limits": ["resources": ["nofile": 9_007_199_254_740_992]]],
                ["limits.resources.nofile"]
            ), (["command": ["sh"], "limits": ["resources": ["nofile": 64]]], []),
            (
                [
                    "command": ["sh", "${PORT}"], "load_timeout": "20s",
                    "probes": ["startup": ["tcp": [:], "period": "21s", "timeout": "30s"]],
                ], ["probes.startup.period", "probes.startup.timeout"]
            ),
            (
                [
                    "command": ["sh", "${PORT}"], "load_timeout": "20s",
                    "probes": ["startup": ["tcp": [:], "period": "20s"]],
                ], []
            ),
            (
                [
                    "command": ["sh", "${PORT}"], "scope": "model", "models": ["*"], "max_loaded": 1,
                    "pinned": ["m", "n"],
                ], ["pinned"]
            ),
            (
                [
                    "command": ["sh", "${PORT}"], "scope": "model", "models": ["*"], "max_loaded": 3,
                    "pinned": ["m", "n", "o*"], "groups": ["g": ["members": ["m", "n*"], "max_loaded": 1]],
                ], ["pinned"]
            ),
            (
                [
                    "command": ["sh", "${PORT}"], "scope": "model", "models": ["*"], "max_loaded": 2,
                    "pinned": ["m", "n", "o*"], "groups": ["g": ["members": ["m"], "max_loaded": 1]],
                ], []
            ), (["command": ["sh"], "backoff": "2m"], ["backoff"]), (["command": ["${env.PATH}/x"]], []),
            (["command": ["sh"]], []),
        ] as [(ConfigValue, [String])])
    func `what only may not work is a warning`(value: ConfigValue, paths: [String]) async throws {
        try await withSupervision { supervision, _ in
            let type = BackendType.process(on: supervision)
            let configuration = try BackendConfiguration(type: type, base: value).effective
            #expect(type.warnings(configuration).map(\.path.description) == paths)
        }
    }

    @Test(arguments: ["cpu io memory pids\n": [], "cpu pids\n": ["limits.memory"]])
    func `a limit of memory that nothing enforces is a warning`(controllers: String, paths: [String]) async throws {
        let group = try TemporaryDirectory()
        try group.write(controllers, to: "cgroup.controllers")
        for (groups, paths) in [(group.path, paths), (nil, ["limits.memory"])] {
            try await withSupervision(groups: groups) { supervision, _ in
                let type = BackendType.process(on: supervision)
                let value: ConfigValue = ["command": ["sh"], "limits": ["memory": .integer(1 << 30)]]
                let configuration = try BackendConfiguration(type: type, base: value).effective
                #expect(type.warnings(configuration).map(\.path.description) == paths)
            }
        }
    }
}
