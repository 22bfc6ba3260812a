// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import ConfigDocument
import Testing
import backendctl

@Suite struct ContextDocumentTests {
    @Test func `a gRPC context is read completely`() throws {
        let document: ConfigValue = [
            "grpc": [
                "method": "/x.Y/Z", "peer": "unix:", "time_remaining": "1.5s",
                "metadata": [["key": "a", "text": "b"], ["key": "t-bin", "binary": "AP8="]],
            ]
        ]
        let expected = RuntimeContext.GRPC(
            method: "/x.Y/Z", peer: "unix:",
            metadata: [RuntimeContext.Metadata("a", "b"), RuntimeContext.Metadata("t-bin", binary: [0, 255])],
            timeRemaining: .milliseconds(1500))
        #expect(try ContextDocument.context(document) == .grpc(expected))
    }

    @Test func `an HTTP context is read completely`() throws {
        let document: ConfigValue = [
            "http": [
                "method": "GET", "target": "/a?b", "version": 1.1, "client_address": "::1",
                "headers": [["name": "a", "value": "b"], ["name": "c"]],
            ]
        ]
        let expected = RuntimeContext.HTTP(
            method: "GET", target: "/a?b", headers: [RuntimeContext.Header("a", "b"), RuntimeContext.Header("c", "")],
            clientAddress: "::1", version: "1.1")
        #expect(try ContextDocument.context(document) == .http(expected))
    }

    @Test func `the camel case of protobuf's JSON is understood`() throws {
        let grpc = try ContextDocument.context(["grpc": ["method": "/x.Y/Z", "timeRemaining": "2s"]])
        #expect(grpc == .grpc(RuntimeContext.GRPC(method: "/x.Y/Z", timeRemaining: .seconds(2))))
    }

    @Test(
        arguments: [
            ([:], "exactly one"), (["grpc": [:], "http": [:]], "exactly one"), ("x", "a context must be a map"),
            (["grpc": ["metod": "x"]], "unknown key grpc.metod"),
            (["grpc": ["method": true]], "grpc.method is not a string"),
            (["grpc": ["metadata": 3]], "grpc.metadata is not a list"),
            (["grpc": ["metadata": [["key": "a"]]]], "grpc.metadata[0] must have exactly one of text and binary"),
            (["grpc": ["metadata": [["text": "a"]]]], "grpc.metadata[0] has no key"),
            (["grpc": ["metadata": [["key": "a-bin", "binary": "?"]]]], "not valid Base64"),
            (["grpc": ["time_remaining": "x"]], "cannot read the duration"),
            (["http": ["headers": [["value": "a"]]]], "http.headers[0] has no name"),
            (["http": ["headers": [["nam": "a"]]]], "unknown key http.headers[0].nam"),
        ] as [(ConfigValue, String)])
    func `a document that is not a context is refused with the place`(document: ConfigValue, words: String) {
        let failure = #expect(throws: CommandFailure.self) { try ContextDocument.context(document) }
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        #expect(failure?.status == .usage)
    }

    @Test(
        arguments: [
            ("", []), ("AA==", [0]), ("AA", [0]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]), ("-_8", [251, 255]),
            ("+/8=", [251, 255]),
        ] as [(String, [UInt8])])
    func `Base64 may use both alphabets, with padding or without`(text: String, bytes: [UInt8]) throws {
        let document: ConfigValue = ["grpc": ["metadata": [["key": "a-bin", "binary": .string(text)]]]]
        let metadata = [RuntimeContext.Metadata("a-bin", binary: bytes)]
        #expect(try ContextDocument.context(document) == .grpc(RuntimeContext.GRPC(method: "", metadata: metadata)))
    }

    @Test(arguments: ["A", "AA=", "A===", "AB", "AA==AA==", "A A="])
    func `a text that is not Base64 is refused`(text: String) {
        let document: ConfigValue = ["grpc": ["metadata": [["key": "a-bin", "binary": .string(text)]]]]
        #expect(throws: CommandFailure.self) { try ContextDocument.context(document) }
    }
}
