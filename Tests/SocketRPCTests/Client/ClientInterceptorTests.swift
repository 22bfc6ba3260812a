// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport
import Testing

@Suite struct ClientInterceptorTests {
    private struct Tag: ClientInterceptor {
        let name: String
        let events: Recorder<String>

        func callStarted(service: String, method: String, options: inout CallOptions) {
            events.append("\(name) started \(service)/\(method)")
            options.metadata.append("tag", name)
        }

        func callEnded(service: String, method: String, status: RPCStatus?) {
            events.append("\(name) ended \(status?.code.description ?? "OK")")
        }
    }

    private static func withTags<R: Sendable>(
        _ body: @escaping @Sendable (RPCClient, Recorder<String>) async throws -> R
    ) async throws -> R {
        try await withServer { server in
            let events = Recorder<String>()
            let tags = [Tag(name: "a", events: events), Tag(name: "b", events: events)]
            return try await withClient(server.path, interceptors: tags) { try await body($0, events) }
        }
    }

    @Test func `interceptors surround a unary call and may add metadata`() async throws {
        try await Self.withTags { client, events in
            let answer = try await client.unary(Echo.method("Describe"), TTRPCKeyValue(), options: CallOptions())
            #expect(answer.value == "tag=a,tag=b")
            #expect(
                events.elements == [
                    "a started test.Echo/Describe", "b started test.Echo/Describe", "b ended OK", "a ended OK",
                ])
        }
    }

    @Test func `interceptors learn how a call failed`() async throws {
        try await Self.withTags { client, events in
            _ = try await statusOf {
                _ = try await client.unary(Echo.method("Fail"), TTRPCKeyValue(), options: CallOptions())
            }
            #expect(events.elements.suffix(2) == ["b ended FAILED_PRECONDITION", "a ended FAILED_PRECONDITION"])
        }
    }

    @Test(arguments: [("", "OK"), ("fail", "DATA_LOSS")])
    func `interceptors surround a stream`(key: String, end: String) async throws {
        try await Self.withTags { client, events in
            _ = try await statusOf {
                try await client.withStream(
                    Echo.method("Repeat", .serverStreaming), options: CallOptions()
                ) { stream in
                    try await stream.send(TTRPCKeyValue(key: key, value: "2"))
                    _ = try await stream.rest()
                }
            }
            #expect(
                events.elements == [
                    "a started test.Echo/Repeat", "b started test.Echo/Repeat", "b ended \(end)", "a ended \(end)",
                ])
        }
    }

    @Test func `a stream that is left counts as cancelled`() async throws {
        try await Self.withTags { client, events in
            try await client.withStream(
                Echo.method("Chat", .bidirectionalStreaming), options: CallOptions()
            ) { _ in }
            #expect(events.elements.suffix(2) == ["b ended CANCELLED", "a ended CANCELLED"])
        }
    }
}
