// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing
import TextKeys

@Suite("CommandTemplate")
struct CommandTemplateTests {
    static let values: TextMap<String> = [
        "MODEL_ID": "org/m 1", "PORT": "5801", "SOCKET": "/run/s", "BACKEND": "llama",
    ]

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("${PORT}", "5801"), ("--model=${MODEL_ID}.gguf", "--model=org/m 1.gguf"),
        ("${BACKEND}${PORT}", "llama5801"), ("unix:${SOCKET}", "unix:/run/s"), ("${env.HOME}/x", "/base/x"),
        ("$$", "$"), ("$${PORT}", "${PORT}"), ("$HOME $1 $", "$HOME $1 $"), ("a$$$$b", "a$$b"), ("{PORT}", "{PORT}"),
    ])
    func `macros are replaced and nothing else`(text: String, expanded: String) throws {
        let template = try CommandTemplate(parsing: text)
        #expect(try template.expanded(Self.values, environment: ["HOME": "/base"]) == expanded)
    }

    @Test func `what a macro gives is not looked at again`() throws {
        let template = try CommandTemplate(parsing: "${MODEL_ID}")
        #expect(try template.expanded(["MODEL_ID": "${PORT}$$"], environment: [:]) == "${PORT}$$")
    }

    @Test(arguments: [
        ("${PROT}", "unknown macro ${PROT}"), ("${}", "unknown macro"), ("${env.}", "unknown macro"),
        ("${env}", "unknown macro"), ("ab${PORT", "character 3"), ("${a${PORT}}", "unknown macro"),
    ])
    func `an unknown macro is an error that names it or its place`(text: String, words: String) {
        let error = #expect(throws: Problem.self) { try CommandTemplate(parsing: text) }
        #expect(error?.description.contains(words) == true)
    }

    @Test func `names are compared by their bytes`() throws {
        #expect(throws: Problem.self) { try CommandTemplate(parsing: "${BAC\u{212A}END}") }
        let template = try CommandTemplate(parsing: "${env.caf\u{E9}}\u{301}")
        #expect(try template.expanded([:], environment: ["caf\u{E9}": "1", "cafe\u{301}": "2"]) == "1\u{301}")
        #expect(throws: Problem.self) { try template.expanded([:], environment: ["cafe\u{301}": "2"]) }
    }

    @Test func `a variable that the daemon does not have is an error`() throws {
        let template = try CommandTemplate(parsing: "${env.NOT_THERE}")
        #expect(template.macros == ["env.NOT_THERE"])
        let error = #expect(throws: Problem.self) { try template.expanded([:], environment: ["A": "b"]) }
        #expect(error?.description == "uses ${env.NOT_THERE}, which has no value")
    }
}
