// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

/// What a process needs to count as started, and what a start says that cannot be.
@Suite("PROCESS readiness", .tags(.blocking), .timeLimit(.minutes(5)))
struct ProcessReadinessTests {
    @Test func `a program that ends at once was not started, whatever it is restarted for`() async throws {
        try await withProcesses { fixture in
            let error = await failure { try await fixture.start(["command": ["true"], "restart": "always"]) }
            #expect(error?.reason == .exited)
            #expect(fixture.backend.instances().isEmpty)
        }
    }

    @Test(arguments: ["", ">&2"])
    func `a line counts for log_line before it has its end, and is one line all the same`(stream: String) async throws {
        try await withProcesses { fixture in
            try await fixture.start(
                ProcessBackendTests.shell(
                    "printf 'now serv' \(stream); printf 'ing' \(stream); exec sleep 1000",
                    ["probes": ["startup": ["log_line": ["pattern": "now serving"], "listener": "any"]]]))
            #expect(fixture.backend.instances().first?.state == .ready)
            try await fixture.backend.stop()
            #expect(await fixture.backend.logs(of: nil).first?.tail(lines: 10).lines.map(\.text) == ["now serving"])
        }
    }

    @Test(arguments: [
        // A line far longer than what is kept of one, with an end and without.
        #"head -c 30000 /dev/zero | tr '\0' x; echo READY"#, #"head -c 30000 /dev/zero | tr '\0' x; printf READY"#,
        // Across the boundary of two pieces of a line.
        #"head -c 4093 /dev/zero | tr '\0' x; echo READY"#, #"head -c 6142 /dev/zero | tr '\0' x; echo READY; echo x"#,
        #"head -c 8190 /dev/zero | tr '\0' '\033'; echo READY"#,
        // A progress bar.
        #"i=0; while [ $i -lt 3000 ]; do printf 'at %s of 3000\r' $i; i=$((i+1)); done; printf 'READY\r'"#,
    ])
    func `log_line sees a line to its end, however long it is`(script: String) async throws {
        try await withProcesses { fixture in
            try await fixture.start(
                ProcessBackendTests.shell(
                    script + "; exec sleep 1000",
                    [
                        "load_timeout": "30s",
                        "probes": ["startup": ["log_line": ["pattern": "READY"], "listener": "any"]],
                    ]))
            #expect(fixture.backend.instances().first?.state == .ready)
        }
    }

    @Test func `a text that only two lines have together is not seen, nor one at the ends of a carriage return`()
        async throws
    {
        try await withProcesses { fixture in
            let error = await failure {
                try await fixture.start(
                    ProcessBackendTests.shell(
                        #"printf 'REA\nDY REA\rDY'"#,
                        [
                            "restart": "never",
                            "probes": ["startup": ["log_line": ["pattern": "REA.?.?DY"], "listener": "any"]],
                        ]))
            }
            #expect(error?.reason == .exited)
        }
    }

    @Test(arguments: ["startup", "readiness", "liveness"])
    func `a probe that runs while its instance is stopped leaves no process`(probe: String) async throws {
        try await withProcesses { fixture in
            let pids = fixture.directory.file("pids")
            // One process of the probe in its group, and one that has left it; neither hears a request to end.
            let script = """
                trap '' TERM HUP
                setsid sh -c 'echo $$$$ >> \(pids); exec sleep 1000' &
                while [ ! -e \(pids) ]; do sleep 0.01; done
                echo $$$$ >> \(pids); sleep 1000
                """
            let start = Task {
                await failure {
                    try await fixture.start(
                        ProcessBackendTests.shell(
                            "exec sleep 1000",
                            [
                                "started_after": "0s",
                                "probes": [
                                    .init(probe): [
                                        "exec": ["command": ["sh", "-c", .string(script)]], "period": "5ms",
                                        "timeout": "1h",
                                    ]
                                ],
                            ]))
                }
            }
            let probes = try await onThread {
                while true {
                    let bytes = (try? File.read(path: pids, limit: 100)) ?? []
                    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                    if lines.count == 2, bytes.last == UInt8(ascii: "\n") { return lines.compactMap { Int32($0) } }
                    MonotonicClock.sleep(.milliseconds(5))
                }
            }
            if probe != "liveness" { start.cancel() }
            _ = await start.value
            try await fixture.backend.stop()
            #expect(fixture.backend.instances().isEmpty)
            #expect(probes.count == 2)
            for pid in probes { #expect(ProcessTable.entry(of: pid).map(\.isZombie) ?? true) }
        }
    }

    @Test func `a process without an address serves no model`() async throws {
        try await withProcesses { fixture in
            try await fixture.start(ProcessBackendTests.shell("exec sleep 1000", ["started_after": "1ms"]))
            #expect(fixture.backend.instances().first?.state == .ready)
            guard case .notServed = fixture.backend.offer(of: "m") else {
                Issue.record("it is offered")
                return
            }
        }
    }

    @Test func `a port of the configuration that another process has is said before the start, with its pid`()
        async throws
    {
        try await withProcesses { fixture in
            let lease = try fixture.supervision.ports.take(from: 20_000...40_000)
            let port = ConfigValue.integer(Int64(lease.port))
            let configurations: [ConfigValue] = [
                ["command": ["sleep", "1000"], "address": .string("127.0.0.1:\(lease.port)")],
                ["command": ["sleep", "1000"], "address": .string("localhost:\(lease.port)")],
                ["command": ["sleep", "1000"], "probes": ["startup": ["tcp": ["port": port]]]],
                ["command": ["sleep", "1000"], "probes": ["liveness": ["http": ["path": "/", "port": port]]]],
            ]
            for configuration in configurations {
                let error = await failure { try await fixture.start(configuration) }
                #expect(error?.reason == .portInUse)
                #expect(error?.metadata["port"] == String(lease.port))
                #expect(error?.metadata["pid"] == String(ProcessInformation.pid))
            }
            // The way out for what listens on behalf of an instance.
            try await fixture.start([
                "command": ["sleep", "1000"], "address": .string("127.0.0.1:\(lease.port)"),
                "probes": ["startup": ["tcp": ["port": port], "listener": "any"]],
            ])
            #expect(fixture.backend.instances().first?.state == .ready)
            withExtendedLifetime(lease) {}
        }
    }

    @Test func `an answer of another process does not make an instance ready`() async throws {
        try await withProcesses { fixture in
            let file = fixture.directory.file("port")
            let start = Task {
                await failure {
                    try await fixture.start([
                        "command": [
                            "sh", "-c", .string("echo $0 > \(file).new; mv \(file).new \(file); exec sleep 1000"),
                            "${PORT}",
                        ],
                        "load_timeout": "8s",
                        "probes": ["startup": ["tcp": [:], "period": "10ms", "timeout": "1m"]],
                    ])
                }
            }
            let port = try await onThread {
                while true {
                    if let bytes = try? File.read(path: file, limit: 10) {
                        return UInt16(String(decoding: bytes.dropLast(), as: UTF8.self)) ?? 0
                    }
                    MonotonicClock.sleep(.milliseconds(5))
                }
            }
            guard let impostor = try? PortReservation(port: port) else {
                Issue.record("the port is taken")
                start.cancel()
                _ = await start.value
                return
            }
            let error = await start.value
            #expect(error?.reason == .loadTimeout)
            #expect(error?.message.contains("not part of the instance listens at port \(port)") == true)
            _ = consume impostor
        }
    }

    @Test func `what a start lacks is named: the directory, the program, its permission, its interpreter`() async throws
    {
        try await withProcesses { fixture in
            let plain = try fixture.directory.write("x", to: "plain")
            let script = try fixture.directory.write("#!/no/such/interpreter -x\n", to: "script")
            #expect(try await RunningProgram(["chmod", "+x", script]).wait() == .exited(0))
            let lacking: [(ConfigValue, BackendError.Reason, String)] = [
                (
                    ["command": ["/bin/sh"], "working_directory": "/no/such/place"], .fileUnusable,
                    "/no/such/place\" does"
                ),
                (["command": ["/bin/sh"], "working_directory": .string(plain)], .fileUnusable, "plain\""),
                (["command": ["/no/such/program"]], .programNotFound, "/no/such/program\" does not exist"),
                (["command": [.string(plain)]], .programNotFound, "is not executable"),
                (["command": ["/usr/bin"]], .programNotFound, "is a directory"),
                (["command": [.string(script)]], .programNotFound, "interpreter \"/no/such/interpreter\""),
            ]
            for (configuration, reason, words) in lacking {
                let error = await failure { try await fixture.start(configuration) }
                #expect(error?.reason == reason)
                #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            }
        }
    }
}
