// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// Whatever a daemon, a process behind it or a user says, nothing drives the terminal or forges a line.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct HostileTextTests {
    private static let commands = [
        ["types"], ["list"], ["ls"], ["get", "x"], ["get", "x", "--origins"], ["status", "x"],
        ["create", "x", "--type", "LOCAL"], ["delete", "x"], ["config", "get", "x"], ["config", "get", "x", "key"],
        ["config", "get", "x", "--origins"], ["config", "get", "x", "key", "--origins"],
        ["config", "set", "x", "a=1"], ["config", "merge", "x", "a: 1"], ["start", "x"], ["stop", "x"],
        ["restart", "x"], ["restart", "x", "--model", "m"], ["enable", "x"], ["disable", "x"], ["start", "x", "y"],
        ["stop", "--all"], ["models"], ["models", "--available"], ["load", "m"],
        ["unload", "m"], ["resolve", "m"], ["explain", "m"], ["context", "--http", "GET /"], ["logs", "x"], ["ps"],
        ["top"], ["watch", "--count", "4"], ["info"],
    ]
    /// What the user said himself comes back in errors.
    private static let ownWords = [
        [HostileDaemon.text], ["help", HostileDaemon.text], ["get", "x", "--\(HostileDaemon.text)"],
        ["list", "-o", HostileDaemon.text], ["list", "--timeout", HostileDaemon.text], ["config", HostileDaemon.text],
        ["config", "get", "x", HostileDaemon.text], ["config", "set", "x", HostileDaemon.text],
        ["config", "merge", "x", "{\(HostileDaemon.text)"], ["config", "merge", "x", "@/\(HostileDaemon.text)"],
        ["create", "x", "--type", "LOCAL", "--config", "@/\(HostileDaemon.text)"], ["context", HostileDaemon.text],
        ["context", "--http", HostileDaemon.text], ["context", "--grpc-method", "m", "--metadata", HostileDaemon.text],
        ["list", "--socket", "/nowhere/\(HostileDaemon.text)"], ["unload", HostileDaemon.text],
        ["delete", HostileDaemon.text],
    ]

    // Three hundred programs, which take minutes with a sanitizer and show it nothing new.
    @Test(.enabled(if: !Sanitizer.isOn), arguments: [false, true])
    func `no command lets text from outside act`(failing: Bool) async throws {
        try await HostileDaemon.run(failing: failing) { daemon in
            for command in Self.commands + (failing ? [] : Self.ownWords) {
                for format in [[], ["-o", "json"], ["-o", "yaml"]] {
                    let run = try await Backendctl.run(command + format, environment: ["BACKENDD_SOCKET": daemon.path])
                    Self.expectPlain(run, command + format)
                    #expect(!run.output.isEmpty || !run.error.isEmpty, "\(command)")
                    #expect(run.status < 128, "\(command)")
                    #expect(failing == (run.status == 4) || Self.ownWords.contains(command) || command[0] == "context")
                }
            }
        }
    }

    @Test(arguments: [false, true]) func `commands under a hold tell plainly what fails`(failing: Bool) async throws {
        try await HostileDaemon.run(failing: failing) { daemon in
            for command in [
                ["lock", "x", "--", "/nonexistent/\(HostileDaemon.text)"], ["use", "m", "--", "/nonexistent/y"],
            ] {
                let run = try await Backendctl.run(command, environment: ["BACKENDD_SOCKET": daemon.path])
                Self.expectPlain(run, command)
                #expect(run.status == (failing ? 4 : 127))
            }
        }
    }

    @Test func `JSON and YAML carry the text whole`() async throws {
        try await HostileDaemon.run(failing: false) { daemon in
            for format in ["json", "yaml"] {
                let run = try await Backendctl.run(
                    ["get", "x", "-o", format], environment: ["BACKENDD_SOCKET": daemon.path])
                #expect(try run.json["name"]?.stringValue == HostileDaemon.text)
                let value = try await Backendctl.run(
                    ["config", "get", "x", "key", "-o", format], environment: ["BACKENDD_SOCKET": daemon.path])
                #expect(try value.json.stringValue == HostileDaemon.text)
            }
        }
    }

    @Test func `names that are not plain do not complete`() async throws {
        try await HostileDaemon.run(failing: false) { daemon in
            let run = try await Backendctl.run(
                ["---completion", "get", "--", "positional@0", "2", "1", "backendctl", "get", ""],
                environment: ["BACKENDD_SOCKET": daemon.path, "SAP_SHELL": "bash", "SAP_SHELL_VERSION": "5.2"])
            #expect(run.output.allSatisfy { $0 == "\n" })
        }
    }

    @Test func `the daemon's own messages are plain`() async throws {
        let directory = try TemporaryDirectory()
        let key = "\"\\u202Ex\\x1B[31m\\u2028y\": 1\n"
        for (name, text) in [
            ("a", key), ("b", "backends: [{name: \(key.dropLast(4)), type: LOCAL}]\n"), ("c", "a: \u{9B}"),
        ] {
            let path = try directory.write(text, to: "\(name)\u{202E}\u{1B}.yaml")
            let run = try RunningProgram(
                [RunningDaemon.executable, "--check-config", "--config", path, "--socket", directory.file("s")])
            let status = try await run.wait()
            let (output, errors) = (await run.output.all(), await run.errors.all())
            #expect(status == .exited(2))
            #expect(!errors.isEmpty)
            #expect(Self.harmful(in: (output + errors).joined()) == [])
        }
        let usage = try RunningProgram([RunningDaemon.executable, "--\u{202E}\u{1B}[31m"])
        #expect(try await usage.wait() == .exited(2))
        #expect(Self.harmful(in: await usage.errors.all().joined()) == [])
    }

    private static func expectPlain(_ run: CommandRun, _ command: [String]) {
        for text in [run.output, run.error] {
            #expect(harmful(in: text) == [], "\(command)")
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("INJECTED") }, "\(command)")
        }
    }

    private static func harmful(in text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { $0 != "\n" && PlainText.isHarmful($0) }
    }
}
