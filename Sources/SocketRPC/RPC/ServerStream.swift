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

    /// Lends the next payload, with an arena to decode it in, which is reset after that. Nil after the client's half close.
    nonisolated(nonsending) func receive<Result>(
        _ body: ([UInt8], Arena) throws(RPCStatus) -> Result
    ) async throws(RPCStatus) -> Result?

    /// Lends the next payload as ``receive(_:)`` does, but never suspends. Returns nil when ``receive(_:)`` is needed: nothing has come yet,
    /// the stream has ended, it has had its turn, or this is not the loop of the call.
    func receiveNow<Result>(_ body: ([UInt8], Arena) throws(RPCStatus) -> Result) throws(RPCStatus) -> Result?

    /// Waits until a message can be sent at once. Create a large message right after that.
    ///
    /// Also returns when the call is over, which ``send(_:)`` then reports.
    nonisolated(nonsending) func waitForRoom() async throws(RPCStatus)

    /// Sends one message; waits while the client reads too slowly.
    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus)

    /// Sends one message that is encoded already, as ``send(_:)`` does.
    nonisolated(nonsending) func send(encoded message: [UInt8]) async throws(RPCStatus)

    /// Sends one message as ``send(encoded:)`` does, but never suspends. Returns false when ``send(encoded:)`` is needed: there is no room,
    /// or this is not the loop of the call.
    func sendNow(encoded message: [UInt8]) throws(RPCStatus) -> Bool
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

    /// Lends the next message to `body`, without making a value of it. Nil after the client's half close.
    ///
    /// Throws as ``next()`` does, and what `body` throws.
    package nonisolated(nonsending) func next<View: ProtobufMessageView & ~Copyable, Result>(
        _ body: (borrowing View) throws(RPCStatus) -> Result
    ) async throws(RPCStatus) -> Result? where View.Message == Request {
        // A suspension costs more than a small message.
        if let now = try stream.receiveNow({ (payload, arena) throws(RPCStatus) in try arena.decoding(payload, body) })
        {
            return now
        }
        return try await stream.receive { (payload, arena) throws(RPCStatus) in try arena.decoding(payload, body) }
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

    /// Sends the answer to one message, as ``send(_:)`` does, once there is one.
    package nonisolated(nonsending) func send(_ reply: Reply<Response>) async throws(RPCStatus) {
        switch reply {
        case .now(let response): try await stream.send(response)
        case .encoded(let message): if try !stream.sendNow(encoded: message) { try await stream.send(encoded: message) }
        case .later(let work): try await stream.send(try await work())
        }
    }
}
