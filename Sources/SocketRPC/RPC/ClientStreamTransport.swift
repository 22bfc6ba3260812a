// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A client's side of one streaming call, with types erased.
package protocol ClientStreamTransport: Sendable {
    /// The next payload from the server, nil at the end of the stream; throws the call's status.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]?
    /// Sends one message; waits while the connection's output is full.
    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus)
    /// Says that no further message comes.
    nonisolated(nonsending) func finishSending() async throws(RPCStatus)
}
