// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("PROCESS", .tags(.blocking), .timeLimit(.minutes(10)))
struct ProcessBackendTests {
    /// A server in Python that answers `GET /health` at a given port.
    static let server = """
        import http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == '/health' else 404)
                self.end_headers()
            def log_message(self, *words): pass
        http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
        """

    static func shell(_ script: String, _ more: TextMap<ConfigValue> = [:]) -> ConfigValue {
        var members: TextMap<ConfigValue> = ["command": ["sh", "-c", .string(script)]]
        members = members.merged(with: more)
        return .map(members)
    }

    /// Quick restarts.
    static let quick: TextMap<ConfigValue> = ["backoff": "1ms", "backoff_limit": "1ms", "max_restarts": 1000]

    @Test func `a server is started, is ready when its probe says so, is reached, and stops whole`() async throws {
        try await withProcesses { fixture in
            try await fixture.start([
                "command": ["python3", "-c", .string(Self.server), "${PORT}"],
                "probes": ["startup": ["http": ["path": "/health"], "period": "50ms"]],
            ])
            let measure = try #require(fixture.backend.measuring())
            measure()
            let instance = try #require(fixture.backend.instances().first)
            #expect(instance.state == .ready)
            #expect(instance.residentBytes > 1 << 20)
            guard case .endpoint(let endpoint, _) = fixture.backend.offer(of: "b") else {
                Issue.record("no endpoint")
                return
            }
            #expect(endpoint.address.hasPrefix("127.0.0.1:"))
            #expect(endpoint.instance == "b")
            let pid = try #require(instance.pid)
            try await fixture.backend.stop()
            #expect(ProcessTable.entry(of: pid) == nil)
            #expect(fixture.backend.instances().isEmpty)
            #expect(fixture.reports.elements.last == "b STOPPING -")
        }
    }

    @Test func `a killed process is noticed at once and healed`() async throws {
        try await withProcesses { fixture in
            try await fixture.start(Self.shell("exec sleep 1000", Self.quick))
            let pid = try #require(fixture.pid)
            let entry = try #require(ProcessTable.entry(of: pid))
            let start = ContinuousClock.now
            try ProcessTable.signal(entry, .kill)
            await fixture.told("b READY BACKOFF KILLED")
            #expect(ContinuousClock.now - start < .seconds(1))
            await fixture.told("b STARTING READY", times: 2)
            #expect(fixture.pid != pid)
            #expect(fixture.backend.instances().first?.restarts == 1)
        }
    }

    @Test func `a start that fails says why, with the last words of the program`() async throws {
        try await withProcesses { fixture in
            let error = await failure {
                try await fixture.start(
                    Self.shell("echo 'no such model: x' >&2; exit 3", ["probes": ["startup": ["tcp": ["port": 1]]]]))
            }
            #expect(error?.reason == .exited)
            #expect(error?.message.contains("exit code 3") == true)
            #expect(error?.message.contains("no such model: x") == true)
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test func `a program that is not there is named`() async throws {
        try await withProcesses { fixture in
            let error = await failure { try await fixture.start(["command": ["no-such-model-server"]]) }
            #expect(error?.reason == .programNotFound)
        }
    }

    @Test func `one that is not ready in time is ended whole`() async throws {
        try await withProcesses { fixture in
            let error = await failure {
                try await fixture.start(
                    Self.shell(
                        "trap '' TERM; while :; do sleep 1000; done",
                        [
                            "load_timeout": "50ms", "stop_timeout": "10ms",
                            "probes": ["startup": ["exec": ["command": ["false"]]]],
                        ]))
            }
            #expect(error?.reason == .loadTimeout)
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test func `a crash loop is given up with the reason of the crash`() async throws {
        try await withProcesses { fixture in
            try await fixture.start(
                Self.shell(
                    "echo fine; sleep 0.01; echo 'out of memory' >&2; exit 9",
                    [
                        "backoff": "1ms", "max_restarts": 2, "address": "unix:/no/such/socket",
                        "probes": ["startup": ["log_line": ["pattern": "fine"], "listener": "any"]],
                    ]))
            await fixture.told("failed CRASH_LOOP")
            let instance = try #require(fixture.backend.instances().first)
            #expect(instance.state == .failed)
            #expect(instance.failure?.message.contains("out of memory") == true)
            #expect(instance.restarts == 2)
            guard case .unavailable(let error) = fixture.backend.offer(of: "b") else {
                Issue.record("it is offered")
                return
            }
            #expect(error.reason == .instanceNotReady)
            #expect(error.message.contains("(FAILED: "), "\(error.message)")
            #expect(instance.address == nil)
        }
    }

    @Test func `liveness restarts it, readiness does not`() async throws {
        try await withProcesses { fixture in
            let (ready, alive) = (fixture.directory.file("ready"), fixture.directory.file("alive"))
            for file in [ready, alive] { try File.openForAppending(file).writeAll([]) }
            try await fixture.start(
                Self.shell(
                    "exec sleep 1000",
                    Self.quick.merged(with: [
                        "probes": [
                            "readiness": [
                                "exec": ["command": ["test", "-e", .string(ready)]], "period": "5ms", "failures": 1,
                            ],
                            "liveness": [
                                "exec": ["command": ["test", "-e", .string(alive)]], "period": "5ms", "failures": 2,
                            ],
                        ]
                    ])))
            let pid = fixture.pid
            try File.remove(ready)
            await fixture.told("b READY UNREADY READINESS_FAILED")
            #expect(fixture.pid == pid)
            #expect(fixture.backend.instances().first?.failure?.reason == "READINESS_FAILED")
            try File.openForAppending(ready).writeAll([])
            await fixture.told("b UNREADY READY")
            #expect(fixture.pid == pid)
            try File.remove(alive)
            await fixture.told("b READY STOPPING LIVENESS_FAILED")
            try File.openForAppending(alive).writeAll([])
            await fixture.told("b STOPPING BACKOFF LIVENESS_FAILED")
            await fixture.told("b STARTING READY", times: 2)
            #expect(fixture.pid != pid)
        }
    }

    @Test func `each model has a process of its own`() async throws {
        try await withProcesses { fixture in
            try await fixture.start(
                Self.shell(
                    "echo $0; exec sleep 1000",
                    [
                        "command": ["sh", "-c", "echo $0 $1; exec sleep 1000", "${MODEL_ID}", "${SOCKET}"],
                        "scope": "model", "models": ["llama/*", "phi"], "max_loaded": 3, "pinned": ["phi"], "ttl": "1m",
                        "groups": ["small": ["members": ["phi"], "exclusive": true]],
                        "probes": [
                            "startup": ["log_line": ["pattern": "sock"], "listener": "any"],
                            "liveness": [
                                "exec": ["command": ["test", "${MODEL_ID}", "=", "llama/7b"]], "period": "1h",
                                "listener": "any",
                            ],
                        ],
                    ]))
            #expect(fixture.backend.instances().isEmpty)
            #expect(fixture.backend.capacity.maxLoaded == 3)
            guard case .notServed = fixture.backend.offer(of: "other") else {
                Issue.record("it is offered")
                return
            }
            guard case .loadable(let rules) = fixture.backend.offer(of: "phi") else {
                Issue.record("it is not loadable")
                return
            }
            #expect(rules == ModelRules(ttl: .seconds(60), isPinned: true, groups: ["small"]))
            let endpoint = try await fixture.backend.load("llama/7b")
            #expect(endpoint.instance == "b/llama/7b")
            #expect(endpoint.address.hasPrefix("unix:" + fixture.directory.path))
            #expect(try await fixture.backend.load("phi").address != endpoint.address)
            #expect(fixture.backend.instances().map(\.name) == ["b/llama/7b", "b/phi"])
            #expect(try await fixture.backend.examine("llama/7b") == .healthy)
            #expect(await fixture.backend.logs(of: nil).map(\.instance) == ["b/llama/7b", "b/phi"])
            #expect(
                await fixture.backend.logs(of: nil).first?.tail(lines: 1).lines.first?.text.hasPrefix("llama/7b ")
                    == true)
            try await fixture.backend.unload("phi")
            #expect(fixture.backend.instances().map(\.name) == ["b/llama/7b"])
            try await fixture.backend.unload("phi")
        }
    }

    @Test func `one process serves its own name, and other models only if it is configured to`() async throws {
        try await withSupervision { supervision, _ in
            let backend = BackendType.process(on: supervision).make("granite")
            let own = backend.served(configuration: ["command": ["x", "${PORT}"]])
            #expect(own.names == ["granite"])
            #expect(own.contains("granite") && !own.contains("granite-typo") && !own.contains("nosuch"))
            let told = backend.served(configuration: ["command": ["x", "${PORT}"], "models": ["g*"]])
            #expect(told.names == ["g*"])
            #expect(told.contains("granite-typo") && !told.contains("nosuch"))
            let faulty = BackendType.faulty(on: supervision).make("faulty").served(configuration: [:])
            #expect(faulty.contains("faulty") && !faulty.contains("other"))
            // A process without an address has nothing to offer, which is another reason than a model that it does not serve.
            let mute = backend.served(configuration: ["command": ["x"]])
            #expect(mute.names == [])
            #expect(mute.refusal("granite") == .addressMissing)
            #expect(mute.refusal("nosuch") == .notServed)
        }
    }

    @Test func `a model that crashes for good is told as such`() async throws {
        try await withProcesses { fixture in
            let file = fixture.directory.file("go")
            try await fixture.start(
                Self.shell(
                    "echo up; until [ -e \(file) ]; do sleep 0.01; done; exit 1",
                    [
                        "scope": "model", "models": ["m"], "backoff": "1ms", "max_restarts": 1,
                        "address": "unix:/no/such/socket",
                        "max_loaded": 1, "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
                    ]))
            _ = try await fixture.backend.load("m")
            try fixture.directory.write("", to: "go")
            await fixture.told("model m away")
            await fixture.told("model m failed CRASH_LOOP")
        }
    }

    @Test func `a port that another program has taken meanwhile is not the end`() async throws {
        try await withProcesses { fixture in
            let marker = fixture.directory.file("tried")
            try await fixture.start(
                Self.shell(
                    "",
                    [
                        "command": [
                            "sh", "-c",
                            .string(
                                "[ -e \(marker) ] || { touch \(marker); echo 'bind: Address already in use' >&2; exit 1; }; echo up; exec sleep 1000"
                            ), "${PORT}",
                        ],
                        "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
                    ]))
            #expect(fixture.backend.instances().first?.state == .ready)
            #expect(fixture.backend.instances().first?.restarts == 0)
        }
    }

    @Test func `a reported failure restarts only what is ill`() async throws {
        try await withProcesses { fixture in
            let alive = fixture.directory.file("alive")
            try File.openForAppending(alive).writeAll([])
            try await fixture.start(
                Self.shell(
                    "exec sleep 1000",
                    Self.quick.merged(with: [
                        "probes": ["liveness": ["exec": ["command": ["test", "-e", .string(alive)]], "period": "1h"]]
                    ])))
            #expect(try await fixture.backend.examine("m") == .healthy)
            try File.remove(alive)
            #expect(try await fixture.backend.examine("m") == .restarted)
            await fixture.told("b STARTING READY", times: 2)
        }
    }

    @Test func `a cancelled start leaves nothing`() async throws {
        try await withProcesses { fixture in
            let start = Task {
                await failure {
                    try await fixture.start(
                        Self.shell(
                            "trap '' TERM; while :; do sleep 1000; done",
                            ["stop_timeout": "1h", "probes": ["startup": ["exec": ["command": ["false"]]]]]))
                }
            }
            await fixture.told("b STARTING STARTING")
            start.cancel()
            #expect(await start.value?.reason == .callerCancelled)
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test func `a secret is read from its file, and shown nowhere`() async throws {
        try await withProcesses { fixture in
            let path = try fixture.directory.write("s3cret\n", to: "key")
            try await fixture.start(
                Self.shell(
                    "[ \"$API_KEY\" = s3cret ] && echo same; exec sleep 1000",
                    [
                        "secret_files": ["API_KEY": .string(path)], "inherit_env": false,
                        "probes": ["startup": ["log_line": ["pattern": "same"], "listener": "any"]],
                    ]))
            try await fixture.backend.stop()
            let missing = await failure {
                try await fixture.start(Self.shell("true", ["secret_files": ["API_KEY": "/no/such/file"]]))
            }
            #expect(missing?.reason == .fileUnusable)
            #expect(missing?.message.contains("API_KEY") == true)
        }
    }

    @Test func `a secret must be a regular file, and another kind is not waited for`() async throws {
        try await withProcesses { fixture in
            let fifo = fixture.directory.file("fifo")
            let made = try await RunningProgram(["mkfifo", fifo]).wait()
            #expect(made == .exited(0))
            let error = await failure {
                try await fixture.start(["command": ["true", "${SOCKET}"], "secret_files": ["TOKEN": .string(fifo)]])
            }
            #expect(error?.reason == .fileUnusable)
        }
    }

    @Test func `it starts in its directory, and stops by the signal it was given`() async throws {
        try await withProcesses { fixture in
            let script = "trap 'echo hup > heard; exit 0' HUP; echo up; while :; do sleep 0.05; done"
            try fixture.directory.write("#!/bin/sh\n\(script)\n", to: "server")
            let program = fixture.directory.file("server")
            let made = try await RunningProgram(["chmod", "+x", program]).wait()
            #expect(made == .exited(0))
            try await fixture.start([
                "command": ["./server", "${SOCKET}"], "working_directory": .string(fixture.directory.path),
                "stop_signal": "SIGHUP", "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
            ])
            try await fixture.backend.stop()
            #expect(try File.read(path: fixture.directory.file("heard"), limit: 10) == Array("hup\n".utf8))
        }
    }

    @Test func `two hundred crashes and restarts leave no descriptor, no zombie and no port`() async throws {
        try await withProcesses { fixture in
            var quick = Self.quick
            quick["probes"] = ["startup": ["log_line": ["pattern": "up"], "listener": "any"]]
            // The first run must not end before it is seen to be ready: that would be a failed start.
            let file = fixture.directory.file("go")
            let script = "echo up; sleep 1000 & until [ -e \(file) ]; do sleep 0.01; done; exit 1"
            quick["command"] = ["sh", "-c", .string(script), "${PORT}"]
            try await fixture.start(Self.shell("", quick))
            try fixture.directory.write("", to: "go")
            await fixture.told("b STARTING READY", times: 5)
            let before = try ProcessUsage.own().descriptors
            await fixture.told("b STARTING READY", times: 200)
            #expect(try ProcessUsage.own().descriptors < before + 20)
            try await fixture.backend.stop()
            #expect(try ProcessUsage.own().descriptors <= before)
            #expect(ProcessTable.children().allSatisfy { ProcessTable.entry(of: $0)?.isZombie != true })
            #expect(try fixture.supervision.ports.take(from: 5800...6799).port >= 5800)
        }
    }
}

/// What an operation failed with.
func failure(_ body: () async throws -> Void) async -> BackendError? {
    do {
        try await body()
        return nil
    } catch let error as BackendError {
        return error
    } catch {
        Issue.record("unexpected \(error)")
        return nil
    }
}
