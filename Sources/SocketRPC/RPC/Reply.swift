// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the implementation of an inline method returns.
package enum Reply<Message: ProtobufMessage>: Sendable {
    /// The answer, at once.
    case now(Message)
    /// The answer comes from work that may suspend; it runs as a task on the loop and is cancelled like any call.
    case later(@Sendable () async throws(RPCStatus) -> Message)
}
