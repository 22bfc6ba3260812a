// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import ConfigDocument
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ConfigFileCommandTests {
    private static let file = """
        backends:
          - {name: a, type: LOCAL, priority: 3, start: manual, after: [b], config: {models: [m], gone: 1, api_key: secret}}
          - {name: b, type: LOCAL, priority: -1}
        """

    @Test func `what is exported with secrets makes the same backends, as a file and by import`() async throws {
        let exported = Recorder<String>()
        try await withBackendctl(configuration: Self.file) { backendctl in
            _ = try await backendctl("config", "merge", "a", #"{"gone": null, "more": {"n": 1.5}}"#)
            let run = try await backendctl("config", "export", "--secrets")
            #expect(run.status == 0)
            #expect(
                try ConfigText.parse(Array(run.output.utf8), name: "export").root["backends"] == [
                    [
                        "name": "b", "type": "LOCAL", "priority": -1, "config": [:], "start": "on_demand", "after": [],
                        "apply": "next_start",
                    ],
                    [
                        "name": "a", "type": "LOCAL", "priority": 3,
                        "config": ["models": ["m"], "gone": .null, "api_key": "secret", "more": ["n": 1.5]],
                        "start": "manual", "after": ["b"], "apply": "next_start",
                    ],
                ])
            let json = try await backendctl("config", "export", "--secrets", "-o", "json").json
            #expect(json["backends"]?.listValue?.count == 2)
            exported.append(run.output)
        }
        let text = try #require(exported.elements.first)
        try await withBackendctl(configuration: text) { backendctl in
            let again = try await backendctl("config", "export", "--secrets")
            #expect(again.output == text)
        }
        try await withBackendctl(configuration: "backends: [{name: b, type: LOCAL, priority: -1}]") { backendctl in
            let run = try await backendctl("config", "import", "-", input: text)
            #expect(
                run.output == """
                    b already has this configuration, generation 1
                    a is created, type LOCAL, priority 3

                    """, "\(run.error)")
            let again = try await backendctl("config", "export", "--secrets")
            #expect(again.output == text)
        }
    }

    @Test func `an unchanged export changes nothing, also of started backends with secrets`() async throws {
        try await withBackendctl(configuration: Self.file) { backendctl in
            #expect(try await backendctl("start", "b", "a").status == 0)
            let exported = try await backendctl("config", "export", "--secrets").output
            let run = try await backendctl("config", "import", "-", input: exported)
            #expect(
                run.output == """
                    b already has this configuration, generation 1
                    a already has this configuration, generation 1

                    """)
            #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
            let json = try await backendctl("config", "import", "-", "-o", "json", input: exported)
            #expect(json.output.contains(#""changed":false"#) && json.output.contains(#""staged":false"#))
            // Neither has a layer of an owner, which would keep others from changing it.
            #expect(try await backendctl("config", "get", "a", "--origins").output.contains("owner:") == false)
        }
    }

    @Test func `what the daemon refuses is told with its place, and the rest of the file is done`() async throws {
        let text = """
            backends:
              - name: a
                type: LOCAL
                config: {api_key: other}
              - {name: b, type: LOCAL, config: {models: 3}}
              - {name: c, type: LOCAL}
              - {name: d, type: LOCAL, config: {models: {}}}
            """
        try await withBackendctl(configuration: Self.file) { backendctl in
            #expect(try await backendctl("start", "a").status == 0)
            let path = try backendctl.daemon.directory.write(text, to: "bad.yaml")
            let run = try await backendctl("config", "import", path)
            #expect(run.status == 4)
            #expect(run.output == "c is created, type LOCAL, priority 13\n")
            let lines = run.error.split(separator: "\n").map { String($0) }
            #expect(lines.count == 4, "\(run.error)")
            #expect(
                lines.first
                    == "backendctl: FAILED_PRECONDITION BACKEND_STARTED: \(path):2:5: backends[0]: cannot configure backend a"
                    + " while it is STARTED; 'backendctl stop a' stops it; --next-start keeps the change for its next start"
            )
            for (line, place) in zip(lines.dropFirst(), ["5:37: backends[1]", "7:37: backends[3]"]) {
                #expect(
                    line.hasPrefix("backendctl: INVALID_ARGUMENT CONFIG_INVALID: \(path):\(place).config.models: "),
                    "\(line)")
            }
            #expect(lines.last == "backendctl: done: c; not done: a, b, d")
            let next = try await backendctl("config", "import", "--next-start", path)
            #expect(next.output.hasPrefix("a keeps the patch for its next start\n"), "\(next.output)")
        }
    }

    @Test func `a masked secret is not taken back`() async throws {
        try await withBackendctl(configuration: Self.file) { backendctl in
            let exported = try await backendctl("config", "export").output
            #expect(exported.contains(#"api_key: "***""#), "\(exported)")
            let run = try await backendctl("config", "import", "-", input: exported)
            #expect(run.status == 2)
            #expect(
                run.error.hasPrefix(
                    "backendctl: INVALID_ARGUMENT SECRET_MASKED: backends[1].config.api_key of backend a is a masked secret"
                ),
                "\(run.error)")
        }
    }

    @Test(arguments: [
        ("{}", "standard input:1:1: backends: is missing"),
        ("backends: [{name: x}]", "standard input:1:12: backends[0].type: is missing"),
        ("backends: [{name: x, type: LOCAL, priority: 1.5}]", "backends[0].priority: is the number 1.5"),
        ("backends:\n- {name: x, type: LOCAL}\n- {name: y, type: LOCAL, strat: boot}", "standard input:3:26: "),
        ("backends: [{name: x, type: LOCAL, conf: {}}]", "backends[0].conf: unknown key"),
        ("backends: [{name: x, type: LOCAL, after: b}]", "backends[0].after: "),
        ("backends: [{name: x, type: LOCAL, apply: nonsense}]", "backends[0].apply: "),
        ("backends: [{name: x, type: LOCAL, enabled: false}]", "backends[0].enabled: unknown key"),
        ("backends: [{name: x, type: LOCAL}, {name: x, type: LOCAL}]", "backend x is listed twice"),
        ("backends: [{name: x, type: LOCAL}, {name: y, type: LOCAL, after: [z]}]", "ORDER_INVALID"),
        (
            "backends: [{name: x, type: LOCAL, after: [y]}, {name: y, type: LOCAL, after: [x]}]",
            "makes a cycle with x, y"
        ),
        ("backends: [{name: x, type: LOCAL}, {name: a, type: REMOTE}]", "backend a is of type LOCAL, not REMOTE"),
    ])
    func `a file that does not fit is refused before anything is created`(text: String, words: String) async throws {
        try await withBackendctl(configuration: Self.file) { backendctl in
            let run = try await backendctl("config", "import", "-", input: text)
            #expect(run.status == 2)
            #expect(run.error.contains(words), "\(run.error)")
            #expect(try await backendctl.daemon.backends() == ["b", "a"])
        }
    }

    @Test func `entries are created in the order of after, with the priorities that their places give them`()
        async throws
    {
        let text = """
            backends:
              - {name: x, type: LOCAL, after: [y, b], apply: now}
              - {name: y, type: LOCAL, after: [z]}
              - {name: z, type: LOCAL}
            """
        try await withBackendctl(configuration: Self.file) { backendctl in
            let run = try await backendctl("config", "import", "-", input: text)
            #expect(
                run.output == """
                    z is created, type LOCAL, priority 33
                    y is created, type LOCAL, priority 23
                    x is created, type LOCAL, priority 13; only the daemon's own file can set apply

                    """, "\(run.error)")
        }
    }

    @Test func `what is exported after a deletion is a file that the daemon takes`() async throws {
        let text = "backends: [{name: a, type: LOCAL, after: [b]}, {name: b, type: LOCAL}]"
        try await withBackendctl(configuration: text) { backendctl in
            #expect(try await backendctl("delete", "b").status == 0)
            let exported = try await backendctl("config", "export", "--secrets").output
            #expect(!exported.contains("- b"), "\(exported)")
            let path = try backendctl.daemon.directory.write(exported, to: "exported.yaml")
            let program = try RunningProgram([RunningDaemon.executable, "--config", path, "--check-config"])
            #expect(try await program.wait() == .exited(0))
            #expect(await program.errors.all().isEmpty)
        }
    }

    @Test func `what was imported is the same after a restart, and its events go on`() async throws {
        let directory = try TemporaryDirectory()
        func start() async throws -> Backendctl {
            Backendctl(
                daemon: try await RunningDaemon.start(
                    configuration: "backends: []",
                    environment: ["BACKENDD_STATE_DIRECTORY": directory.file("state")], in: directory))
        }
        let first = try await start()
        #expect(try await first("config", "import", "-", input: Self.file).status == 0)
        let exported = try await first("config", "export", "--secrets").output
        try await first.daemon.stop()
        let second = try await start()
        #expect(try await second("config", "export", "--secrets").output == exported)
        // Each run has told of both.
        #expect(try await second.daemon.info().sequence == 4)
        try await second.daemon.stop()
    }
}
