// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// The commands about models, on the daemon as it is installed, with processes that are real.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ModelCommandTests {
    private static let configuration = """
        backends:
          - name: big
            type: PROCESS
            config: {command: ["no-such-model-server", "${PORT}"], models: ["huge"]}
          - name: small
            type: PROCESS
            config:
              command: [sh, -c, 'echo "serving $0"; echo trouble >&2; exec python3 -c "$2" "$1"', "${MODEL_ID}", "${SOCKET}",
                "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); time.sleep(1000)"]
              scope: model
              models: ["tiny*"]
              backoff: 1ms
              drain_timeout: 100ms
              probes: {startup: {log_line: {pattern: serving}, listener: any}}
        """

    @Test func `a model is explained, resolved, listed, logged and unloaded`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let explained = try await backendctl("explain", "tiny-1")
            #expect(explained.status == 0)
            #expect(explained.output.contains("big      PROCESS  STOPPED  NOT_LOADED  SKIP"))
            #expect(explained.output.hasSuffix("the answer would come from small\n"))
            let resolved = try await backendctl("resolve", "tiny-1")
            #expect(resolved.status == 0)
            #expect(resolved.output.hasPrefix("unix:/"))
            let json = try await backendctl("resolve", "tiny-1", "--no-start", "-o", "json").json
            #expect(json["endpoint"]?["instance"] == "small/tiny-1")
            #expect(json["skipped"]?.listValue?.first?["reason"] == "MODEL_NOT_SERVED")
            let models = try await backendctl("models")
            #expect(models.output.contains("tiny-1  small    READY"))
            let shown = try await backendctl("get", "small")
            #expect(shown.output.contains("small/tiny-1 READY, pid "))
            let logs = try await backendctl("logs", "small", "tiny-1")
            #expect(logs.output.contains("small/tiny-1  out  serving tiny-1\n"))
            #expect(logs.output.contains("small/tiny-1  err  trouble\n"))
            #expect(logs.output.hasPrefix("20"))
            let bare = try await backendctl("logs", "small", "tiny-1", "--no-time", "--since", "1h")
            #expect(bare.output.hasPrefix("small/tiny-1  "))
            #expect(try await backendctl("models", "--available").output.contains("tiny*  small    PROCESS  STARTED"))
            let calls = backendctl.daemon.errors.lines.filter { $0.contains("ResolveModel") }
            #expect(calls.count == 1)
            #expect(calls.first?.contains("backend=small ") == true && calls.first?.contains("result=OK") == true)
            let errors = try await backendctl("logs", "small", "--stderr", "-n", "1", "-o", "json").json
            #expect(errors["text"] == "trouble")
            #expect(try await backendctl("unload", "tiny-1").output == "tiny-1 is unloaded\n")
            #expect(try await backendctl("unload", "tiny-1").output == "tiny-1 was not loaded\n")
            let loaded = try await backendctl("load", "tiny-1", "--backend", "small")
            #expect(loaded.output.hasPrefix("tiny-1 is loaded in small at unix:/"))
            #expect(try await backendctl("load", "tiny-1").output.hasPrefix("tiny-1 was already loaded"))
        }
    }

    @Test func `what fails says why and what to do`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let start = try await backendctl("start", "big")
            #expect(start.status != 0)
            #expect(start.error.contains("PROGRAM_NOT_FOUND"))
            #expect(start.error.contains("no-such-model-server"))
            let unknown = try await backendctl("resolve", "other")
            #expect(unknown.status == 3)
            #expect(unknown.error.contains("MODEL_NOT_FOUND"))
            #expect(unknown.error.contains("backendctl explain"))
            #expect(try await backendctl("logs", "small").error.contains("LOGS_NOT_FOUND"))
            let exits = "{\"command\": [\"sh\", \"-c\", \"exit 3\", \"${PORT}\"]}"
            _ = try await backendctl("create", "brief", "--type", "PROCESS", "--config", exits)
            #expect(try await backendctl("start", "brief").error.hasSuffix("; see 'backendctl logs brief'\n"))
            _ = try await backendctl("load", "tiny-1")
            let explained = try await backendctl("explain", "tinny-1")
            #expect(explained.output.hasSuffix("no backend would answer; did you mean 'tiny-1'?\n"))
            for command in [["unload"], ["load"], ["resolve"], ["logs", "small"]] {
                let run = try await Backendctl.run(
                    command + ["tinny-1"], environment: ["BACKENDD_SOCKET": backendctl.daemon.path])
                #expect(run.status == 3, "\(command)")
                #expect(run.error.contains("did you mean") && run.error.contains("tiny-1"), "\(command)")
            }
            let elsewhere = try await backendctl("load", "tiny-2", "--backend", "big")
            #expect(elsewhere.error.hasSuffix("; see 'backendctl explain tiny-2'\n"))
            let used = try backendctl.start("use", "tiny-1", "--", "sh", "-c", "echo held; exec sleep 1000")
            _ = await used.output.line { $0 == "held" }
            #expect(try await backendctl("stop", "small").status == 0)
            #expect(try await used.wait() == .exited(4))
            let lost = await used.errors.all().first ?? ""
            #expect(lost.contains("MODEL_UNLOADED: backend small was stopped while model \"tiny-1\" was in use"))
        }
    }

    @Test func `a backend in the caller's process hides no server after it`() async throws {
        let configuration = """
            backends:
              - {name: mine, type: LOCAL, config: {models: ["*"]}}
              - {name: far, type: REMOTE, config: {remote_models: {m: {hostname: "127.0.0.1:9"}}}}
              - {name: mute, type: PROCESS, config: {command: [/bin/sh, -c, "sleep 600"]}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            #expect(try await backendctl("resolve", "m").output == "127.0.0.1:9\n")
            #expect(try await backendctl("explain", "m").output.contains("the answer would come from far\n"))
            #expect(try await backendctl("resolve", "m", "--allow-in-process").output == "IN_PROCESS\n")
            let asked = try await backendctl("explain", "m", "--allow-in-process").output
            #expect(asked.contains("the answer would come from mine\n"))
            let script = "echo $BACKENDCTL_MODEL_KIND"
            #expect(try await backendctl("use", "m", "--", "sh", "-c", script).output == "ADDRESS\n")
            // A process that has no address says so, before and after its start, and is not offered.
            let prefix = "FAILED_PRECONDITION ADDRESS_MISSING: "
            try await backendctl.expectError("resolve", "mute", status: 4, prefix: prefix)
            #expect(try await backendctl("start", "mute").status == 0)
            try await backendctl.expectError("resolve", "mute", status: 4, prefix: prefix)
            #expect(try await !backendctl("models", "--available").output.contains("mute"))
        }
    }

    @Test func `a model in the caller's process is an error if an address is required`() async throws {
        let configuration = "backends: [{name: l, type: LOCAL, config: {models: [mine]}}]"
        try await withBackendctl(configuration: configuration) { backendctl in
            let prefix = "FAILED_PRECONDITION MODEL_IN_PROCESS: "
            try await backendctl.expectError("resolve", "mine", status: 4, prefix: prefix)
            let refused = try await backendctl("resolve", "mine", "-o", "json")
            #expect(refused.status == 4)
            #expect(refused.error.contains(#""reason":"MODEL_IN_PROCESS""#))
            let allowed = try await backendctl("resolve", "mine", "--allow-in-process")
            #expect(allowed.output == "IN_PROCESS\n")
            let json = try await backendctl("resolve", "mine", "--allow-in-process", "-o", "json").json
            #expect(json["endpoint"]?["kind"] == "IN_PROCESS")
            try await backendctl.expectError("use", "mine", "--", "true", status: 4, prefix: prefix)
            let script = "echo $BACKENDCTL_MODEL_KIND${BACKENDCTL_MODEL_ADDRESS-, no address}"
            let use = try await backendctl("use", "mine", "--allow-in-process", "--", "sh", "-c", script)
            #expect(use.output == "IN_PROCESS, no address\n")
            #expect(try await backendctl("explain", "mine").output.contains("in the caller's process"))
            try await backendctl.expectError("resolve", "other", status: 3, prefix: "NOT_FOUND MODEL_NOT_FOUND: ")
        }
    }

    @Test func `a mistyped model starts nothing`() async throws {
        let configuration = """
            backends:
              - {name: gpt-oss, type: PROCESS, config: {command: [sh, -c, 'exec sleep 1000', "${PORT}"]}}
              - {name: faulty, type: FAULTY}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            for model in ["nosuch", "gpt-oss-typo"] {
                try await backendctl.expectError("resolve", model, status: 3, prefix: "NOT_FOUND MODEL_NOT_FOUND: ")
            }
            let backends = try await backendctl("list", "-o", "json").json["backends"]?.listValue
            #expect(backends?.map { $0["state"] } == ["STOPPED", "STOPPED"])
        }
    }

    @Test func `a refused route fails, and so does the context command`() async throws {
        let configuration = """
            backends:
              - name: r
                type: REMOTE
                config: {connection: {hostname: "127.0.0.1:8033"}, route_allow: ["10.0.0.0/8"]}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            #expect(try await backendctl("resolve", "m").output == "127.0.0.1:8033\n")
            let (method, route) = ("/p.S/M", "x-route-info=169.254.169.254:80")
            let prefix = "PERMISSION_DENIED ROUTE_NOT_ALLOWED: "
            let refused = try await backendctl("resolve", "m", "--grpc-method", method, "--metadata", route)
            #expect(refused.status == 5 && refused.output.isEmpty)
            #expect(refused.error.contains(prefix))
            let context = try await backendctl(
                "context", "--model-id", "m", "--grpc-method", method, "--metadata", route)
            #expect(context.status == 5)
            #expect(context.output.contains("FAILED"))
        }
    }

    @Test func `an invalid model ID is refused by every command that takes one`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let context = ["--grpc-method", "/p.S/M"]
            for id in [
                "../../x", "/a", "a//b", "a/../b", "", "\u{202E}a", "a\u{9B}b", String(repeating: "x", count: 256),
            ] {
                let commands: [[String]] = [
                    ["load", id], ["unload", id], ["resolve", id], ["explain", id], ["use", id, "--", "true"],
                    ["logs", "small", id], ["context", "--model-id", id] + context,
                ]
                for command in commands {
                    let run = try await Backendctl.run(
                        command, environment: ["BACKENDD_SOCKET": backendctl.daemon.path])
                    #expect(run.status == 2, "\(command)")
                    #expect(
                        run.error.hasPrefix("backendctl: INVALID_ARGUMENT MODEL_ID_INVALID: "),
                        "\(command): \(run.error)")
                }
            }
        }
    }

    @Test func `the daemon takes its processes along when it ends`() async throws {
        let pids = Recorder<Int32>()
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            _ = try await backendctl("load", "tiny-1")
            let json = try await backendctl("get", "small", "-o", "json").json
            let pid = Int32(json["instances"]?.listValue?.first?["pid"]?.integerValue ?? 0)
            #expect(ProcessTable.entry(of: pid) != nil)
            pids.append(pid)
        }
        #expect(pids.elements.map { ProcessTable.entry(of: $0)?.isZombie ?? true } == [true])
    }

    @Test func `a command uses a model, which stays meanwhile`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let script = """
                echo "$BACKENDCTL_MODEL_ID in $BACKENDCTL_MODEL_BACKEND at $BACKENDCTL_MODEL_ADDRESS"
                \(Backendctl.executable) models; exit 9
                """
            let run = try await backendctl("use", "tiny-1", "--", "sh", "-c", script)
            #expect(run.status == 9)
            #expect(run.error.isEmpty)
            #expect(run.output.hasPrefix("tiny-1 in small at unix:/"))
            #expect(run.output.contains("tiny-1  small    READY  1 "))
            #expect(try await backendctl("models").output.contains("tiny-1  small    READY  0 "))
            try await backendctl.expectError(
                "use", "tiny-1", "--", "/nonexistent", status: 127, prefix: "INTERNAL COMMAND_NOT_RUN: ")
            try await backendctl.expectError("use", "tiny-1", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            try await backendctl.expectError(
                "use", "other", "--", "true", status: 3, prefix: "NOT_FOUND MODEL_NOT_FOUND: ")
        }
    }

    @Test func `a model that is taken away ends the command with SIGTERM`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let script = "trap 'echo told; exit 0' TERM; echo held; while :; do sleep 0.1; done"
            let program = try backendctl.start("use", "tiny-1", "--", "sh", "-c", script)
            _ = await program.output.line { $0 == "held" }
            #expect(try await backendctl("unload", "tiny-1", "--force").status == 0)
            #expect(try await program.wait() == .exited(4))
            #expect(await program.output.all() == ["held", "told"])
            #expect(await program.errors.all().first?.contains("MODEL_UNLOADED") == true)
        }
    }

    @Test func `what the processes take is a table, or lines of JSON`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            _ = try await backendctl("load", "tiny-1")
            let table = try await backendctl("top").output.split(separator: "\n")
            #expect(table.first?.hasPrefix("NAME") == true)
            #expect(table.dropFirst().map { $0.prefix { $0 != " " } } == ["big", "small", ""])
            #expect(table.last?.hasPrefix("  tiny-1  READY    yes ") == true)
            let lines = try await backendctl("top", "--count", "2", "--interval", "100ms", "-o", "json").output
            #expect(lines.split(separator: "\n").count == 2)
            try await backendctl.expectError(
                "top", "--interval", "1ms", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
        }
    }

    /// Runs a command on a terminal and gives what the terminal gets.
    private static func onTerminal(_ backendctl: Backendctl, _ command: String) async throws -> String {
        // Nothing is typed, and the keyboard stays.
        let (keyboard, number) = try RawPeer.pair()
        let input = FileDescriptor(adopting: number)
        let program = try RunningProgram(
            ["script", "-qec", "\(Backendctl.executable) \(command)", "/dev/null"],
            environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": backendctl.daemon.path]) { $1 },
            input: .descriptor(input.rawValue))
        let lines = await program.output.all()
        withExtendedLifetime((keyboard)) {}
        _ = consume input
        return lines.joined(separator: "\n")
    }

    @Test func `a terminal shows what is waited for, and a live table`() async throws {
        let configuration = """
            backends:
              - name: slow
                type: PROCESS
                config:
                  command: [sh, -c, 'sleep 2.5; echo serving; exec sleep 1000', "${SOCKET}"]
                  scope: model
                  models: [m]
                  probes: {startup: {log_line: {pattern: serving}, listener: any}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            let load = try await Self.onTerminal(backendctl, "load m")
            #expect(load.contains("\r\u{1B}[Kwaiting 0s for model m: slow/m STARTING\r\u{1B}[K"))
            #expect(load.contains("m is loaded in slow at unix:"))
            let table = try await Self.onTerminal(backendctl, "top --count 2 --interval 100ms")
            #expect(table.split(separator: "\u{1B}[H", omittingEmptySubsequences: false).count == 3)
            #expect(table.contains("1 process") && table.contains("slow"))
            // What does not take long shows nothing.
            #expect(try await !Self.onTerminal(backendctl, "unload m2").contains("waiting"))
        }
    }
}
