// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SocketRPCServer
internal import TestSupport
internal import Testing

/// HTTP/2 from the first byte, with our own gRPC server at the other end.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct HTTP2TransferTests {
    private func check(_ service: String, at path: String) -> HTTPRequest {
        let message = [0x0a, UInt8(service.utf8.count)] + Array(service.utf8)
        return HTTPRequest(
            method: "POST", url: "http://localhost/grpc.health.v1.Health/Check",
            headers: [HTTPHeader("content-type", "application/grpc"), HTTPHeader("te", "trailers")],
            body: [0, 0, 0, 0, UInt8(message.count)] + message, timeout: .seconds(30), unixSocket: path,
            version: .http2PriorKnowledge)
    }

    @Test func `body and trailers of a call are kept apart`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await HealthServer(["": .serving, "a": .notServing]).serving(at: path) {
            try await withTransfer { transfer in
                let response = try await transfer.perform(check("a", at: path))
                #expect(response.status == 200)
                #expect(response.headers.value(of: "content-type") == "application/grpc")
                #expect(response.body == [0, 0, 0, 0, 2, 0x08, 2])
                #expect(response.trailers.value(of: "grpc-status") == "0")
            }
        }
    }

    @Test func `a call that fails at once has its status`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        try await HealthServer([:]).serving(at: path) {
            try await withTransfer { transfer in
                let response = try await transfer.perform(check("unknown", at: path))
                #expect((response.headers + response.trailers).value(of: "grpc-status") == "5")
                #expect(response.body.isEmpty)
            }
        }
    }

    @Test func `a server of HTTP/1 does not count as one of HTTP/2`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let server = try ScriptedHTTPServer(path: path) { connection in
            try connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            _ = try connection.peer.receiveToEndBlocking()
        }
        try await withHTTPServer(server) { _ in
            try await withTransfer { transfer in
                #expect(await failure(transfer, check("", at: path))?.kind == .protocol)
            }
        }
    }
}
