// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Gives the context of an inference request to every backend, in priority order, before a model is looked up.
    ///
    /// If one backend fails, the others still get the context.
    ///
    /// - Parameters:
    ///   - modelID: The ID of the model that the request is for.
    ///   - context: What the server knows about the request.
    ///   - backends: The names of the backends that get it; empty: all.
    ///   - strict: Whether the first failure ends the call and is thrown.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: What each backend did, in priority order.
    /// - Throws: ``FailureReason/backendNotFound`` if one of `backends` does not exist; with `strict`, the first
    ///   backend's failure.
    public func handleRuntimeContext(
        modelID: String, _ context: RuntimeContext, backends: [String] = [], strict: Bool = false,
        timeout: Duration? = nil
    ) async throws(BackendClientError) -> [ContextResult] {
        let request = HandleRuntimeContextRequest(context, modelID: modelID, backends: backends, strict: strict)
        let answer = try await calling { () async throws(RPCStatus) in
            try await contexts.handleRuntimeContext(request, options: options(timeout))
        }
        return answer.results.map { ContextResult($0) }
    }

    /// Opens one call for many contexts, so that a busy server does not make one call per request.
    ///
    /// The session ends when `body` does. If the call breaks, the contexts that wait for their answers fail; none is
    /// sent twice.
    ///
    /// - Parameter body: What to do with the session. Any number of tasks in it may use the session at once.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withRuntimeContexts<Value>(
        _ body: (RuntimeContextSession) async throws -> Value
    ) async throws -> Value {
        do {
            return try await contexts.streamRuntimeContexts { stream in
                let session = RuntimeContextSession()
                return try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { await session.sendAll(to: stream) }
                    group.addTask { await session.receiveAll(from: stream) }
                    defer {
                        session.end(.sessionEnded)
                        group.cancelAll()
                    }
                    return try await body(session)
                }
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }
}

extension BackendClientError {
    fileprivate static let sessionEnded = BackendClientError(
        .cancelled, reason: .sessionEnded, "the session of runtime contexts has ended; open another one")
}
