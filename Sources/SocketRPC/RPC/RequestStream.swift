// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The messages of a client on a streaming call, decoded one at a time as the handler asks for them.
package struct RequestStream<Request: ProtobufMessage>: Sendable {
    private let stream: any ServerStream

    package init(_ stream: any ServerStream) {
        self.stream = stream
    }

    /// The next message, nil after the client's half close.
    ///
    /// Throws `INTERNAL PAYLOAD_MALFORMED` for a payload that does not decode and `CANCELLED` when the call is over.
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
