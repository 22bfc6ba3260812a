// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What an answer looks like: headers, messages, trailers.
@Suite(.tags(.blocking)) struct GRPCAnswerTests {
    @Test(arguments: ["Inline", "Later", "Async"])
    func `an answer is headers, a message and trailers`(method: String) async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/\(method)", try message("k", "v"))
            #expect(answer.headers.map(\.name) == [":status", "content-type", "grpc-accept-encoding"])
            #expect(answer.trailers.map(\.name) == ["grpc-status"])
            #expect(answer.trailer("grpc-status") == "0")
            #expect(answer.blocks == 2)
            #expect(answer.reset == nil)
            #expect(try answer.messages.map(\.payload) == [message("k", "v")])
        }
    }

    @Test func `data never ends a stream, for trailers follow`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, "/test.Echo/Inline"), .data(1, HTTP2Frame.message(try message("k")), endStream: true))
            #expect(try await peer.receive(HTTP2Frame.headers).endsStream == false)
            #expect(try await peer.receive(HTTP2Frame.data).endsStream == false)
            #expect(try await peer.receive(HTTP2Frame.headers).endsStream)
        }
    }

    @Test func `an error without messages is one block`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            for (stream, method) in [(1, "Fail"), (3, "FailLater")] as [(UInt32, String)] {
                let answer = try await peer.call(stream, "/test.Echo/\(method)")
                #expect(answer.isTrailersOnly)
                #expect(answer.httpStatus == "200")
                #expect(answer.status == (method == "Fail" ? 9 : 10))
                #expect(answer.trailer("grpc-message") == (method == "Fail" ? "no" : "later"))
            }
            let details = try await peer.call(5, "/test.Echo/Fail").details
            #expect(details?.details == [GoogleAny(typeURL: "type/x", value: [1, 2, 3])])
        }
    }

    @Test func `an error after messages is in the trailers`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Repeat", try message("fail", "3"))
            #expect(answer.messages.count == 3)
            #expect(answer.blocks == 2)
            #expect(answer.status == 15)
            #expect(answer.trailer("grpc-message") == "after all")
        }
    }

    @Test func `a message of a status is percent-encoded`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Exchange", try message("fail"))
            #expect(answer.trailer("grpc-message") == "100 %25 %E2%98%BA%0A")
            #expect(try answer.details?.message == "100 % ☺\n")
            #expect(try answer.details?.reason == "TESTED")
        }
    }

    @Test func `a handler's metadata come before and behind the messages`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Exchange", try message("k"))
            #expect(answer.header("x-first") == "one")
            #expect(answer.trailer("x-first") == nil)
            #expect(answer.trailer("x-last-bin") == "q6ur")
            // The names of the protocol are not the handler's.
            #expect(answer.trailers.map(\.name).sorted() == ["grpc-status", "x-last-bin"])
            #expect(answer.trailer("grpc-status") == "0")
            let usual = [":status", "content-type", "grpc-accept-encoding"]
            #expect(answer.headers.map(\.name).filter { !usual.contains($0) } == ["x-first"])
            let failed = try await peer.call(3, "/test.Echo/Exchange", try message("fail"))
            #expect(failed.isTrailersOnly)
            #expect(failed.header("x-first") == "one")
            #expect(failed.trailer("x-last-bin") == "q6ur")
        }
    }

    @Test func `details that no client would take are left out`() async throws {
        let details = (0..<10).map { GoogleAny(typeURL: "type/\($0)", value: [UInt8](repeating: 1, count: 1000)) }
        let service = RPCService(
            name: "test.Long",
            methods: [
                MethodHandler(RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: "test.Long", name: "Fail", kind: .unary))
                {
                    (_: TTRPCKeyValue, _) async throws(RPCStatus) -> TTRPCKeyValue in
                    throw RPCStatus(.aborted, String(repeating: "é", count: 10_000), details: details)
                }
            ])
        try await withServer(services: [service]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Long/Fail")
            #expect(answer.status == 10)
            #expect(answer.trailers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 } < 8192)
            #expect(try #require(answer.trailer("grpc-message")).hasPrefix("%C3%A9%C3%A9"))
        }
    }

    @Test func `metadata that no client would take are left out`() async throws {
        let service = RPCService(
            name: "test.Long",
            methods: [
                MethodHandler(RPCMethod<TTRPCKeyValue, TTRPCKeyValue>(service: "test.Long", name: "Say", kind: .unary))
                {
                    (request: TTRPCKeyValue, context: CallContext) async throws(RPCStatus) -> TTRPCKeyValue in
                    for index in 0..<100 {
                        let value = String(repeating: "v", count: 2000)
                        context.grpc?.initialMetadata.append("x-\(index)", value)
                        context.grpc?.trailingMetadata.append("x-\(index)", value)
                    }
                    if request.key == "fail" { throw RPCStatus(.aborted, "no") }
                    return request
                }
            ])
        try await withServer(services: [service]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Long/Say")
            #expect(answer.status == 0)
            #expect(answer.headers.count { $0.name.hasPrefix("x-") } == 4)
            #expect(answer.trailers.count { $0.name.hasPrefix("x-") } == 4)
            #expect(try await peer.call(3, "/test.Long/Say", try message("fail")).status == 10)
        }
    }

    @Test func `an answer that is too long fails its call alone`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Big", try message("\(5 << 20)"))
            #expect(answer.status == 8)
            #expect(try answer.details?.reason == "MESSAGE_TOO_LARGE")
            #expect(try await peer.call(3, "/test.Echo/Inline").status == 0)
        }
    }

    @Test func `a server stream is its messages in order`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Repeat", try message("m", "500"))
            #expect(try answer.messages.map(\.payload) == (0..<500).map { try message("m\($0)") })
            #expect(answer.status == 0)
        }
    }

    @Test func `a conversation goes back and forth`() async throws {
        try await withServer { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(.request(1, "/test.Echo/Chat"))
            var answer = HTTP2Answer()
            for index in 0..<20 {
                try await peer.send(.data(1, HTTP2Frame.message(try message("\(index)"))))
                while answer.messages.count == index {
                    try peer.take(try await peer.receive(), into: &answer)
                }
            }
            #expect(try answer.messages.map(\.payload) == (0..<20).map { try message("\($0)") })
            try await peer.send(.data(1, [], endStream: true))
            #expect(try await peer.answer(1).status == 0)
        }
    }

    @Test func `a client that may not connect is told so and sent away`() async throws {
        let refusal = RPCStatus(.permissionDenied, reason: "PEER_NOT_ALLOWED", "not you")
        try await withServer(authorize: { _ throws(RPCStatus) in throw refusal }) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            let answer = try await peer.call(1, "/test.Echo/Inline")
            #expect(answer.status == 7)
            #expect(try answer.details?.reason == "PEER_NOT_ALLOWED")
            #expect(try await peer.goneAway().code == 0)
        }
    }

    @Test func `no header block of a client that may not connect is decoded`() async throws {
        let refusal = RPCStatus(.permissionDenied, reason: "PEER_NOT_ALLOWED", "not you")
        try await withServer(authorize: { _ throws(RPCStatus) in throw refusal }) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            // Not one byte of it is HPACK; a decoder would end the connection.
            try await peer.send(HTTP2Frame(HTTP2Frame.headers, 5, stream: 3, [UInt8](repeating: 0x80, count: 16_000)))
            let answer = try await peer.answer(3)
            #expect(answer.httpStatus == "200")
            #expect(answer.header("content-type") == "application/grpc")
            #expect(answer.status == 7)
            #expect(answer.trailer("grpc-message") == "not you")
            #expect(try answer.details?.reason == "PEER_NOT_ALLOWED")
            #expect(try await peer.goneAway().code == 0)
        }
    }

    @Test func `a client that is refused and asks nothing is sent away`() async throws {
        var configuration = ServerConfiguration()
        configuration.firstByteTimeout = .milliseconds(100)
        let refusal = RPCStatus(.permissionDenied, "not you")
        try await withServer(configuration, authorize: { _ throws(RPCStatus) in throw refusal }) { test async throws in
            #expect(try await HTTP2Peer.connect(test.path).goneAway().code == 0)
        }
    }

    @Test func `interceptors see every call once`() async throws {
        let spy = SpyInterceptor()
        try await withServer(interceptors: [spy]) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            _ = try await peer.call(1, "/test.Echo/Inline")
            _ = try await peer.call(3, "/test.Echo/Async")
            _ = try await peer.call(5, "/test.Echo/Fail")
            _ = try await peer.call(7, "/test.Echo/Repeat", try message("m", "2"))
            // One that never brings its message.
            try await peer.send(.request(9, "/test.Echo/Inline"), .reset(9, 8))
            _ = try await peer.call(11, "/test.Echo/Inline")
        }
        #expect(
            spy.seen == [
                "Inline started", "Inline ended OK", "Async started", "Async ended OK", "Fail started",
                "Fail ended FAILED_PRECONDITION", "Repeat started", "Repeat ended OK", "Inline started",
                "Inline ended CANCELLED", "Inline started", "Inline ended OK",
            ])
    }
}

/// Writes down what it sees.
private final class SpyInterceptor: ServerInterceptor {
    private let lines = Guarded<[String]>([])

    var seen: [String] { lines.withLock { $0 } }

    func callStarted(_ context: CallContext) throws(RPCStatus) {
        lines.withLock { $0.append("\(context.method) started") }
    }

    func callEnded(_ context: CallContext, status: RPCStatus?) {
        lines.withLock { $0.append("\(context.method) ended \(status?.code.description ?? "OK")") }
    }
}
