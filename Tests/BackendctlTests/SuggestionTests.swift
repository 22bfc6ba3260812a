// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import ConfigDocument
internal import SocketRPC
import Testing
internal import TextKeys
import backendctl

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("smolm2", ["phi", "smollm2"], "did you mean 'smollm2'?"),
            ("smolm2", ["phi", "smollm*"], "did you mean a model of 'smollm*'?"),
            ("smolm2-chat", ["smollm?-*"], "did you mean a model of 'smollm?-*'?"),
            // An ID is nearer than a pattern.
            ("smolm2", ["smollm*", "smollm2"], "did you mean 'smollm2'?"),
            ("smolm2", ["*", "a*", "sm*", "phi*"], nil), ("sm", ["smollm*"], nil), ("", ["smollm*", "a"], nil),
            ("phi", [], nil), ("phi", ["phi"], nil),
        ] as [(String, [String], String?)])
    func `a model is asked about by ids and by what patterns begin with`(
        model: String, names: [String], question: String?
    ) {
        #expect(Suggestion.question(about: model, among: names) == question)
    }

    @Test(
        arguments: [
            ("comand", "did you mean 'command'?"), ("probes.startp.x", "did you mean 'probes.startup'?"),
            ("probes.startup.lg", "did you mean 'probes.startup.log'?"), ("list[7]", "see 'backendctl config get a'"),
            ("list[0].x", "see 'backendctl config get a'"), ("nosuch", "see 'backendctl config get a'"),
        ])
    func `a key that does not exist is asked about in its place`(path: String, hint: String) throws {
        let text = GoogleValue(kind: .stringValue("x"))
        let startup = GoogleValue(kind: .structValue(GoogleStruct(fields: ["log": text])))
        let probes = GoogleValue(kind: .structValue(GoogleStruct(fields: ["startup": startup])))
        let list = GoogleValue(kind: .listValue(GoogleListValue(values: [text])))
        let config = GoogleStruct(fields: ["command": text, "probes": probes, "list": list])
        let backend = BackendDescription(Backend(name: "a", type: "PROCESS", state: .stopped, config: config))
        let failure = #expect(throws: CommandFailure.self) {
            try ConfigSelection(parsing: path).report(on: backend, withOrigins: false)
        }
        #expect(failure?.reason == "PATH_NOT_FOUND")
        #expect(failure?.hint == hint)
    }
}
