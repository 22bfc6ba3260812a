// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A server's side of one streaming call, with types erased: payloads in, messages out.
///
/// Both protocols implement it. Its methods may be called from any executor, one receive and one send at a time.
package protocol ServerStream: Sendable {
    /// The next payload from the client, nil after its half close.
    ///
    /// Throws `CANCELLED` when the call is over, also when its task is cancelled.
    nonisolated(nonsending) func receive() async throws(RPCStatus) -> [UInt8]?

    /// Waits until a message can be sent at once. A message that is large is best made right after it.
    ///
    /// Returns too when the call is over, which ``send(_:)`` tells.
    nonisolated(nonsending) func waitForRoom() async throws(RPCStatus)

    /// Sends one message; waits while the client reads too slowly.
    nonisolated(nonsending) func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus)
}
