// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
internal import ConfigDocument
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct LockCommandTests {
    @Test func `a command under the lock goes past it, and others do not`() async throws {
        try await withBackendctl { backendctl in
            let start = "\(Backendctl.executable) start local && \(Backendctl.executable) create b --type LOCAL && "
            let other =
                "\(Backendctl.executable) start b && env -u BACKENDCTL_LOCK_TOKEN \(Backendctl.executable) stop local"
            let run = try await backendctl("lock", "local", "--", "sh", "-c", start + other)
            #expect(run.output == "local is started\nb is created, type LOCAL, priority 10\nb is started\n")
            #expect(run.error.hasPrefix("backendctl: ABORTED START_LOCK_HELD: "))
            #expect(run.status == 4)
        }
    }

    @Test(arguments: [("exit 0", 0), ("exit 9", 9), ("kill -KILL $$", 137)] as [(String, Int32)])
    func `the command decides the exit status`(script: String, status: Int32) async throws {
        try await withBackendctl { backendctl in
            let run = try await backendctl("lock", "local", "--", "sh", "-c", script)
            #expect(run.status == status)
            #expect(run.error.isEmpty)
        }
    }

    @Test func `a command that cannot be run ends as in a shell, and the lock is free`() async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(
                "lock", "local", "--", "/nonexistent", status: 127, prefix: "INTERNAL COMMAND_NOT_RUN: ")
            try await backendctl.expectError(
                "lock", "local", "--", "/", status: 126, prefix: "INTERNAL COMMAND_NOT_RUN: ")
            try await backendctl.expectError("lock", "local", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            #expect(try await backendctl("start", "local").status == 0)
        }
    }

    @Test(arguments: [("TERM", 15), ("HUP", 1), ("USR1", 10)] as [(String, Int32)])
    func `signals are passed on`(name: String, number: Int32) async throws {
        try await withBackendctl { backendctl in
            let script = "trap 'echo caught; exit 3' \(name); echo ready; while :; do sleep 0.1; done"
            let program = try backendctl.start("lock", "local", "--", "sh", "-c", script)
            _ = await program.output.line { $0 == "ready" }
            try program.signal(Signal(rawValue: number))
            #expect(try await program.wait() == .exited(3))
            #expect(await program.output.all() == ["ready", "caught"])
        }
    }

    @Test func `a broken lock ends the command with SIGTERM`() async throws {
        try await withBackendctl { backendctl in
            let script = "trap 'echo told; exit 0' TERM; echo held; while :; do sleep 0.1; done"
            let program = try backendctl.start("lock", "local", "--", "sh", "-c", script)
            _ = await program.output.line { $0 == "held" }
            #expect(try await backendctl("start", "local", "--force").status == 0)
            #expect(try await program.wait() == .exited(4))
            #expect(await program.output.all() == ["held", "told"])
            #expect(await program.errors.all().first?.hasPrefix("backendctl: ABORTED START_LOCK_BROKEN: ") == true)
        }
    }

    @Test func `a lock whose daemon dies is broken`() async throws {
        let daemon = try await RunningDaemon.start()
        let backendctl = Backendctl(daemon: daemon)
        let program = try backendctl.start("lock", "local", "--", "sh", "-c", "echo held; exec sleep 600")
        _ = await program.output.line { $0 == "held" }
        try daemon.program.signal(.kill)
        #expect(try await program.wait() == .exited(4))
    }

    @Test func `the next one waits for the lock, and gets it when its holder is killed`() async throws {
        try await withBackendctl { backendctl in
            let holder = try backendctl.start("lock", "local", "--", "sh", "-c", "echo held; exec sleep 600")
            _ = await holder.output.line { $0 == "held" }
            try await backendctl.expectError(
                "lock", "local", "--", "true", status: 4, prefix: "ABORTED START_LOCK_HELD: ")
            let next = try backendctl.start("lock", "local", "--wait", "10m", "--", "echo", "mine")
            try holder.signal(.kill)
            #expect(await next.output.line { $0 == "mine" } == "mine")
            #expect(try await next.wait() == .exited(0))
        }
    }

    @Test func `a wrong token is said to be one`() async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(
                "start", "local", status: 4, prefix: "ABORTED LOCK_TOKEN_STALE: ",
                environment: ["BACKENDCTL_LOCK_TOKEN": "5"])
            try await backendctl.expectError(
                "start", "local", status: 2, prefix: "INVALID_ARGUMENT LOCK_TOKEN_INVALID: ",
                environment: ["BACKENDCTL_LOCK_TOKEN": "x"])
        }
    }

    @Test(arguments: [(Signal.interrupt, 130), (.terminate, 143), (.hangup, 129)] as [(Signal, Int32)])
    func `a signal ends the wait for a lock or a model, and nothing is run`(signal: Signal, status: Int32) async throws
    {
        let configuration = """
            backends:
              - {name: local, type: LOCAL}
              - name: slow
                type: PROCESS
                config: {command: [sh, -c, "exec sleep 1000", "${PORT}"], probes: {startup: {log_line: {pattern: never}, listener: any}}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            let holder = try backendctl.start("lock", "local", "--", "sh", "-c", "echo held; exec sleep 600")
            _ = await holder.output.line { $0 == "held" }
            let lock = try backendctl.start("lock", "local", "--wait", "1h", "--", "echo", "run")
            let watch = try backendctl.start("watch")
            let use = try backendctl.start("use", "slow", "--wait", "1h", "--", "echo", "run")
            _ = await watch.output.line { $0.contains("slow") && $0.contains("STARTING") }
            for program in [lock, use] {
                try program.signal(signal)
                #expect(try await program.wait().shellCode == status)
                #expect(await program.output.all() == [])
                #expect(await program.errors.all() == [])
            }
            try holder.signal(.terminate)
            #expect(try await holder.wait() == .exited(143))
            #expect(try await backendctl("lock", "local", "--", "true").status == 0)
        }
    }
}
