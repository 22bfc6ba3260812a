// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from grpc/testing/test.proto; do not edit.

package import SocketRPC

/// The methods of `grpc.testing.TestService`.
package enum TestServiceMethods {
    package static let emptyCall = RPCMethod<Empty, Empty>(
        service: "grpc.testing.TestService", name: "EmptyCall", kind: .unary)
    package static let unaryCall = RPCMethod<SimpleRequest, SimpleResponse>(
        service: "grpc.testing.TestService", name: "UnaryCall", kind: .unary)
    package static let cacheableUnaryCall = RPCMethod<SimpleRequest, SimpleResponse>(
        service: "grpc.testing.TestService", name: "CacheableUnaryCall", kind: .unary)
    package static let streamingOutputCall = RPCMethod<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: "grpc.testing.TestService", name: "StreamingOutputCall", kind: .serverStreaming)
    package static let streamingInputCall = RPCMethod<StreamingInputCallRequest, StreamingInputCallResponse>(
        service: "grpc.testing.TestService", name: "StreamingInputCall", kind: .clientStreaming)
    package static let fullDuplexCall = RPCMethod<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: "grpc.testing.TestService", name: "FullDuplexCall", kind: .bidirectionalStreaming)
    package static let halfDuplexCall = RPCMethod<StreamingOutputCallRequest, StreamingOutputCallResponse>(
        service: "grpc.testing.TestService", name: "HalfDuplexCall", kind: .bidirectionalStreaming)
    package static let unimplementedCall = RPCMethod<Empty, Empty>(
        service: "grpc.testing.TestService", name: "UnimplementedCall", kind: .unary)
}

/// What a server of `grpc.testing.TestService` implements.
package protocol TestService: Sendable {
    /// Answers `grpc.testing.TestService.EmptyCall`.
    func emptyCall(
        _ request: Empty, context: CallContext
    ) async throws(RPCStatus) -> Empty

    /// Answers `grpc.testing.TestService.UnaryCall`.
    func unaryCall(
        _ request: SimpleRequest, context: CallContext
    ) async throws(RPCStatus) -> SimpleResponse

    /// Answers `grpc.testing.TestService.CacheableUnaryCall`.
    func cacheableUnaryCall(
        _ request: SimpleRequest, context: CallContext
    ) async throws(RPCStatus) -> SimpleResponse

    /// Answers `grpc.testing.TestService.StreamingOutputCall`.
    func streamingOutputCall(
        _ request: StreamingOutputCallRequest, responses: ResponseStream<StreamingOutputCallResponse>, context: CallContext
    ) async throws(RPCStatus)

    /// Answers `grpc.testing.TestService.StreamingInputCall`.
    func streamingInputCall(
        _ requests: RequestStream<StreamingInputCallRequest>, context: CallContext
    ) async throws(RPCStatus) -> StreamingInputCallResponse

    /// Answers `grpc.testing.TestService.FullDuplexCall`.
    func fullDuplexCall(
        _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseStream<StreamingOutputCallResponse>,
        context: CallContext
    ) async throws(RPCStatus)

    /// Answers `grpc.testing.TestService.HalfDuplexCall`.
    func halfDuplexCall(
        _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseStream<StreamingOutputCallResponse>,
        context: CallContext
    ) async throws(RPCStatus)

    /// Never served, so that clients can see UNIMPLEMENTED.
    func unimplementedCall(
        _ request: Empty, context: CallContext
    ) async throws(RPCStatus) -> Empty
}

extension TestService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "grpc.testing.TestService",
            methods: [
                MethodHandler(TestServiceMethods.emptyCall) {
                    (request, context) async throws(RPCStatus) in
                    try await self.emptyCall(request, context: context)
                },
                MethodHandler(TestServiceMethods.unaryCall) {
                    (request, context) async throws(RPCStatus) in
                    try await self.unaryCall(request, context: context)
                },
                MethodHandler(TestServiceMethods.cacheableUnaryCall) {
                    (request, context) async throws(RPCStatus) in
                    try await self.cacheableUnaryCall(request, context: context)
                },
                MethodHandler(TestServiceMethods.streamingOutputCall) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.streamingOutputCall(request, responses: responses, context: context)
                },
                MethodHandler(TestServiceMethods.streamingInputCall) {
                    (request, context) async throws(RPCStatus) in
                    try await self.streamingInputCall(request, context: context)
                },
                MethodHandler(TestServiceMethods.fullDuplexCall) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.fullDuplexCall(request, responses: responses, context: context)
                },
                MethodHandler(TestServiceMethods.halfDuplexCall) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.halfDuplexCall(request, responses: responses, context: context)
                },
                MethodHandler(TestServiceMethods.unimplementedCall) {
                    (request, context) async throws(RPCStatus) in
                    try await self.unimplementedCall(request, context: context)
                },
            ])
    }
}

/// Calls the methods of `grpc.testing.TestService`.
package struct TestServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Calls `grpc.testing.TestService.EmptyCall`.
    package nonisolated(nonsending) func emptyCall(
        _ request: Empty, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> Empty {
        try await caller.unary(TestServiceMethods.emptyCall, request, options: options)
    }

    /// Calls `grpc.testing.TestService.UnaryCall`.
    package nonisolated(nonsending) func unaryCall(
        _ request: SimpleRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> SimpleResponse {
        try await caller.unary(TestServiceMethods.unaryCall, request, options: options)
    }

    /// Calls `grpc.testing.TestService.CacheableUnaryCall`.
    package nonisolated(nonsending) func cacheableUnaryCall(
        _ request: SimpleRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> SimpleResponse {
        try await caller.unary(TestServiceMethods.cacheableUnaryCall, request, options: options)
    }

    /// Calls `grpc.testing.TestService.StreamingOutputCall`.
    package nonisolated(nonsending) func streamingOutputCall<Result>(
        _ request: StreamingOutputCallRequest, options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<StreamingOutputCallRequest, StreamingOutputCallResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(TestServiceMethods.streamingOutputCall, options: options) { stream in
            try await stream.send(request)
            try await stream.finishSending()
            return try await body(stream)
        }
    }

    /// Calls `grpc.testing.TestService.StreamingInputCall`.
    package nonisolated(nonsending) func streamingInputCall<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<StreamingInputCallRequest, StreamingInputCallResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(TestServiceMethods.streamingInputCall, options: options, body)
    }

    /// Calls `grpc.testing.TestService.FullDuplexCall`.
    package nonisolated(nonsending) func fullDuplexCall<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<StreamingOutputCallRequest, StreamingOutputCallResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(TestServiceMethods.fullDuplexCall, options: options, body)
    }

    /// Calls `grpc.testing.TestService.HalfDuplexCall`.
    package nonisolated(nonsending) func halfDuplexCall<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<StreamingOutputCallRequest, StreamingOutputCallResponse>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(TestServiceMethods.halfDuplexCall, options: options, body)
    }

    /// Never served, so that clients can see UNIMPLEMENTED.
    package nonisolated(nonsending) func unimplementedCall(
        _ request: Empty, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> Empty {
        try await caller.unary(TestServiceMethods.unimplementedCall, request, options: options)
    }
}
