// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

private import SystemIO

extension RPCClient: RPCCaller {
    package nonisolated(nonsending) func unary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions
    ) async throws(RPCStatus) -> Response {
        typealias Endpoint = UnaryEndpoint<Request, Response>
        let deadline = (options.timeout ?? configuration.timeout).map { Deadline(after: $0) }
        let parts = LoopBound(
            sending: Self.makeUnary(method, request, options.metadata, deadline), on: loop)
        let outcome = await suspend(ifClosed: Endpoint.Outcome.failure(.clientClosed)) { core, continuation in
            parts.withValue { (call, endpoint) in
                core.start(call)
                endpoint.wait(continuation, for: call)
            }
        } onCancel: { core in
            parts.withValue { core.giveUp($0.0, .callCancelled) }
        }
        return try outcome.get()
    }

    package nonisolated(nonsending) func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions,
        _ body: nonisolated(nonsending) (ClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        let stream = RPCClientStream(
            self, service: method.service, method: method.name, kind: method.kind, metadata: options.metadata,
            deadline: (options.timeout ?? configuration.streamTimeout).map { Deadline(after: $0) })
        stream.open()
        do {
            let result = try await withTaskCancellationHandler {
                try await body(ClientStream(stream))
            } onCancel: {
                stream.cancelLater()
            }
            await stream.close()
            return result
        } catch {
            await stream.close()
            throw error
        }
    }
}

extension RPCClient {
    private static func makeUnary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ metadata: RPCMetadata, _ deadline: Deadline?
    ) -> sending (ClientCall, UnaryEndpoint<Request, Response>) {
        let endpoint = UnaryEndpoint<Request, Response>(request)
        let call = ClientCall(
            service: method.service, method: method.name, kind: .unary, metadata: metadata, deadline: deadline,
            endpoint: endpoint)
        return (call, endpoint)
    }
}
