// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// Answers `RuntimeContextService`. Its unary method is the daemon's busiest and runs inline.
struct RuntimeContextHandler: RuntimeContextService {
    let registry: BackendRegistry

    init(registry: BackendRegistry) {
        self.registry = registry
        registry.answerIgnoredContexts { results in
            try? HandleRuntimeContextResponse(results).encoded(escapingNUL: true)
        }
    }

    func handleRuntimeContext(
        _ request: borrowing HandleRuntimeContextRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<HandleRuntimeContextResponse> {
        guard request.hasSource else { throw Self.sourceMissing }
        try request.checkModelID(isRequired: false)
        let names = (0..<request.backendsCount).map { index in
            request.withBackends(at: index) { String(checked: $0) }
        }
        let dispatch: ContextDispatch
        do throws(BackendError) {
            dispatch = try registry.dispatch(request, to: names, strict: request.strict)
        } catch {
            throw RPCStatus(error)
        }
        switch dispatch {
        case .finished(let results):
            if let answer = results.answer { return .encoded(answer) }
            return .now(HandleRuntimeContextResponse(results.list))
        case .pending(let pending):
            return .later { () async throws(RPCStatus) in
                HandleRuntimeContextResponse(
                    try await asStatus { () async throws(BackendError) in try await pending.resume() })
            }
        }
    }

    func streamRuntimeContexts(
        _ requests: RequestStream<StreamRuntimeContextsRequest>,
        responses: ResponseStream<StreamRuntimeContextsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        while let message = try await requests.next() {
            let result: StreamRuntimeContextsResponse.Result
            do throws(RPCStatus) {
                result = .response(try await handle(message.request ?? HandleRuntimeContextRequest()))
            } catch {
                result = .status(GoogleStatus(error))
            }
            try await responses.send(StreamRuntimeContextsResponse(id: message.id, result: result))
        }
    }

    private func handle(_ request: HandleRuntimeContextRequest) async throws(RPCStatus) -> HandleRuntimeContextResponse
    {
        guard request.context?.source != nil else { throw Self.sourceMissing }
        let results = try await asStatus { () async throws(BackendError) in
            if !request.modelID.isEmpty { try ModelID.check(request.modelID) }
            let context = OwnedRuntimeContext(request.context, modelID: request.modelID)
            switch try registry.dispatch(context, to: request.backends, strict: request.strict) {
            case .finished(let results): return results.list
            case .pending(let pending): return try await pending.resume()
            }
        }
        return HandleRuntimeContextResponse(results)
    }

    private static var sourceMissing: RPCStatus {
        .invalid("context", reason: "CONTEXT_MISSING", "has neither a grpc nor an http source")
    }
}

extension HandleRuntimeContextResponse {
    fileprivate init(_ results: [ContextResult]) {
        self.init(results: results.map { BackendContextResult($0, isFollowed: results.isFollowed) })
    }
}

extension [ContextResult] {
    /// Whether a backend takes the request of the context.
    fileprivate var isFollowed: Bool {
        contains { result in
            switch result.outcome {
            case .handled, .routed, .undecided: true
            case .ignored, .failed, .refused, .declined: false
            }
        }
    }
}

extension BackendContextResult {
    /// A backend that does not follow a route leaves it to those that do; if none does it has failed.
    init(_ result: ContextResult, isFollowed: @autoclosure () -> Bool) {
        switch result.outcome {
        case .handled, .routed: self.init(backend: result.backend, outcome: .handled)
        case .ignored, .undecided: self.init(backend: result.backend, outcome: .ignored)
        case .declined where isFollowed(): self.init(backend: result.backend, outcome: .ignored)
        case .declined(let error):
            self.init(backend: result.backend, outcome: .failed, status: GoogleStatus(RPCStatus(error)))
        case .failed(let error), .refused(let error):
            self.init(backend: result.backend, outcome: .failed, status: GoogleStatus(RPCStatus(error)))
        }
    }
}
