// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A client's side of one streaming call of any kind.
package struct ClientStream<Request: ProtobufMessage, Response: ProtobufMessage>: Sendable {
    private let transport: any ClientStreamTransport

    package init(_ transport: any ClientStreamTransport) {
        self.transport = transport
    }

    /// Sends one message.
    package nonisolated(nonsending) func send(_ request: Request) async throws(RPCStatus) {
        try await transport.send(request)
    }

    /// Ends this side of the call: the half close.
    package nonisolated(nonsending) func finishSending() async throws(RPCStatus) {
        try await transport.finishSending()
    }

    /// The next message, nil at the end of the stream; throws the status that ended the call.
    package nonisolated(nonsending) func next() async throws(RPCStatus) -> Response? {
        guard let payload = try await transport.receive() else { return nil }
        do throws(PayloadError) {
            return try Response(decoding: payload)
        } catch {
            throw RPCStatus(error)
        }
    }
}

/// A client's side of one streaming call, with types erased.
package protocol ClientStreamTransport: Sendable {
    /// The next payload from the server, nil at the end of the stream; throws the call's status.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]?
    /// Sends one message; waits while the connection's output is full.
    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus)
    /// Ends this side of the call.
    nonisolated(nonsending) func finishSending() async throws(RPCStatus)
}
