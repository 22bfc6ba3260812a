// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport
import Testing
import interop_server

/// The interop server as a program, called as gRPC's interoperability document describes it.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct InteropServerTests {
    /// The messages that a streaming call answers with: their sizes, each after an interval.
    private static func output(
        _ sizes: [Int32], interval: Duration = .zero, status: EchoStatus? = nil, type: PayloadType = .compressable
    ) -> StreamingOutputCallRequest {
        let interval = Int32(clamping: interval.clampedNanoseconds / 1000)
        return StreamingOutputCallRequest(
            responseType: type,
            responseParameters: sizes.map { ResponseParameters(size: $0, intervalUs: interval) }, responseStatus: status
        )
    }

    private static func withService(_ body: (TestServiceClient, RPCClient) async throws -> Void) async throws {
        try await Peers.withInteropServer { path in
            try await withRPCClient(path) { client in try await body(TestServiceClient(client), client) }
        }
    }

    /// The code that a call fails with, nil when it does not fail.
    private static func code(_ call: () async throws -> Void) async throws -> RPCStatus.Code? {
        do {
            try await call()
            return nil
        } catch let status as RPCStatus {
            return status.code
        }
    }

    @Test func `empty_unary and large_unary`() async throws {
        try await Self.withService { service, _ in
            #expect(try await service.emptyCall(Empty()) == Empty())
            let request = SimpleRequest(
                responseSize: 314_159, payload: Payload(body: [UInt8](repeating: 0, count: 271_828)))
            let response = try await service.unaryCall(request)
            #expect(response.payload?.body == [UInt8](repeating: 0, count: 314_159))
            #expect(try await service.cacheableUnaryCall(request) == response)
        }
    }

    @Test func `custom_metadata comes back in the user name`() async throws {
        try await Self.withService { service, _ in
            var metadata = RPCMetadata()
            metadata.append("x-grpc-test-echo-initial", "a")
            metadata.append("X-Grpc-Test-Echo-Initial", "b")
            let response = try await service.unaryCall(SimpleRequest(), options: CallOptions(metadata: metadata))
            #expect(response.username == "a,b")
        }
    }

    @Test func `status_code_and_message and special_status_message`() async throws {
        try await Self.withService { service, _ in
            for message in ["test status message", "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"] {
                let status = EchoStatus(code: 2, message: message)
                await #expect(throws: RPCStatus(.unknown, message)) {
                    _ = try await service.unaryCall(SimpleRequest(responseStatus: status))
                }
                await #expect(throws: RPCStatus(.unknown, message)) {
                    try await service.fullDuplexCall { stream in
                        try await stream.send(Self.output([], status: status))
                        while try await stream.next() != nil {}
                    }
                }
            }
        }
    }

    @Test func `what cannot be answered is an invalid argument`() async throws {
        try await Self.withService { service, _ in
            let requests = [
                SimpleRequest(expectCompressed: BoolValue(value: true)),
                SimpleRequest(responseType: PayloadType(rawValue: 7)), SimpleRequest(responseSize: -1),
            ]
            for request in requests {
                let code = try await Self.code { _ = try await service.unaryCall(request) }
                #expect(code == .invalidArgument)
            }
            let large = try await Self.code { _ = try await service.unaryCall(SimpleRequest(responseSize: .max)) }
            #expect(large == .resourceExhausted)
            let streamed = try await Self.code {
                try await service.streamingOutputCall(Self.output([1], type: PayloadType(rawValue: 7))) { stream in
                    while try await stream.next() != nil {}
                }
            }
            #expect(streamed == .invalidArgument)
        }
    }

    @Test func `unimplemented_method and unimplemented_service`() async throws {
        try await Self.withService { service, client in
            let method = try await Self.code { _ = try await service.unimplementedCall(Empty()) }
            #expect(method == .unimplemented)
            let unknown = RPCMethod<Empty, Empty>(
                service: "grpc.testing.UnimplementedService", name: "UnimplementedCall", kind: .unary)
            let status = try await Self.code {
                _ = try await client.unary(unknown, Empty(), options: CallOptions())
            }
            #expect(status == .unimplemented)
        }
    }

    @Test func `client_streaming, server_streaming, ping_pong, half_duplex and empty_stream`() async throws {
        let (sent, asked): ([Int], [Int32]) = ([27_182, 8, 1_828, 45_904], [31_415, 9, 2_653, 58_979])
        try await Self.withService { service, _ in
            let total = try await service.streamingInputCall { stream in
                for size in sent {
                    let payload = Payload(body: [UInt8](repeating: 0, count: size))
                    try await stream.send(StreamingInputCallRequest(payload: payload))
                }
                try await stream.finishSending()
                return try await stream.next()?.aggregatedPayloadSize
            }
            #expect(total == 74_922)
            let streamed = try await service.streamingOutputCall(Self.output(asked)) { try await Self.sizes($0) }
            #expect(streamed == asked)
            try await service.fullDuplexCall { stream in
                for size in asked {
                    try await stream.send(Self.output([size]))
                    #expect(try await stream.next()?.payload?.body.count == Int(size))
                }
                try await stream.finishSending()
                #expect(try await stream.next() == nil)
            }
            let halved = try await service.halfDuplexCall { stream in
                for size in asked { try await stream.send(Self.output([size])) }
                try await stream.finishSending()
                return try await Self.sizes(stream)
            }
            #expect(halved == asked)
            let nothing = try await service.fullDuplexCall { stream in
                try await stream.finishSending()
                return try await Self.sizes(stream)
            }
            #expect(nothing == [])
        }
    }

    private static func sizes<Request>(
        _ stream: ClientStream<Request, StreamingOutputCallResponse>
    ) async throws -> [Int32] {
        var sizes: [Int32] = []
        while let response = try await stream.next() { sizes.append(Int32(response.payload?.body.count ?? 0)) }
        return sizes
    }

    @Test func `an interval is waited for before each message`() async throws {
        try await Self.withService { service, _ in
            let start = ContinuousClock.now
            let request = Self.output([1, 2, 3], interval: .milliseconds(20))
            let sizes = try await service.streamingOutputCall(request) { try await Self.sizes($0) }
            #expect(sizes == [1, 2, 3])
            #expect(ContinuousClock.now - start >= .milliseconds(60))
        }
    }

    @Test func `cancel_after_begin, cancel_after_first_response, and the loss of a client in an interval`() async throws
    {
        try await Self.withService { service, client in
            try await service.streamingInputCall { _ in }
            try await service.fullDuplexCall { stream in
                try await stream.send(Self.output([31_415]))
                #expect(try await stream.next()?.payload?.body.count == 31_415)
            }
            let other = try RPCClient(path: client.path)
            let waiting = Task.immediate {
                try await TestServiceClient(other).streamingOutputCall(Self.output([1], interval: .seconds(1800))) {
                    try await Self.sizes($0)
                }
            }
            await other.close()
            await #expect(throws: RPCStatus.self) { try await waiting.value }
            #expect(try await service.emptyCall(Empty()) == Empty())
        }
    }
}
