// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Hands the context of an inference request to every backend, in priority order, before a model is looked up.
    ///
    /// - Parameters:
    ///   - modelID: The model that the request is for.
    ///   - context: What the server knows of the request.
    ///   - backends: Only these backends; empty: all.
    ///   - strict: The first failure ends the dispatch and is thrown.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: What each backend did, in priority order.
    /// - Throws: `BACKEND_NOT_FOUND` for a name that there is not; with `strict`, the first backend's failure.
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

    /// Opens one call for many contexts, which spares a busy server a call a request.
    ///
    /// The session may be used from many tasks at once, and ends when `body` does. A call that breaks fails what waits on
    /// the session; nothing is sent twice.
    ///
    /// - Parameter body: What to do with the session.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func runtimeContexts<Result>(
        _ body: (RuntimeContextSession) async throws -> Result
    ) async throws -> Result {
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
        .cancelled, reason: "SESSION_ENDED", "the session of runtime contexts has ended; open another one")
}
