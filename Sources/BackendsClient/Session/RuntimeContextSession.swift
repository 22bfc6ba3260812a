// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

/// One call for many runtime contexts. ``BackendClient/withRuntimeContexts(_:)`` opens it.
///
/// Any number of tasks may use a session at once.
public final class RuntimeContextSession: Sendable {
    private typealias Outcome = Result<[ContextResult], BackendClientError>

    private struct State {
        var lastID: UInt64 = 0
        var waiting: [UInt64: OneShot<Outcome>] = [:]
        var end: BackendClientError?
    }

    /// The number of contexts that may wait for their answers.
    static let limit = 4096
    private let state = Guarded(State())
    /// What the callers hand over to be sent.
    private let requests: AsyncStream<StreamRuntimeContextsRequest>
    private let outgoing: AsyncStream<StreamRuntimeContextsRequest>.Continuation

    init() {
        (requests, outgoing) = AsyncStream.makeStream()
    }

    /// Gives the context of an inference request to every backend, in priority order, before a model is looked up.
    ///
    /// Cancelling the task ends the wait for this answer, not the session.
    ///
    /// - Parameters:
    ///   - modelID: The ID of the model that the request is for.
    ///   - context: What the server knows about the request.
    ///   - backends: The names of the backends that get it; empty: all.
    ///   - strict: Whether the first failure ends the call and is thrown.
    /// - Returns: What each backend did, in priority order.
    /// - Throws: ``FailureReason/tooManyContexts`` if 4,096 contexts wait for their answers,
    ///   ``FailureReason/sessionEnded`` after the end of the session, and why the session broke.
    public func handleRuntimeContext(
        modelID: String, _ context: RuntimeContext, backends: [String] = [], strict: Bool = false
    ) async throws(BackendClientError) -> [ContextResult] {
        guard !Task.isCancelled else { throw .callCancelled }
        let answer = OneShot<Outcome>()
        let id = try register(answer)
        let request = HandleRuntimeContextRequest(context, modelID: modelID, backends: backends, strict: strict)
        outgoing.yield(StreamRuntimeContextsRequest(id: id, request: request))
        guard let outcome = await answer.value() else {
            state.withLock { $0.waiting[id] = nil }
            throw .callCancelled
        }
        return try outcome.get()
    }
}

// The side of the callers.
extension RuntimeContextSession {
    /// Returns the ID of a context whose answer is awaited from now on.
    private func register(_ answer: OneShot<Outcome>) throws(BackendClientError) -> UInt64 {
        try state.withLock { (state) throws(BackendClientError) in
            if let refusal = state.end ?? Self.refusal(waiting: state.waiting.count) { throw refusal }
            state.lastID += 1
            state.waiting[state.lastID] = answer
            return state.lastID
        }
    }

    private static func refusal(waiting: Int) -> BackendClientError? {
        guard waiting >= limit else { return nil }
        return BackendClientError(
            .resourceExhausted, reason: .tooManyContexts,
            "\(limit) contexts wait for their answers; wait for some of them before you hand over more")
    }

    private func finish(_ id: UInt64, _ outcome: Outcome) {
        let answer = state.withLock { $0.waiting.removeValue(forKey: id) }
        answer?.set(outcome)
    }
}

// The side of the call.
extension RuntimeContextSession {
    /// Sends what the callers hand over, until the session ends.
    func sendAll(to stream: ClientStream<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse>) async {
        do throws(RPCStatus) {
            for await request in requests { try await stream.send(request) }
        } catch {
            end(BackendClientError(error))
        }
    }

    /// Gives each answer to the caller that waits for it, until the call ends.
    func receiveAll(from stream: ClientStream<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse>) async {
        do throws(RPCStatus) {
            while let response = try await stream.next() {
                switch response.result {
                case .response(let answer): finish(response.id, .success(answer.results.map { ContextResult($0) }))
                case .status(let status): finish(response.id, .failure(BackendClientError(status)))
                case nil: finish(response.id, .failure(.emptyAnswer))
                }
            }
            end(.endedByDaemon)
        } catch {
            end(BackendClientError(error))
        }
    }

    /// Fails the contexts that wait, and all later ones. The first reason counts.
    func end(_ error: BackendClientError) {
        let waiting = state.withLock { state in
            state.end = state.end ?? error
            defer { state.waiting = [:] }
            return state.waiting
        }
        for answer in waiting.values { answer.set(.failure(error)) }
        outgoing.finish()
    }
}

extension BackendClientError {
    fileprivate static let emptyAnswer = protocolError("the daemon's answer to a context is empty")

    fileprivate static let endedByDaemon = BackendClientError(
        .unavailable, reason: .sessionEnded, "the daemon ended the session of runtime contexts; open another one")
}
