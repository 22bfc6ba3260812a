// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

/// One call for many runtime contexts; ``BackendClient/runtimeContexts(_:)`` opens it.
public final class RuntimeContextSession: Sendable {
    private typealias Outcome = Result<[ContextResult], BackendClientError>
    private typealias Sender = CheckedContinuation<Void, Never>

    private struct State {
        var lastID: UInt64 = 0
        var outgoing: [StreamRuntimeContextsRequest] = []
        var waiting: [UInt64: CheckedContinuation<Outcome, Never>] = [:]
        /// Waits for something to send.
        var sender: Sender?
        var end: BackendClientError?

        mutating func takeSender() -> Sender? {
            defer { sender = nil }
            return sender
        }
    }

    /// How many contexts may wait for their answers.
    static let limit = 4096
    private let state = Guarded(State())

    init() {}

    /// Hands the context of an inference request to every backend, as ``BackendClient`` does with a call of its own.
    ///
    /// - Parameters:
    ///   - modelID: The model that the request is for.
    ///   - context: What the server knows of the request.
    ///   - backends: Only these backends; empty: all.
    ///   - strict: The first failure ends the dispatch and is thrown.
    /// - Returns: What each backend did, in priority order.
    /// - Throws: `TOO_MANY_CONTEXTS` when 4,096 contexts wait for their answers; what broke the call.
    public func handleRuntimeContext(
        modelID: String, _ context: RuntimeContext, backends: [String] = [], strict: Bool = false
    ) async throws(BackendClientError) -> [ContextResult] {
        let request = HandleRuntimeContextRequest(context, modelID: modelID, backends: backends, strict: strict)
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(StreamRuntimeContextsRequest(id: id, request: request), continuation)
            }
        } onCancel: {
            finish(id, .failure(.contextCancelled))
        }
        return try outcome.get()
    }
}

// The callers' side.
extension RuntimeContextSession {
    private func add(
        _ request: StreamRuntimeContextsRequest, _ continuation: CheckedContinuation<Outcome, Never>
    ) {
        let isCancelled = Task.isCancelled
        let (refusal, sender) = state.withLock { state in
            // A cancellation before this point found nothing to finish.
            let refusal = isCancelled ? .contextCancelled : state.end ?? Self.refusal(waiting: state.waiting.count)
            guard refusal == nil else { return (refusal, nil as Sender?) }
            state.waiting[request.id] = continuation
            state.outgoing.append(request)
            return (nil, state.takeSender())
        }
        if let refusal { continuation.resume(returning: .failure(refusal)) }
        sender?.resume()
    }

    private static func refusal(waiting: Int) -> BackendClientError? {
        guard waiting >= limit else { return nil }
        return BackendClientError(
            .resourceExhausted, reason: "TOO_MANY_CONTEXTS",
            "\(limit) contexts wait for their answers already; wait for some of them before handing over more")
    }

    private func finish(_ id: UInt64, _ outcome: Outcome) {
        let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
        continuation?.resume(returning: outcome)
    }
}

// The call's side.
extension RuntimeContextSession {
    /// Sends what callers hand over, until the session ends.
    func sendAll(to stream: ClientStream<StreamRuntimeContextsRequest, StreamRuntimeContextsResponse>) async {
        do throws(RPCStatus) {
            while true {
                let requests = await nextOutgoing()
                guard !requests.isEmpty else { return }
                for request in requests { try await stream.send(request) }
            }
        } catch {
            end(BackendClientError(error))
        }
    }

    /// Gives answers to those who wait for them, until the call ends.
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

    /// Everything that waits to be sent; empty when the session has ended.
    private func nextOutgoing() async -> [StreamRuntimeContextsRequest] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.outgoing.isEmpty, state.end == nil else { return true }
                state.sender = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.outgoing = [] }
            return state.outgoing
        }
    }

    /// Fails what waits, and what comes later. Only the first reason counts.
    func end(_ error: BackendClientError) {
        let (waiting, sender) = state.withLock { state in
            state.end = state.end ?? error
            let waiting = state.waiting
            state.waiting = [:]
            state.outgoing = []
            return (waiting, state.takeSender())
        }
        for continuation in waiting.values { continuation.resume(returning: .failure(error)) }
        sender?.resume()
    }
}

extension BackendClientError {
    fileprivate static let contextCancelled = BackendClientError(.cancelled, "the caller cancelled the call")

    fileprivate static let emptyAnswer = BackendClientError(
        .internal, reason: "PROTOCOL_ERROR", "the daemon's answer to a context has nothing in it")

    fileprivate static let endedByDaemon = BackendClientError(
        .unavailable, reason: "SESSION_ENDED", "the daemon ended the session of runtime contexts; open another one")
}
