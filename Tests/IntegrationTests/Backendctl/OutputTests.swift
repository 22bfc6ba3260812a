// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// Where the output goes, and what becomes of a command when it cannot go there.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct OutputTests {
    /// Runs a line of bash in which `$0` is the command line.
    private static func shell(_ backendctl: Backendctl, _ script: String) async throws -> (
        output: [String], errors: [String]
    ) {
        let program = try RunningProgram(
            ["bash", "-c", script, Backendctl.executable],
            environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": backendctl.daemon.path]) { $1 })
        return (await program.output.all(), await program.errors.all())
    }

    private static let once = [
        "types", "list", "ls", "get local", "status local", "config get local", "models", "models --available", "ps",
        "top",
        "info", "explain m", "completions bash", "--help", "help list", "--version", "list -o json", "start local",
        "start local local", "watch --count 1", "context --http 'GET /'", "logs printer",
    ]
    private static let endless = [
        "watch", "watch -o json", "logs -f printer", "logs -f printer -o json", "top --count 100000 --interval 1h",
    ]
    private static let configuration = """
        backends:
          - {name: local, type: LOCAL}
          - {name: printer, type: PROCESS, config: {command: [sh, -c, "echo one; echo two; exec sleep 1000", "${PORT}"],
             probes: {startup: {log_line: {pattern: two}, listener: any}}}}
        """

    @Test func `a reader that leaves ends a command without a word`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            #expect(try await backendctl("start", "printer").status == 0)
            for command in Self.once + Self.endless {
                for reader in ["true", "head -c1"] {
                    let run = try await Self.shell(
                        backendctl, "\"$0\" \(command) | \(reader) >/dev/null; echo \"${PIPESTATUS[0]}\"")
                    #expect(run.errors == [], "\(command)")
                    #expect(
                        run.output == ["141"] || !Self.endless.contains(command) && run.output == ["0"], "\(command)")
                }
            }
            let ignored = try await Self.shell(
                backendctl, "trap '' PIPE; \"$0\" watch | head -1; echo \"${PIPESTATUS[0]}\"")
            #expect(ignored.output.last == "141" && ignored.errors == [])
        }
    }

    @Test func `output that cannot be written is an error`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            #expect(try await backendctl("start", "printer").status == 0)
            for command in Self.once {
                let run = try await Self.shell(backendctl, "\"$0\" \(command) >/dev/full; echo $?")
                #expect(run.output == ["1"], "\(command)")
                #expect(
                    run.errors.count == 1 && run.errors[0].contains("OUTPUT_UNWRITABLE"), "\(command) \(run.errors)")
            }
            let silent = try await Self.shell(backendctl, "\"$0\" get nosuch 2>/dev/full; echo $?")
            #expect(silent.output == ["3"])
            let checked = try await Self.shell(
                backendctl,
                "\"${0%/*}/backendd\" --check-config --config '\(backendctl.daemon.directory.file("config.yaml"))'"
                    + " --socket '\(backendctl.daemon.directory.file("t"))' >/dev/full 2>/dev/null; echo $?")
            #expect(checked.output == ["1"])
            for asked in [
                "backendctl --help", "backendctl help list", "backendctl --version", "backendd --help",
                "backendd --version",
            ] {
                let run = try await Self.shell(backendctl, "\"${0%/*}\"/\(asked) >/dev/full; echo $?")
                #expect(run.output == ["1"], "\(asked)")
                #expect(run.errors.count == 1 && run.errors[0].contains("cannot write to standard output"), "\(asked)")
            }
        }
    }

    @Test func `an error is JSON if the output is, also one of the command line`() async throws {
        try await withBackendctl { backendctl in
            let commands = [
                ["get", "nosuch", "-o", "json"], ["start", "nosuch", "-ojson"], ["--output=json", "logs", "nosuch"],
                ["stop", "nosuch", "local", "-o", "json"], ["strat", "-o", "json"], ["list", "--nope", "-o", "json"],
                ["get", "-o", "json"], ["lock", "nosuch", "-o", "json", "--", "true"],
                ["use", "nosuch", "-o", "json", "--", "true"], ["use", "m", "-o", "json"],
                ["config", "get", "local", "x", "-o", "json"], ["resolve", "nosuch", "-o", "json"],
                ["list", "-o", "json", "--socket", "/nonexistent"], ["context", "-o", "json"],
                ["create", "x", "--type", "NOPE", "-o", "json"], ["top", "-o", "json", "--sort", "x"],
                ["lock", "local", "-o", "json", "--", "/nonexistent"],
            ]
            for command in commands {
                let run = try await Backendctl.run(command, environment: ["BACKENDD_SOCKET": backendctl.daemon.path])
                #expect(run.status != 0)
                #expect(run.error.filter { $0 == "\n" }.count == 1, "\(command) \(run.error)")
                let error = try ConfigText.parse(Array(run.error.utf8), name: "error").root
                #expect(error["code"]?.stringValue?.isEmpty == false, "\(command)")
                #expect(
                    error["message"]?.stringValue?.isEmpty == false && error["reason"]?.stringValue != nil, "\(command)"
                )
            }
        }
    }

    @Test func `what goes on writes one JSON value per line`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let watch = try backendctl.start("watch", "-o", "json", "--count", "3")
            _ = await watch.output.line { _ in true }
            #expect(try await backendctl("start", "printer").status == 0)
            let logs = try await backendctl("logs", "printer", "-o", "json")
            let started = try await backendctl("start", "printer", "local", "-o", "json")
            let lines =
                await watch.output.all() + (logs.output + started.output).split(separator: "\n").map { String($0) }
            #expect(lines.count == 7)
            for line in lines { #expect(try ConfigText.parse(Array(line.utf8), name: "line").root != .null) }
        }
    }
}
