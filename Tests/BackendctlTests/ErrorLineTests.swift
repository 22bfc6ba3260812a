// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing
import backendctl

@Suite struct ErrorLineTests {
    @Test func `an error is a line with code, reason, message and hint`() {
        let error = BackendClientError(.aborted, reason: .notSent, "it is \"x\"")
        #expect(ErrorLine(error).description == "backendctl: ABORTED NOT_SENT: it is \"x\"; try again")
    }

    @Test func `a hint after a question is a sentence of its own`() {
        let error = BackendClientError(.notFound, reason: .backendNotFound, "is it there?")
        #expect(
            ErrorLine(error).description
                == "backendctl: NOT_FOUND BACKEND_NOT_FOUND: is it there? see 'backendctl list'")
    }

    @Test func `a hint names the backend that the error is about`() {
        let error = BackendClientError(
            .aborted, reason: .generationMoved, "it moved", metadata: ["backend": "assistant"])
        #expect(ErrorLine(error).description.hasSuffix("; read it again with 'backendctl get assistant'"))
    }

    @Test func `an error without a reason, or with an unknown one, falls back to the hint of the code, or to none`() {
        #expect(ErrorLine(BackendClientError(.deadlineExceeded, "late")).hint == "allow more time with --timeout")
        #expect(
            ErrorLine(BackendClientError(.deadlineExceeded, reason: FailureReason(rawValue: "NEW_REASON"), "late")).hint
                == nil)
        #expect(ErrorLine(BackendClientError(.unknown, "oops")).description == "backendctl: UNKNOWN: oops")
        let full = BackendClientError(.resourceExhausted, "full", retryAfter: .seconds(2))
        #expect(ErrorLine(full).hint == "try again after 2s")
    }

    @Test func `a hint fits the reason, not the code alone`() {
        let route = BackendClientError(.permissionDenied, reason: .routeNotAllowed, "the route is not allowed")
        #expect(ErrorLine(route).hint == nil)
        let peer = BackendClientError(.permissionDenied, reason: .socketForbidden, "not allowed")
        #expect(ErrorLine(peer).hint == "run as the user of the daemon, or as root")
        let load = BackendClientError(.deadlineExceeded, reason: .loadTimeout, "it did not start in 5m")
        #expect(ErrorLine(load).hint == "raise load_timeout in its configuration if it needs longer")
    }

    @Test func `a hint says nothing that the message says`() {
        let full = BackendClientError(.resourceExhausted, reason: .waitersFull, "64 callers wait; try again later")
        #expect(ErrorLine(full).hint == nil)
        let drain = BackendClientError(
            .unavailable, reason: .serverDraining, "takes no new calls; try again later", retryAfter: .seconds(1))
        #expect(ErrorLine(drain).hint == nil)
        #expect(ErrorLine(BackendClientError(.unavailable, "it is gone")).hint == "try again later")
    }

    @Test(arguments: [
        "BACKEND_EXISTS", "CONFIG_CONFLICT", "GENERATION_MOVED", "MODEL_NOT_FOUND",
        "MODEL_UNAVAILABLE", "BACKEND_NOT_STARTED", "EXITED", "CRASH_LOOP", "PROGRAM_NOT_FOUND", "START_FAILED",
    ])
    func `a hint names what the error is about, or is left out`(reason: String) {
        let reason = FailureReason(rawValue: reason)
        let named = BackendClientError(.aborted, reason: reason, "x", metadata: ["backend": "llama", "model": "m"])
        let hint = ErrorLine(named).hint
        #expect(hint?.contains("llama") == true || hint?.contains("explain m'") == true)
        #expect(ErrorLine(BackendClientError(.aborted, reason: reason, "x")).hint == nil)
    }

    @Test func `lines of a message stay lines, indented, without control characters`() {
        let error = BackendClientError(.internal, "a\nb\u{1B}[31m\u{202E}c")
        #expect(ErrorLine(error).description == "backendctl: INTERNAL: a\n  b\\u{1b}[31m\\u{202e}c")
    }

    @Test func `as JSON an error is one object on one line`() {
        let error = BackendClientError(
            .invalidArgument, reason: .configInvalid, "a\nb",
            violations: [.init(field: "config.a", description: "bad")])
        let text = ErrorLine(error).rendered(as: .json)
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(text.contains(#""code": "INVALID_ARGUMENT""#) || text.contains(#""code":"INVALID_ARGUMENT""#))
        #expect(text.contains("config.a"))
    }

    @Test(
        arguments: [
            (["get", "-o", "json"], .json), (["--output=yaml", "get"], .yaml), (["-ojson", "list"], .json),
            (["lock", "a", "--", "x", "-o", "json"], .table), (["get", "-o", "xml"], .table), (["get", "-o"], .table),
        ] as [([String], OutputFormat)])
    func `errors are written as the results would be`(arguments: [String], format: OutputFormat) {
        #expect(GlobalArguments.output(arguments) == format)
    }

    @Test(arguments: [
        ("strat", "start"), ("satus", "status"), ("modles", "models"), ("reslove", "resolve"), ("stat", "status"),
        ("rm", "delete"),
        ("show", "get"), ("describe", "get"), ("version", "info"),
    ])
    func `a mistyped command is met with the one that was meant`(word: String, command: String) {
        for arguments in [[word], [word, "-o", "json"], ["--socket", "/s", word], [word, "--nope"]] {
            let failure = UsageProblem.failure("Unknown option '-o'", arguments)
            #expect(failure.message == "unknown command \"\(word)\"")
            #expect(failure.hint == "did you mean 'backendctl \(command)'? see 'backendctl --help'")
        }
        #expect(UsageProblem.unknownTopic(["help", word])?.hint == failureHint(command))
    }

    private func failureHint(_ command: String) -> String {
        "did you mean 'backendctl \(command)'? see 'backendctl --help'"
    }

    @Test func `help knows every command, and the two words of some`() {
        #expect(UsageProblem.unknownTopic(["help"]) == nil)
        #expect(UsageProblem.unknownTopic(["help", "ls"]) == nil)
        #expect(UsageProblem.unknownTopic(["help", "config", "set"]) == nil)
        #expect(UsageProblem.unknownTopic(["list", "nope"]) == nil)
        #expect(UsageProblem.unknownTopic(["--socket", "/s", "help", "ls"]) == nil)
        #expect(UsageProblem.unknownTopic(["-o", "json", "help", "nope"]) != nil)
        #expect(UsageProblem.unknownTopic(["help", "config", "st"])?.hint?.contains("'backendctl config set'") == true)
    }

    @Test(
        arguments: [
            (["create", "x", "--tpye", "LOCAL"], "Missing expected argument '--type <type>'", "--type"),
            (["config", "set", "x", "a=1", "--onwer=y"], "Unknown option '--onwer'", "--owner"),
            (["list", "--outptu", "json"], "Unknown option '--outptu'. Did you mean '--output'?", "--output"),
        ] as [([String], String, String)])
    func `a mistyped option is met with the one that was meant`(arguments: [String], message: String, option: String) {
        let failure = UsageProblem.failure("Error: " + message, arguments)
        #expect(failure.hint?.hasPrefix("did you mean '\(option)'? see 'backendctl ") == true)
        #expect(!failure.message.contains("Did you mean"))
    }

    @Test(
        arguments: [
            (["stop", "--now", "web"], "--now", "--all"), (["stop", "--wait", "web"], "--wait", "--all"),
            (["config", "merge", "web", "{}", "--file", "x"], "--file", "--force"),
            (["resolve", "m", "--wait", "3s"], "--wait", "--no-wait"),
            (["create", "--name", "x", "--type", "LOCAL"], "--name", "--type"),
        ] as [([String], String, String)])
    func `an option that is far from all others is met with no guess`(
        arguments: [String], option: String, guess: String
    ) {
        let failure = UsageProblem.failure("Error: Unknown option '\(option)'. Did you mean '\(guess)'?", arguments)
        #expect(failure.message == "Unknown option '\(option)'" || failure.message == "unknown option '\(option)'")
        #expect(failure.hint?.hasPrefix("see 'backendctl ") == true, "\(failure.hint ?? "")")
    }

    @Test(arguments: ["lock", "use"])
    func `a command without a timeout names what limits its wait`(command: String) {
        let failure = UsageProblem.failure("Error: Unknown option '--timeout'", [command, "a", "--timeout", "1m"])
        #expect(failure.hint?.hasPrefix("did you mean '--wait'?") == true)
    }

    @Test(arguments: [["-o", "json"], ["--socket=/s"], ["-ojson", "--timeout", "1s"], ["-o", "yaml", "config"]])
    func `options alone do not make a command`(arguments: [String]) {
        let failure = UsageProblem.failure("Error: Unknown option '-o'", arguments)
        #expect(failure.message == "the command is missing")
        #expect(failure.hint == "see 'backendctl\(arguments.last == "config" ? " config" : "") --help'")
    }

    @Test func `a mistyped option is named, not the one that is missing`() {
        let failure = UsageProblem.failure(
            "Error: Missing expected argument '--type <type>'", ["create", "x", "--typ", "LOCAL"])
        #expect(failure.message == "unknown option '--typ'")
    }

    @Test(arguments: [["top", "--interval", "-1s"], ["logs", "a", "--since", "-5m"], ["logs", "a", "-n", "-5"]])
    func `a negative value is reported as negative`(arguments: [String]) {
        let (option, value) = (arguments[arguments.count - 2], arguments[arguments.count - 1])
        let failure = UsageProblem.failure("Error: Missing value for '\(option) <x>'", arguments)
        #expect(failure.message == "the value of '\(option)' must not be negative, but is \(value)")
        #expect(failure.hint?.hasPrefix("see 'backendctl ") == true)
    }

    @Test func `what comes after -- belongs to another program`() {
        #expect(UsageProblem.failure("x", ["lock", "a", "--", "ls", "--wiat"]).hint == "see 'backendctl lock --help'")
    }

    @Test func `the values of a choice are listed in one sentence`() {
        let words =
            "Error: The value 'x' is invalid for '--sort <sort>'. Please provide one of the following:\n  - name\n  - cpu"
        let message = "The value 'x' is invalid for '--sort <sort>'; give one of these: name, cpu"
        #expect(UsageProblem.failure(words, ["top"]).message == message)
    }

    @Test func `an error about one of several backends names it`() {
        let late = BackendClientError(.deadlineExceeded, "too late")
        #expect(ErrorLine(late, about: "llama").message == "llama: too late")
        #expect(ErrorLine(BackendClientError(.notFound, "no llama"), about: "llama").message == "no llama")
    }

    @Test func `a mistyped name is met with the one that was meant`() {
        #expect(Suggestion.text("lama", ["llama", "local"]) == "did you mean 'llama'?")
        #expect(Suggestion.text("granite", ["llama", "local"]) == nil)
        #expect(Suggestion.text("a", nil) == nil)
    }

    @Test func `a message that asks what was meant gets no other advice`() {
        let error = BackendClientError(
            .invalidArgument, reason: .configInvalid, "unknown key; did you mean \"command\"?")
        #expect(ErrorLine(error).hint == nil)
        let plain = BackendClientError(.notFound, reason: .backendNotFound, "no backend is called \"x\"")
        #expect(ErrorLine(plain).hint == "see 'backendctl list'")
    }

    @Test func `violations that the message does not contain are added`() {
        let violations = [
            BackendClientError.FieldViolation(field: "config.a", description: "unknown key"),
            BackendClientError.FieldViolation(field: "config.b", description: "not a number"),
        ]
        let error = BackendClientError(.invalidArgument, "unknown key at config.a", violations: violations)
        #expect(ErrorLine(error).description.contains("unknown key at config.a [config.b: not a number]"))
    }

    @Test(
        arguments: [
            (["bogus"], ""), (["start"], " start"), (["--socket", "/s", "start"], " start"),
            (["config", "set"], " config set"),
            (["config", "nope"], " config"), ([], ""), (["--nope"], ""),
        ] as [([String], String)])
    func `a wrong command line points to the right help`(arguments: [String], help: String) {
        let failure = UsageProblem.failure("Error: it is\nwrong", arguments)
        #expect(
            failure.message
                == (help.isEmpty && arguments.first == "bogus" || arguments.last == "nope"
                    ? "unknown command \"\(arguments.joined(separator: " "))\"" : "it is wrong"))
        #expect(failure.hint == "see 'backendctl\(help) --help'")
        #expect(failure.status == .usage)
    }
}
