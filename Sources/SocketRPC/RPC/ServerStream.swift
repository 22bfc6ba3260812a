// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A server's side of one streaming call, with types erased: payloads in, messages out.
///
/// Both protocols implement it. Its methods may be called from any executor, one receive and one send at a time.
package protocol ServerStream: Sendable {
    /// The next payload from the client, nil after its half close.
    ///
    /// Throws `CANCELLED` if the call is over, or its task is cancelled.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]?

    /// Answers each message with one, in order, until the client's half close.
    ///
    /// `answer` runs on the loop of the call. While work of its that may suspend runs, or the client reads too slowly, messages wait. Throws
    /// what `answer` throws, and `CANCELLED` if the call is over.
    nonisolated(nonsending) func answerEach(
        in context: CallContext, _ answer: @escaping MethodHandler.InlineAnswer
    ) async throws(RPCStatus)

    /// Waits until a message can be sent at once. Create a large message right after that.
    ///
    /// Also returns when the call is over, which ``send(_:)`` then reports.
    nonisolated(nonsending) func waitForRoom() async throws(RPCStatus)

    /// Sends one message; waits while the client reads too slowly.
    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus)

    /// Sends one message that is encoded already, as ``send(_:)`` does.
    nonisolated(nonsending) func send(encoded message: [UInt8]) async throws(RPCStatus)
}

/// The messages that a client sends on a streaming call. Each is decoded when the handler asks for it.
package struct RequestStream<Request: ProtobufMessage>: Sendable {
    private let stream: any ServerStream

    package init(_ stream: any ServerStream) {
        self.stream = stream
    }

    /// The next message, nil after the client's half close.
    ///
    /// Throws `INTERNAL PAYLOAD_MALFORMED` for a payload that does not decode and `CANCELLED` if the call is over.
    package nonisolated(nonsending) func next() async throws(RPCStatus) -> Request? {
        guard let payload = try await stream.receive() else { return nil }
        do throws(PayloadError) {
            return try Request(decoding: payload)
        } catch {
            throw RPCStatus(error)
        }
    }

    /// The one message of a server-streaming call.
    package nonisolated(nonsending) func only() async throws(RPCStatus) -> Request {
        guard let request = try await next() else {
            throw RPCStatus(.internal, reason: "REQUEST_MISSING", "the call ended without its request message")
        }
        return request
    }
}

/// The messages of a server on a streaming call.
package struct ResponseStream<Response: ProtobufMessage>: Sendable {
    private let stream: any ServerStream

    package init(_ stream: any ServerStream) {
        self.stream = stream
    }

    /// Waits until a message can be sent at once, or the call is over. Create a large message right after that, without
    /// suspending in between, so that not many of them are kept for a slow reader.
    package nonisolated(nonsending) func waitForRoom() async throws(RPCStatus) {
        try await stream.waitForRoom()
    }

    /// Sends one message; waits while the client reads too slowly.
    ///
    /// Throws `CANCELLED` if the call is over, `RESOURCE_EXHAUSTED` for a message over the size limit.
    package nonisolated(nonsending) func send(_ response: Response) async throws(RPCStatus) {
        try await stream.send(response)
    }

    /// Sends one message that is encoded already, as ``send(_:)`` does.
    package nonisolated(nonsending) func send(encoded response: [UInt8]) async throws(RPCStatus) {
        try await stream.send(encoded: response)
    }
}
