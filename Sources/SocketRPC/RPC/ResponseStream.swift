// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The messages of a server on a streaming call.
package struct ResponseStream<Response: ProtobufMessage>: Sendable {
    private let stream: any ServerStream

    package init(_ stream: any ServerStream) {
        self.stream = stream
    }

    /// Waits until a message can be sent at once, or the call is over. A message that is large is best made right after it, without
    /// a wait between, so that one reader that is slow does not have many of them kept.
    package nonisolated(nonsending) func waitForRoom() async throws(RPCStatus) {
        try await stream.waitForRoom()
    }

    /// Sends one message; waits while the client reads too slowly.
    ///
    /// Throws `CANCELLED` when the call is over, `RESOURCE_EXHAUSTED` for a message over the size limit.
    package nonisolated(nonsending) func send(_ response: Response) async throws(RPCStatus) {
        try await stream.send(response)
    }
}
