// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The answer to a unary call of a blocking client.
final class BlockingAnswer<Response: ProtobufMessage>: BlockingEndpoint {
    private let arena: Arena
    private var outcome: Result<Response, RPCStatus>?
    private(set) var isOver = false

    init(_ arena: Arena) {
        self.arena = arena
    }

    func received(_ payload: RawSpan) {
        do throws(PayloadError) {
            outcome = .success(try Response(decoding: payload, arena: arena))
        } catch {
            outcome = .failure(RPCStatus(error))
        }
        arena.reset()
    }

    func ended(_ status: RPCStatus?) {
        isOver = true
        if let status { outcome = .failure(status) }
    }

    var takesEmptyAnswer: Bool { true }

    func reset() {
        isOver = false
        outcome = nil
    }

    /// Whether the server refused the call because it is about to end.
    var isServerDraining: Bool {
        guard case .failure(let status) = outcome else { return false }
        return status.isServerDraining
    }

    func response() throws(RPCStatus) -> Response {
        guard let outcome else {
            throw RPCStatus(.internal, reason: "PROTOCOL_ERROR", "the call ended without an answer")
        }
        return try outcome.get()
    }
}
