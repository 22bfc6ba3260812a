// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// `grpc.testing.TestService` as gRPC's interoperability document describes it.
///
/// It serves both protocols. ttrpc has no response metadata, so there `UnaryCall` returns what the caller wants echoed in the reply's
/// `username`.
struct InteropService: TestService {
    /// Larger payloads than this are not even made; the limit of a message is below it.
    private static let largestPayload: Int32 = 16 << 20
    /// How many messages one `HalfDuplexCall` may ask for before it is answered.
    private static let mostOwedMessages = 1_024
    private static let echoInitial = "x-grpc-test-echo-initial"
    private static let echoTrailing = "x-grpc-test-echo-trailing-bin"

    func emptyCall(_ request: Empty, context: CallContext) async throws(RPCStatus) -> Empty {
        Empty()
    }

    func unaryCall(_ request: SimpleRequest, context: CallContext) async throws(RPCStatus) -> SimpleResponse {
        try require(request.expectCompressed, context)
        echoMetadata(context)
        try fail(with: request.responseStatus)
        try requireCompressable(request.responseType)
        if let compressed = request.responseCompressed { context.grpc?.compressesMessages = compressed.value }
        var response = SimpleResponse()
        response.payload = try payload(size: request.responseSize)
        if context.grpc == nil {
            response.username = context.metadata.values(of: Self.echoInitial).joined(separator: ",")
        }
        return response
    }

    func cacheableUnaryCall(_ request: SimpleRequest, context: CallContext) async throws(RPCStatus) -> SimpleResponse {
        try await unaryCall(request, context: context)
    }

    func streamingOutputCall(
        _ request: StreamingOutputCallRequest, responses: ResponseStream<StreamingOutputCallResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        echoMetadata(context)
        try await answer(request, on: responses, context)
    }

    func streamingInputCall(
        _ requests: RequestStream<StreamingInputCallRequest>, context: CallContext
    ) async throws(RPCStatus) -> StreamingInputCallResponse {
        var size: Int32 = 0
        while let request = try await requests.next() {
            try require(request.expectCompressed, context)
            size &+= Int32(clamping: request.payload?.body.count ?? 0)
        }
        var response = StreamingInputCallResponse()
        response.aggregatedPayloadSize = size
        return response
    }

    func fullDuplexCall(
        _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseStream<StreamingOutputCallResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        echoMetadata(context)
        while let request = try await requests.next() {
            try await answer(request, on: responses, context)
        }
    }

    func halfDuplexCall(
        _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseStream<StreamingOutputCallResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        echoMetadata(context)
        var owed: [ResponseParameters] = []
        var failure: RPCStatus?
        while let request = try await requests.next() {
            // Nothing is answered after a failure, so nothing is kept either.
            guard failure == nil else { continue }
            do throws(RPCStatus) {
                try check(request)
            } catch {
                failure = error
                continue
            }
            guard owed.count + request.responseParameters.count <= Self.mostOwedMessages else {
                throw RPCStatus(.resourceExhausted, "HalfDuplexCall owes at most \(Self.mostOwedMessages) messages")
            }
            owed += request.responseParameters
        }
        for parameters in owed {
            try await answer(parameters, on: responses, context)
        }
        if let failure { throw failure }
    }

    func unimplementedCall(_ request: Empty, context: CallContext) async throws(RPCStatus) -> Empty {
        throw RPCStatus(.unimplemented, "method UnimplementedCall")
    }

    private func answer(
        _ request: StreamingOutputCallRequest, on responses: ResponseStream<StreamingOutputCallResponse>,
        _ context: CallContext
    ) async throws(RPCStatus) {
        try check(request)
        for parameters in request.responseParameters {
            try await answer(parameters, on: responses, context)
        }
    }

    private func answer(
        _ parameters: ResponseParameters, on responses: ResponseStream<StreamingOutputCallResponse>,
        _ context: CallContext
    ) async throws(RPCStatus) {
        try await wait(microseconds: parameters.intervalUs)
        // A later message may be compressed, so the stream says from the beginning that some are.
        context.grpc?.compressesMessages = parameters.compressed?.value ?? false
        var response = StreamingOutputCallResponse()
        response.payload = try payload(size: parameters.size)
        try await responses.send(response)
    }

    /// Throws what a request asks to fail with, or fails for.
    private func check(_ request: StreamingOutputCallRequest) throws(RPCStatus) {
        try fail(with: request.responseStatus)
        try requireCompressable(request.responseType)
    }

    private func requireCompressable(_ type: PayloadType) throws(RPCStatus) {
        guard type == .compressable else {
            throw RPCStatus(.invalidArgument, "unsupported response_type \(type.rawValue): only COMPRESSABLE is served")
        }
    }

    private func payload(size: Int32) throws(RPCStatus) -> Payload {
        guard size >= 0 else {
            throw RPCStatus(.invalidArgument, "response_size \(size) is negative")
        }
        guard size <= Self.largestPayload else {
            throw RPCStatus(.resourceExhausted, "response_size \(size) is over \(Self.largestPayload)")
        }
        var payload = Payload()
        payload.body = [UInt8](repeating: 0, count: Int(size))
        return payload
    }

    private func fail(with status: EchoStatus?) throws(RPCStatus) {
        if let status, status.code != 0 {
            throw RPCStatus(RPCStatus.Code(rawValue: status.code), status.message)
        }
    }

    /// Throws when a request was not compressed as it says.
    private func require(_ expected: BoolValue?, _ context: CallContext) throws(RPCStatus) {
        guard let expected else { return }
        let found = context.grpc?.requestWasCompressed ?? false
        guard found == expected.value else {
            throw RPCStatus(
                .invalidArgument,
                "expect_compressed is \(expected.value), but the request was \(found ? "" : "not ")compressed")
        }
    }

    /// Sends back what the caller wants echoed in the metadata of the answer.
    private func echoMetadata(_ context: CallContext) {
        guard let grpc = context.grpc else { return }
        for value in context.metadata.values(of: Self.echoInitial) {
            grpc.initialMetadata.append(Self.echoInitial, value)
        }
        for value in context.metadata.bytes(of: Self.echoTrailing) {
            grpc.trailingMetadata.append(Self.echoTrailing, bytes: value)
        }
    }

    private func wait(microseconds: Int32) async throws(RPCStatus) {
        guard microseconds > 0 else { return }
        do {
            try await Task.sleep(for: .microseconds(microseconds))
        } catch {
            throw RPCStatus(.cancelled, "the call ended while it waited")
        }
    }
}
