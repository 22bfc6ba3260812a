// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import ConfigDocument
import Testing
import TextKeys
import backendctl

@Suite struct InputTests {
    @Test func `an argument is text, a file or standard input`() {
        #expect(Input(textOrFile: "{}") == .text("{}"))
        #expect(Input(textOrFile: "@a.yaml") == .file("a.yaml"))
        #expect(Input(textOrFile: "-") == .standardInput)
        #expect(Input(file: "a.yaml") == .file("a.yaml"))
        #expect(Input(file: "-") == .standardInput)
    }

    @Test func `YAML and JSON are read alike`() throws {
        #expect(try Input.text("a: {b: 1}").document() == ["a": ["b": 1]])
        #expect(try Input.text("{\"a\": {\"b\": 1}}").document() == ["a": ["b": 1]])
    }

    @Test func `input that cannot be read is refused with the place`() {
        let syntax = #expect(throws: CommandFailure.self) { try Input.text("a: [1").document() }
        #expect(syntax?.message.hasPrefix("cannot read the argument:1:") == true)
        let missing = #expect(throws: CommandFailure.self) { try Input.file("/nonexistent/x").document() }
        #expect(missing?.reason == "INPUT_UNREADABLE")
        #expect(missing?.status == .usage)
    }

    @Test func `whole numbers that would be rounded are refused with their path`() throws {
        let exact = ConfigValue.integer(1 << 53)
        #expect(try ConfigurationValue(exactly: ["a": exact]) == ["a": .number(0x1p53)])
        let documents: [ConfigValue] = [
            ["a": .integer((1 << 53) + 1)], ["a": [1, .integer(.max)]], ["a": [["b": .integer(.min)]]],
        ]
        for document in documents {
            let failure = #expect(throws: CommandFailure.self) { try ConfigurationValue(exactly: document) }
            #expect(failure?.reason == "NUMBER_INEXACT")
            #expect(failure?.message.hasPrefix("a") == true)
        }
    }

    @Test(
        arguments: ["9007199254740993", "9007199254740991.5", "9007199254740993.0", "-9.007199254740993e15"])
    func `a number that would be rounded is named as it was written, with its place`(number: String) throws {
        for (text, place) in [
            (number, "the value"), ("{\"a\": [1, {\"b c\": \(number)}]}", "a[1].\"b c\""), ("x: \(number)\n", "x"),
            ("x: &n \(number)\n", "x"),
        ] {
            let failure = #expect(throws: CommandFailure.self) { try Input.text(text).document() }
            #expect(failure?.reason == "NUMBER_INEXACT")
            #expect(failure?.message == "\(place) is \(number), which might be rounded")
        }
        let set = #expect(throws: CommandFailure.self) { try Assignment(parsing: "a.b=[\(number)]") }
        #expect(set?.message == "a.b[0] is \(number), which might be rounded")
    }

    @Test(arguments: ["", " ", "# nothing\n", "null", "~"])
    func `an input without a configuration is an error`(text: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try Input.text(text).configuration() }
        #expect(failure?.reason == "CONFIG_INVALID" && failure?.status == .usage)
        #expect(try Input.text("{}").configuration() == [:])
    }

    @Test func `a configuration is a map`() throws {
        #expect(throws: CommandFailure.self) { try ConfigurationValue(configuration: .null) }
        #expect(try ConfigurationValue(configuration: ["a": .null]) == ["a": .null])
        #expect(throws: CommandFailure.self) { try ConfigurationValue(configuration: [1]) }
    }

    @Test(
        arguments: [
            (["--socket", "/s", "list"], ["list", "--socket", "/s"]),
            (["-o", "json", "config", "get", "x"], ["config", "get", "-o", "json", "x"]),
            (
                ["--output=json", "--timeout", "5s", "lock", "a", "--", "--output"],
                ["lock", "--output=json", "--timeout", "5s", "a", "--", "--output"]
            ),
            (["list", "--socket", "/s"], ["list", "--socket", "/s"]), (["--help"], ["--help"]),
            (["--nope", "list"], ["--nope", "list"]), (["--socket"], ["--socket"]), ([], []),
            (["-ojson", "list"], ["list", "-ojson"]),
            (["-o", "json", "completions", "bash"], ["completions", "bash"]),
            (["--socket=/s", "help", "start"], ["help", "start"]), (["-o", "json"], ["-o", "json"]),
        ] as [([String], [String])])
    func `options before the command count as after it`(arguments: [String], expected: [String]) {
        #expect(GlobalArguments.behindCommand(arguments) == expected)
    }

    @Test func `an option that is repeated has all its values, and the last one counts`() {
        let arguments = ["load", "m", "--backend", "a", "--backend=b", "--", "--backend", "c"]
        #expect(GlobalArguments.values(of: ["--backend"], in: arguments) == ["a", "b"])
        #expect(GlobalArguments.value(of: ["--backend"], in: arguments) == "b")
    }

    @Test func `a lock's token is for its backend`() throws {
        let environment = HeldEnvironment(
            HeldEnvironment([:]).holding(StartLockToken(rawValue: 7), of: "a", socket: "/s"))
        #expect(try environment.token(for: "a")?.rawValue == 7)
        #expect(try environment.token(for: "b") == nil)
        #expect(try HeldEnvironment(["BACKENDCTL_LOCK_TOKEN": "7"]).token(for: "b")?.rawValue == 7)
        #expect(try HeldEnvironment(["BACKENDCTL_LOCK_TOKEN": ""]).token(for: "b") == nil)
        #expect(throws: CommandFailure.self) { try HeldEnvironment(["BACKENDCTL_LOCK_TOKEN": "x"]).token(for: "b") }
    }
}
