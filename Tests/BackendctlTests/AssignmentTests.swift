// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import ConfigDocument
import Testing
import backendctl

@Suite struct AssignmentTests {
    @Test(
        arguments: [
            ("a=1", ["a": 1]), ("a.b=x y", ["a": ["b": "x y"]]), ("a.b=250ms", ["a": ["b": "250ms"]]),
            ("a=\"3\"", ["a": "3"]), ("a=true", ["a": true]), ("a=null", ["a": .null]), ("a=", ["a": ""]),
            ("a=b=c", ["a": "b=c"]), ("a=[1, 2]", ["a": [1, 2]]),
            ("a={\"b\": {\"c\": null}}", ["a": ["b": ["c": .null]]]),
            ("\"a.b=c\".d=1", ["a.b=c": ["d": 1]]), ("\"a\\\"=\"=1", ["a\"=": 1]), ("a=1.5", ["a": 1.5]),
        ] as [(String, ConfigValue)])
    func `an assignment is a patch`(text: String, patch: ConfigValue) throws {
        #expect(try Assignment.patch([Assignment(parsing: text)]) == patch)
    }

    @Test func `several assignments are one patch, with its nulls`() throws {
        let assignments = try ["a.b=1", "a.c=null", "d=2"].map { try Assignment(parsing: $0) }
        #expect(try Assignment.patch(assignments) == ["a": ["b": 1, "c": .null], "d": 2])
    }

    @Test(arguments: ["a", "=1", "a..b=1", "a[=1", "a=[1"])
    func `text that is not an assignment is wrong usage`(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try Assignment(parsing: text) }
        #expect(failure?.status == .usage)
    }

    @Test(arguments: [["a=1", "a=2"], ["a=1", "a.b=2"], ["a.b=1", "a=2"], ["a[0]=1"]])
    func `assignments that do not make one patch are wrong usage`(texts: [String]) {
        let failure = #expect(throws: CommandFailure.self) {
            try Assignment.patch(texts.map { try Assignment(parsing: $0) })
        }
        #expect(failure?.reason == "ASSIGNMENT_INVALID")
    }
}
