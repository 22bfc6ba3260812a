// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing
import TextKeys

/// What the headers of a request may say, and what is answered when they say something else.
@Suite(.tags(.blocking)) struct GRPCRequestRulesTests {
    private static let path = "/test.Echo/Inline"

    /// Sends a request with these headers and one message, and gives the answer.
    private func answer(
        _ path: String = path, _ fields: [(String, String)] = [], without: Set<String> = [],
        _ configuration: ServerConfiguration = ServerConfiguration()
    ) async throws -> HTTP2Answer {
        try await withServer(configuration) { test in
            let peer = try await HTTP2Peer.connect(test.path)
            try await peer.send(
                .request(1, path, fields, without: without),
                .data(1, HTTP2Frame.message(try message("k", "v")), endStream: true))
            let answer = try await peer.answer(1)
            // Whatever was wrong, the connection lives on.
            let next = try await peer.call(3, Self.path, try message("next"))
            #expect(next.status == 0)
            return answer
        }
    }

    @Test(arguments: [
        "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8", "application/grpc+proto; a=b",
    ])
    func `every spelling of gRPC's content type is taken`(type: String) async throws {
        let answer = try await answer(fields: [("content-type", type)])
        #expect(answer.httpStatus == "200")
        #expect(answer.header("content-type") == "application/grpc")
        #expect(answer.header("grpc-accept-encoding") == "identity,gzip")
        #expect(answer.status == 0)
        #expect(try answer.messages.map(\.payload) == [message("k", "v")])
    }

    @Test(arguments: ["application/grpcx", "application/grpc+json", "application/json", "text/html", ""])
    func `another content type is an unsupported media type`(type: String) async throws {
        let answer = try await answer(fields: [("content-type", type)])
        #expect(answer.httpStatus == "415")
        #expect(answer.blocks == 1)
        #expect(answer.status == nil)
    }

    @Test func `no content type is an unsupported media type`() async throws {
        #expect(try await answer(without: ["content-type"]).httpStatus == "415")
    }

    @Test(arguments: ["GET", "PUT", "HEAD", "post"])
    func `another method than POST is not allowed`(method: String) async throws {
        let answer = try await answer(fields: [(":method", method)])
        #expect(answer.httpStatus == "405")
        #expect(answer.header("allow") == "POST")
    }

    @Test func `a path of no gRPC is not found`() async throws {
        #expect(try await answer("/index.html", [("content-type", "text/plain")]).httpStatus == "404")
    }

    @Test func `te, the scheme and the authority do not matter`() async throws {
        #expect(try await answer(without: ["te"]).status == 0)
        #expect(try await answer(fields: [(":scheme", "https")]).status == 0)
        #expect(try await answer(fields: [(":authority", "%2Ftmp%2Fsocket")]).status == 0)
    }

    @Test(arguments: [
        ("/test.Echo/Nothing", "METHOD_UNKNOWN"), ("/test.echo/Inline", "SERVICE_UNKNOWN"),
        ("/other/Inline", "SERVICE_UNKNOWN"), ("/test.Echo", "PATH_MALFORMED"), ("/", "PATH_MALFORMED"),
        ("/test.Echo/Inline/more", "METHOD_UNKNOWN"), ("/test.Echo/", "METHOD_UNKNOWN"), ("//", "SERVICE_UNKNOWN"),
    ])
    func `an unknown path is unimplemented`(path: String, reason: String) async throws {
        let answer = try await answer(path)
        #expect(answer.httpStatus == "200")
        #expect(answer.isTrailersOnly)
        #expect(answer.status == 12)
        #expect(try answer.details?.reason == reason)
    }

    @Test(arguments: ["", "1", "S", "123456789S", "1s", "-1S"])
    func `a malformed timeout is an internal error`(timeout: String) async throws {
        let answer = try await answer(fields: [("grpc-timeout", timeout)])
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "TIMEOUT_MALFORMED")
    }

    @Test func `a timeout of nothing has passed`() async throws {
        let answer = try await answer(fields: [("grpc-timeout", "0n")])
        #expect(answer.status == 4)
    }

    @Test func `the longest timeout is taken`() async throws {
        #expect(try await answer(fields: [("grpc-timeout", "99999999H")]).status == 0)
    }

    @Test func `the handler gets the metadata, and nothing that is the wire's`() async throws {
        let fields = [
            ("x-one", "1"), ("x-one", "2"), ("x-bytes-bin", "YQ==,YWI"), ("grpc-previous-rpc-attempts", "1"),
            ("grpc-unknown", "x"), ("user-agent", "me"), ("x-odd", "caf\u{e9}"), ("grpc-timeout", "9S"),
        ]
        let answer = try await answer("/test.Echo/Describe", fields)
        let said = try TTRPCKeyValue(decoding: try #require(answer.messages.first).payload)
        #expect(said.key == "test.Echo/Describe true")
        #expect(said.value == "x-one=1,x-one=2,x-bytes-bin=YQ,x-bytes-bin=YWI,x-odd=caf\u{e9}")
    }

    @Test func `binary metadata that is not Base64 is an internal error`() async throws {
        let answer = try await answer(fields: [("x-bytes-bin", "!!!!")])
        #expect(answer.status == 13)
        #expect(try answer.details?.reason == "METADATA_MALFORMED")
    }

    @Test func `headers over the limit end the call alone`() async throws {
        var configuration = ServerConfiguration()
        configuration.headerBytes = 4096
        let long = try await answer(fields: [("x-long", String(repeating: "x", count: 5000))], configuration)
        #expect(long.status == 8)
        // What decides about gRPC may come behind.
        let late = try await answer(
            fields: [("x-long", String(repeating: "x", count: 5000)), ("content-type", "application/grpc")],
            configuration)
        #expect(late.status == 8)
        #expect(try long.details?.reason == "METADATA_TOO_LARGE")
        configuration = ServerConfiguration()
        configuration.metadataPairs = 4
        let many = try await answer(fields: (0..<5).map { ("x-\($0)", "v") }, configuration)
        #expect(many.status == 8)
        let list = try await answer(fields: [("x-list-bin", String(repeating: "YQ,", count: 5))], configuration)
        #expect(list.status == 8)
    }

    private func answer(
        fields: [(String, String)] = [], without: Set<String> = [],
        _ configuration: ServerConfiguration = ServerConfiguration()
    ) async throws -> HTTP2Answer {
        try await answer(Self.path, fields, without: without, configuration)
    }
}

extension HTTP2Answer {
    /// What `grpc-status-details-bin` carries.
    var details: RPCStatus? {
        get throws {
            guard let text = trailer("grpc-status-details-bin"),
                let bytes = Base64.decode(Array(text.utf8))
            else { return nil }
            return RPCStatus(try GoogleStatus(decoding: bytes))
        }
    }
}
