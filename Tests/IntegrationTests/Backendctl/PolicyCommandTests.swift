// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct PolicyCommandTests {
    private static let configuration = """
        backends:
          - {name: first, type: LOCAL, start: boot, after: [second]}
          - {name: second, type: LOCAL, start: boot}
          - {name: demanded, type: LOCAL, config: {models: [m]}}
          - {name: manual, type: LOCAL, start: manual, config: {models: [n]}}
        """

    @Test func `the daemon starts what it is told to, in order, and shows how each backend is started`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            while try await backendctl("get", "first", "-o", "json").json["state"] != "STARTED" {}
            let lines = try await backendctl("list").output.split(separator: "\n").map {
                $0.split(separator: " ", omittingEmptySubsequences: true).prefix(5).joined(separator: " ")
            }
            #expect(
                lines.prefix(3) == [
                    "NAME TYPE PRIORITY START STATE", "first LOCAL 0 boot STARTED", "second LOCAL 10 boot STARTED",
                ])
            #expect(lines.last == "manual LOCAL 30 manual STOPPED")
            let events = backendctl.daemon.errors.lines.filter { $0.contains("cause=STARTED") }
            #expect(events.map { $0.contains("backend=second") } == [true, false])
            #expect(try await backendctl("get", "first").output.contains("start:       boot, after second\n"))
            #expect(try await backendctl("status", "manual").output.contains("start:    manual\n"))
            let json = try await backendctl("get", "first", "-o", "json").json
            #expect(json["start"] == "BOOT" && json["after"] == ["second"] && json["enabled"] == true)
            #expect(json["hold"] == .null)
        }
    }

    @Test func `one that cannot be started does not hold up those that come after it, and the log says so`()
        async throws
    {
        let configuration = """
            backends:
              - {name: good, type: LOCAL, start: boot, after: [bad]}
              - {name: bad, type: PROCESS, start: boot, config: {command: [/nonexistent/server, "${SOCKET}"]}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            let line = await backendctl.daemon.errors.line {
                $0.contains("a backend is started although others were not")
            }
            #expect(line?.contains("backend=good") == true && line?.contains("after=bad") == true)
            while try await backendctl("get", "good", "-o", "json").json["state"] != "STARTED" {}
            #expect(try await backendctl("get", "bad", "-o", "json").json["state"] == "FAILED")
        }
    }

    @Test func `a stop holds until a start, and every command says so`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            #expect(try await backendctl("stop", "demanded").status == 0)
            let words = "stopped by pid "
            #expect(try await backendctl("list").output.contains("BACKEND_HELD: \(words)"))
            #expect(try await backendctl("get", "demanded").output.contains("held:        \(words)"))
            #expect(try await backendctl("status", "demanded").output.contains("held:     \(words)"))
            let json = try await backendctl("get", "demanded", "-o", "json").json
            #expect(json["hold"]?["uid"] == .integer(Int64(ProcessInformation.uid)))
            let resolve = try await backendctl("resolve", "m", "--allow-in-process")
            #expect(resolve.status == 4)
            #expect(
                resolve.error.hasPrefix("backendctl: FAILED_PRECONDITION BACKEND_HELD: backend demanded was stopped"))
            #expect(resolve.error.contains("; 'backendctl start demanded' starts it"))
            #expect(try await backendctl("explain", "m").output.contains("backend demanded was stopped by pid"))
            #expect(try await backendctl("start", "demanded").output == "demanded is started\n")
            #expect(try await backendctl("resolve", "m", "--allow-in-process").status == 0)
        }
    }

    @Test func `requests do not start manual and disabled backends`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            try await backendctl.expectError(
                "resolve", "n", "--allow-in-process", status: 4, prefix: "FAILED_PRECONDITION BACKEND_MANUAL: ")
            #expect(try await backendctl("disable", "demanded").output == "demanded is disabled\n")
            #expect(try await backendctl("disable", "demanded").output == "demanded was already disabled\n")
            #expect(try await backendctl("list").output.contains(" on_demand, disabled "))
            try await backendctl.expectError(
                "resolve", "m", "--allow-in-process", status: 4, prefix: "FAILED_PRECONDITION BACKEND_DISABLED: ")
            let enabled = try await backendctl("enable", "demanded", "manual")
            #expect(enabled.output == "demanded is enabled\nmanual was already enabled\n")
            #expect(try await backendctl("enable", "manual", "-o", "json").json["already_enabled"] == true)
            #expect(try await backendctl("resolve", "m", "--allow-in-process").status == 0)
            try await backendctl.expectError("enable", "x", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
        }
    }

    @Test func `a backend is created with a policy and an order`() async throws {
        try await withBackendctl { backendctl in
            let created = try await backendctl(
                "create", "a", "--type", "LOCAL", "--start", "boot", "--after", "local", "-o", "json")
            #expect(try created.json["backend"]?["start"] == "BOOT")
            #expect(try created.json["backend"]?["after"] == ["local"])
            try await backendctl.expectError(
                "create", "b", "--type", "LOCAL", "--after", "x", status: 2, prefix: "INVALID_ARGUMENT ORDER_INVALID: ")
            let wrong = try await backendctl("create", "b", "--type", "LOCAL", "--start", "now")
            #expect(wrong.status == 2 && wrong.error.contains("boot, on_demand or manual"))
        }
    }

    @Test func `a backend, a model or a process is restarted, and a fresh start ends a pause`() async throws {
        let configuration = """
            backends:
              - name: all
                type: PROCESS
                config:
                  command: [sh, -c, "echo up; exec sleep 1000", "${SOCKET}"]
                  backoff: 1h
                  backoff_limit: 1h
                  probes: {startup: {log_line: {pattern: up}, listener: any}}
              - name: each
                type: PROCESS
                config:
                  command: [sh, -c, "echo up; exec sleep 1000", "${MODEL_ID}", "${SOCKET}"]
                  scope: model
                  models: [m]
                  probes: {startup: {log_line: {pattern: up}, listener: any}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            func pid(_ name: String) async throws -> Int64 {
                let backend = try await backendctl("get", name, "-o", "json").json
                return backend["instances"]?.listValue?.first?["pid"]?.integerValue ?? 0
            }
            #expect(try await backendctl("start", "all", "each").status == 0)
            #expect(try await backendctl("load", "m").status == 0)
            let (all, each) = (try await pid("all"), try await pid("each"))
            #expect(try await backendctl("restart", "all").output == "all has restarted\n")
            #expect(
                try await backendctl("restart", "all", "--instance", "all").output
                    == "all has restarted instance all\n")
            #expect(try await pid("all") != all)
            #expect(try await backendctl("restart", "each", "--model", "m").output == "each has restarted model m\n")
            let reloaded = try await pid("each")
            #expect(reloaded != each)
            let process = try await backendctl("restart", "each", "--instance", "each/m")
            #expect(process.output == "each has restarted instance each/m\n")
            #expect(try await pid("each") != reloaded)
            #expect(try await backendctl("models", "-o", "json").json["models"]?.listValue?.first?["state"] == "READY")
            try await backendctl.expectError(
                "restart", "all", "--instance", "x", status: 3, prefix: "NOT_FOUND INSTANCE_NOT_FOUND: ")
            for wrong in [["all", "each", "--model", "m"], ["--all", "--instance", "all"]] {
                let run = try await Backendctl.run(
                    ["restart"] + wrong, environment: ["BACKENDD_SOCKET": backendctl.daemon.path])
                #expect(run.status == 2 && run.error.contains("take the name of one backend"))
            }
            try await backendctl.expectError(
                "restart", "all", "--model", "m", "--instance", "all", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")

            let victim = Int32(clamping: try await pid("all"))
            try ProcessTable.signal(try #require(ProcessTable.entry(of: victim)), .kill)
            while try await !backendctl("ps").output.contains("BACKOFF") {}
            #expect(try await backendctl("start", "all").output.hasPrefix("all was already started, and is UNREADY"))
            #expect(try await backendctl("start", "all", "--fresh").output == "all is started\n")
            #expect(try await pid("all") != Int64(victim))
        }
    }

    @Test func `an order that no boot can follow is found by the check, with its place`() async throws {
        for (text, words) in [
            ("[{name: a, type: LOCAL, after: [a]}]", "c.yaml:1:"),
            ("[{name: a, type: LOCAL, after: [b]}, {name: b, type: LOCAL, after: [a]}]", "b after a after b"),
            ("[{name: a, type: LOCAL, start: now}]", "start"),
        ] {
            let directory = try TemporaryDirectory()
            let path = try directory.write("backends: \(text)\n", to: "c.yaml")
            for arguments in [["--check-config"], ["--socket", directory.file("s")]] {
                let program = try RunningProgram([RunningDaemon.executable, "--config", path] + arguments)
                #expect(try await program.wait() == .exited(2))
                let said = await program.errors.all().joined(separator: "\n")
                #expect(said.contains(words), "\(said)")
            }
        }
    }

    @Test func `a name that no backend has is a warning with its place, and nothing waits for it`() async throws {
        let text = "backends:\n  - {name: a, type: LOCAL, start: boot, after: [x]}\n"
        let words = "names \"x\", and no backend is called that; it is not waited for until a call creates it"
        let directory = try TemporaryDirectory()
        let path = try directory.write(text, to: "c.yaml")
        let program = try RunningProgram([RunningDaemon.executable, "--config", path, "--check-config"])
        #expect(try await program.wait() == .exited(0))
        let said = await program.errors.all().joined(separator: "\n")
        #expect(said.contains("warning: \(path):2:") && said.contains(words), "\(said)")
        try await withBackendctl(configuration: text) { backendctl in
            while try await backendctl("get", "a", "-o", "json").json["state"] != "STARTED" {}
            #expect(await backendctl.daemon.errors.line { $0.contains("no backend is called that") } != nil)
            let exported = try await backendctl("config", "export")
            #expect(exported.output.contains("after: []"), "\(exported.output)")
            #expect(try await backendctl("reload").status == 0)
            #expect(await backendctl.daemon.errors.line { $0.contains("was reloaded") } != nil)
        }
    }
}
