// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

private import SystemIO

extension RPCClient: RPCCaller {
    package nonisolated(nonsending) func unary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions
    ) async throws(RPCStatus) -> Response {
        guard !interceptors.isEmpty else { return try await callOnce(method, request, options) }
        var options = options
        callStarted(service: method.service, method: method.name, &options)
        do throws(RPCStatus) {
            let response = try await callOnce(method, request, options)
            callEnded(service: method.service, method: method.name, nil)
            return response
        } catch {
            callEnded(service: method.service, method: method.name, error)
            throw error
        }
    }

    private nonisolated(nonsending) func callOnce<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCStatus) -> Response {
        typealias Endpoint = UnaryEndpoint<Request, Response>
        let deadline = CallDeadline(after: options.timeout ?? configuration.timeout)
        let parts = LoopBound(
            sending: Self.makeUnary(method, request, options.metadata, deadline), on: loop)
        let outcome: Endpoint.Outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isPosted = post { core in
                    parts.withValue { (call, endpoint) in
                        core.start(call)
                        endpoint.wait(continuation, for: call)
                    }
                }
                if !isPosted { continuation.resume(returning: .failure(.clientClosed)) }
            }
        } onCancel: {
            postLater { core in
                parts.withValue { core.giveUp($0.0, .callCancelled) }
            }
        }
        return try outcome.get()
    }

    package nonisolated(nonsending) func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions,
        _ body: nonisolated(nonsending) (ClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        var options = options
        callStarted(service: method.service, method: method.name, &options)
        let stream = RPCClientStream(
            self, service: method.service, method: method.name, kind: method.kind, metadata: options.metadata,
            deadline: CallDeadline(after: options.timeout ?? configuration.streamTimeout))
        stream.open()
        do {
            let result = try await withTaskCancellationHandler {
                try await body(ClientStream(stream))
            } onCancel: {
                stream.cancelLater()
            }
            callEnded(service: method.service, method: method.name, await stream.close())
            return result
        } catch {
            callEnded(service: method.service, method: method.name, await stream.close())
            throw error
        }
    }
}

extension RPCClient {
    private static func makeUnary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ metadata: RPCMetadata, _ deadline: CallDeadline
    ) -> sending (ClientCall, UnaryEndpoint<Request, Response>) {
        let endpoint = UnaryEndpoint<Request, Response>(request)
        let call = ClientCall(
            service: method.service, method: method.name, kind: .unary, metadata: metadata, deadline: deadline,
            endpoint: endpoint)
        return (call, endpoint)
    }

    private func callStarted(service: String, method: String, _ options: inout CallOptions) {
        for interceptor in interceptors {
            interceptor.callStarted(service: service, method: method, options: &options)
        }
    }

    private func callEnded(service: String, method: String, _ status: RPCStatus?) {
        for interceptor in interceptors.reversed() {
            interceptor.callEnded(service: service, method: method, status: status)
        }
    }
}
