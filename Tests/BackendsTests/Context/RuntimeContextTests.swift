// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

/// A context that is gone after the call, as a server's view of its buffer is.
struct BorrowedContext: RuntimeContext, ~Copyable {
    let owned: OwnedRuntimeContext

    var kind: RuntimeContextKind { owned.kind }
    func modelID() -> String { owned.modelID() }
    func firstValue(of name: String) -> String? { owned.firstValue(of: name) }
    func firstBinaryValue(of name: String) -> [UInt8]? { owned.firstBinaryValue(of: name) }
    func method() -> String { owned.method() }
    func target() -> String { owned.target() }
    func peer() -> String { owned.peer() }
    func copied() -> OwnedRuntimeContext { owned }
}

@Suite("OwnedRuntimeContext")
struct RuntimeContextTests {
    static let grpc = OwnedRuntimeContext(
        kind: .grpc, modelID: "m", method: "/p.S/M", peer: "ipv4:127.0.0.1:5000",
        entries: [
            .init("x-route-info", .text("first")), .init("X-Route-Info", .text("second")),
            .init("trace-bin", .binary([0, 255])), .init("ü", .text("umlaut")),
        ], timeRemaining: .seconds(3))

    @Test(arguments: ["x-route-info", "X-ROUTE-INFO", "X-Route-Info"])
    func `names compare without case and the first value wins`(name: String) {
        #expect(Self.grpc.firstValue(of: name) == "first")
    }

    @Test func `binary and text values are told apart`() {
        #expect(Self.grpc.firstBinaryValue(of: "Trace-Bin") == [0, 255])
        #expect(Self.grpc.firstValue(of: "trace-bin") == nil)
        #expect(Self.grpc.firstBinaryValue(of: "x-route-info") == nil)
    }

    @Test(arguments: ["", "x-route", "x-route-info2", "Ü", "x_route_info"])
    func `other names have no value`(name: String) {
        #expect(Self.grpc.firstValue(of: name) == nil)
    }

    @Test func `it tells what the server knows`() {
        #expect(Self.grpc.kind == .grpc)
        #expect(Self.grpc.modelID() == "m")
        #expect(Self.grpc.method() == "/p.S/M")
        #expect(Self.grpc.target() == "")
        #expect(Self.grpc.peer() == "ipv4:127.0.0.1:5000")
        #expect(Self.grpc.timeRemaining == .seconds(3))
        let http = OwnedRuntimeContext(
            kind: .http, modelID: "m", method: "POST", target: "/v1/chat?x=1", peer: "10.0.0.1", version: "1.1")
        #expect(http.target() == "/v1/chat?x=1")
        #expect(http.version == "1.1")
    }

    @Test func `values do not appear when it is printed`() {
        var dumped = ""
        dump(Self.grpc, to: &dumped)
        for text in [dumped, "\(Self.grpc)", String(reflecting: Self.grpc)] {
            #expect(!text.contains("first"))
            #expect(!text.contains("127.0.0.1"))
        }
    }
}
