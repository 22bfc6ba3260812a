// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import HTTPTransfer
import Testing

/// The bytes of a health call.
@Suite struct GRPCHealthTests {
    private func result(
        _ body: [UInt8], status: Int = 200, grpc: String? = "0", inHeaders: Bool = false
    ) -> ProbeResult {
        let lines = grpc.map { [HTTPHeader("grpc-status", $0)] } ?? []
        return GRPCHealth.result(
            of: HTTPResponse(
                status: status, headers: inHeaders ? lines : [], trailers: inHeaders ? [] : lines, body: body))
    }

    @Test func `a service is field 1 of a message with a prefix`() {
        #expect(GRPCHealth.body(asking: "") == [0, 0, 0, 0, 0])
        #expect(GRPCHealth.body(asking: "ab") == [0, 0, 0, 0, 4, 0x0a, 2, 0x61, 0x62])
        let long = GRPCHealth.body(asking: String(repeating: "a", count: 300))
        #expect(long.prefix(8) == [0, 0, 0, 1, 0x2f, 0x0a, 0xac, 0x02] && long.count == 308)
    }

    @Test(arguments: [false, true])
    func `serving is success, wherever the status stands`(inHeaders: Bool) {
        #expect(result([0, 0, 0, 0, 2, 8, 1], inHeaders: inHeaders) == .success)
    }

    @Test func `unknown fields are skipped`() {
        let others: [UInt8] = [0x12, 2, 9, 9, 0x18, 0xff, 1, 0x25, 0, 0, 0, 0, 0x29, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(result([0, 0, 0, 0, UInt8(others.count + 2)] + others + [8, 1]) == .success)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0], "the health service says UNKNOWN"),
            ([0, 0, 0, 0, 2, 8, 2], "the health service says NOT_SERVING"),
            ([0, 0, 0, 0, 2, 8, 3], "the health service says SERVICE_UNKNOWN"),
            ([0, 0, 0, 0, 2, 8, 9], "the health service says 9"),
        ] as [([UInt8], String)])
    func `another state is a failure with its name`(body: [UInt8], words: String) {
        #expect(result(body) == .failure(words))
    }

    @Test(
        arguments: [
            [], [0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 2, 8, 1], [0, 0, 0, 0, 3, 8, 1], [0, 0, 0, 0, 2, 8, 1, 0],
            [0, 0, 0, 0, 1, 8],
            [0, 0, 0, 0, 2, 0x12, 5], [0, 0, 0, 0, 1, 0x0b], [0, 255, 255, 255, 255], [0, 0, 0, 0, 2, 0x25, 0],
            [0, 0, 0, 0, 12, 0x12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127, 0],
            [0, 0, 0, 0, 12, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
        ] as [[UInt8]])
    func `an invalid answer is a failure`(body: [UInt8]) {
        #expect(result(body) == .failure("the health service sent an invalid response"))
    }

    @Test func `a call that failed says why`() {
        #expect(result([], grpc: "5") == .failure("the server does not know the service"))
        #expect(result([], grpc: "12") == .failure("the server does not implement grpc.health.v1"))
        #expect(result([], grpc: "14", inHeaders: true) == .failure("the health service answered with gRPC status 14"))
        #expect(result([0, 0, 0, 0, 2, 8, 1], grpc: nil) == .failure("the response has no gRPC status"))
        #expect(result([], status: 404) == .failure("the gRPC call returned status 404"))
    }
}
