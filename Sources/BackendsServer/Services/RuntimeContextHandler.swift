// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// Answers `RuntimeContextService`. Its methods are the daemon's busiest, and are answered inline.
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

    /// Answers a message of a stream. An error is an answer too: the stream goes on. Only a message that does not decode, or an answer that
    /// does not fit, ends it.
    func streamRuntimeContexts(
        _ message: borrowing StreamRuntimeContextsRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<StreamRuntimeContextsResponse> {
        let id = message.id
        do throws(RPCStatus) {
            let reply = try message.withRequest { (request) throws(RPCStatus) in
                try handleRuntimeContext(request, context: context)
            }
            switch reply {
            case .encoded(let answer): return .encoded(StreamRuntimeContextsResponse.encoded(id: id, response: answer))
            case .now(let response): return .now(StreamRuntimeContextsResponse(id: id, result: .response(response)))
            case .later(let work): return .later { await StreamRuntimeContextsResponse(id: id, of: work) }
            case nil: throw Self.sourceMissing
            }
        } catch {
            return .now(StreamRuntimeContextsResponse(id: id, result: .status(GoogleStatus(error))))
        }
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

extension StreamRuntimeContextsResponse {
    fileprivate init(id: UInt64, of work: () async throws(RPCStatus) -> HandleRuntimeContextResponse) async {
        do throws(RPCStatus) {
            self.init(id: id, result: .response(try await work()))
        } catch {
            self.init(id: id, result: .status(GoogleStatus(error)))
        }
    }

    /// The message around a response that is encoded already.
    fileprivate static func encoded(id: UInt64, response: [UInt8]) -> [UInt8] {
        var message: [UInt8] = []
        // Two tags and two numbers take no more.
        message.reserveCapacity(response.count + 22)
        func append(tag: UInt8, _ number: UInt64) {
            message.append(tag)
            var rest = number
            while rest >= 0x80 {
                message.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            message.append(UInt8(rest))
        }
        if id != 0 { append(tag: 1 << 3, id) }
        append(tag: 2 << 3 | 2, UInt64(response.count))
        message += response
        return message
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
