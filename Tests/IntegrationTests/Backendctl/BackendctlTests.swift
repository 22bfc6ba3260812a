// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct BackendctlTests {
    @Test func `without a daemon the exit status is 7`() async throws {
        let directory = try TemporaryDirectory()
        let run = try await Backendctl.run(["list", "--socket", directory.file("s")])
        #expect(run.status == 7)
        #expect(run.error.hasPrefix("backendctl: UNAVAILABLE NO_DAEMON: "))
        #expect(run.output.isEmpty)
    }

    @Test func `the user's own socket is found without being named`() async throws {
        let directory = try TemporaryDirectory()
        let run = try await Backendctl.run(["list"], environment: ["XDG_RUNTIME_DIR": directory.path])
        #expect(run.error.contains("\(directory.path)/backendd/backendd.sock") || run.status == 0)
    }

    @Test(arguments: [
        ["bogus"], ["help", "bogus"], ["list", "--socket", ""], ["list", "--nope"], ["list", "--output", "xml"],
        ["list", "--timeout", "5"], ["get"],
    ])
    func `a wrong command line is one line and exit status 2`(arguments: [String]) async throws {
        let run = try await Backendctl.run(arguments)
        #expect(run.status == 2)
        #expect(run.error.hasPrefix("backendctl: INVALID_ARGUMENT USAGE: "))
        #expect(run.error.filter { $0 == "\n" }.count == 1)
        #expect(run.output.isEmpty)
    }

    @Test func `help tells the exit statuses and the version is told`() async throws {
        let help = try await Backendctl.run(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("\n  7  no daemon answers\n"))
        #expect(try await Backendctl.run(["help", "config", "set"]).status == 0)
        let version = try await Backendctl.run(["--version"])
        #expect(version.status == 0)
        #expect(version.output.split(separator: ".").count == 3)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `there are completions for the shell`(shell: String) async throws {
        let run = try await Backendctl.run(["completions", shell])
        #expect(run.status == 0)
        #expect(run.output.contains("backendctl"))
    }

    @Test func `the names of the backends complete`() async throws {
        try await withBackendctl(configuration: "backends: [{name: abc, type: LOCAL}, {name: xyz, type: LOCAL}]") {
            backendctl in
            let run = try await backendctl(
                "---completion", "get", "--", "positional@0", "2", "1", "backendctl", "get", "a",
                environment: ["SAP_SHELL": "bash", "SAP_SHELL_VERSION": "5.2"])
            #expect(run.output == "abc\n")
        }
    }

    @Test func `a closed output ends the command without a message`() async throws {
        try await withBackendctl { backendctl in
            let pipeline = try RunningProgram(
                [
                    "bash", "-c", "trap '' PIPE; \"$0\" list >&- 2>/dev/null; \"$0\" list | true; echo done",
                    Backendctl.executable,
                ],
                environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": backendctl.daemon.path]) { own, _ in
                    own
                })
            #expect(await pipeline.output.all() == ["done"])
            #expect(await pipeline.errors.all().isEmpty)
        }
    }
}
