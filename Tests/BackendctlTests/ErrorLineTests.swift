// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing
import backendctl

@Suite struct ErrorLineTests {
    @Test func `an error is a line with code, reason, message and hint`() {
        let error = BackendClientError(.notFound, reason: "BACKEND_NOT_FOUND", "no backend \"x\"")
        #expect(
            ErrorLine(error).description
                == "backendctl: NOT_FOUND BACKEND_NOT_FOUND: no backend \"x\"; see 'backendctl list'")
    }

    @Test func `a hint names the backend that the error is about`() {
        let error = BackendClientError(
            .aborted, reason: "GENERATION_MOVED", "it moved", metadata: ["backend": "assistant"])
        #expect(ErrorLine(error).description.hasSuffix("; read it again with 'backendctl get assistant'"))
    }

    @Test func `an unknown reason falls back to the hint of the code, or to none`() {
        let timeout = BackendClientError(.deadlineExceeded, reason: "NEW_REASON", "too late")
        #expect(ErrorLine(timeout).hint == "allow more time with --timeout")
        #expect(ErrorLine(BackendClientError(.unknown, "oops")).description == "backendctl: UNKNOWN: oops")
        let full = BackendClientError(.resourceExhausted, "full", retryAfter: .seconds(2))
        #expect(ErrorLine(full).hint == "try again later, after 2.0 seconds")
    }

    @Test func `whatever the daemon says stays one line without control characters`() {
        let error = BackendClientError(.internal, "a\nb\u{1B}[31m\u{202E}c")
        #expect(ErrorLine(error).description == "backendctl: INTERNAL: a\\nb\\u{1b}[31m\\u{202e}c")
    }

    @Test func `violations that the message does not tell are added`() {
        let violations = [
            BackendClientError.FieldViolation(field: "config.a", description: "unknown key"),
            BackendClientError.FieldViolation(field: "config.b", description: "not a number"),
        ]
        let error = BackendClientError(.invalidArgument, "unknown key at config.a", violations: violations)
        #expect(ErrorLine(error).message == "unknown key at config.a [config.b: not a number]")
    }

    @Test(
        arguments: [
            (["bogus"], ""), (["start"], " start"), (["--socket", "/s", "start"], " start"),
            (["config", "set"], " config set"),
            (["config", "nope"], " config"), ([], ""), (["--nope"], ""),
        ] as [([String], String)])
    func `a wrong command line points to the help that is there`(arguments: [String], help: String) {
        let failure = UsageProblem.failure("Error: it is\nwrong", arguments)
        #expect(failure.message == "it is wrong")
        #expect(failure.hint == "see 'backendctl\(help) --help'")
        #expect(failure.status == .usage)
    }
}
