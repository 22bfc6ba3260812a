// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import ConfigDocument
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
        ("{}", "the file has no list 'backends'"), ("backends: [{name: x}]", "backends[0] needs a name and a type"),
        ("backends: [{name: x, type: LOCAL, priority: 1.5}]", "backends[0].priority must be a whole number"),
        ("backends: [{name: a, type: REMOTE}]", "backend a is of type LOCAL, not REMOTE"),
    ])
    func `a file that does not fit is refused`(text: String, words: String) async throws {
        try await withBackendctl(configuration: Self.file) { backendctl in
            let run = try await backendctl("config", "import", "-", input: text)
            #expect(run.status == 2)
            #expect(run.error.contains(words), "\(run.error)")
        }
    }
}
