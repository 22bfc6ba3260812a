// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The caller's side of a unary call.
final class UnaryEndpoint<Request: ProtobufMessage, Response: ProtobufMessage>: CallEndpoint {
    typealias Outcome = Result<Response, RPCStatus>

    private let request: Request
    private var outcome: Outcome?
    private var continuation: TaskContinuation<Outcome>?

    init(_ request: Request) {
        self.request = request
    }

    /// Resumes the caller when the call is over, which it may be already.
    func wait(_ continuation: TaskContinuation<Outcome>, for call: ClientCall) {
        switch call.phase {
        case .ended(let status):
            continuation.resume(returning: .failure(status ?? .callCancelled))
        case .new, .waiting, .open:
            self.continuation = continuation
        }
    }

    func prepareRequest(_ arena: Arena) throws(PayloadError) -> PreparedMessage? {
        try arena.prepare(request)
    }

    func received(_ payload: RawSpan, _ arena: Arena) {
        do throws(PayloadError) {
            outcome = .success(try Response(decoding: payload, arena: arena))
        } catch {
            outcome = .failure(RPCStatus(error))
        }
        arena.reset()
    }

    func ended(_ status: RPCStatus?, isLocal: Bool) {
        let missing = RPCStatus(.internal, reason: "PROTOCOL_ERROR", "the call ended without an answer")
        let outcome = status.map { .failure($0) } ?? outcome ?? .failure(missing)
        let continuation = continuation
        self.continuation = nil
        continuation?.resume(returning: outcome)
    }

    var isRepeatable: Bool { true }
    var stream: StreamEndpoint? { nil }
}
