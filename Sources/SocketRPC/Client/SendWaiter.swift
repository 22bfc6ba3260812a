// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A task that sends on a stream, on the client's loop.
final class SendWaiter {
    typealias Encoder = @Sendable (Arena) throws(PayloadError) -> PreparedMessage

    /// The message; nil: the half close.
    let encode: Encoder?
    private(set) var isCancelled = false
    private var continuation: CheckedContinuation<RPCStatus?, Never>?

    init(_ encode: Encoder?) {
        self.encode = encode
    }

    func wait(_ continuation: CheckedContinuation<RPCStatus?, Never>) {
        self.continuation = continuation
        if isCancelled { finish(.callCancelled) }
    }

    func cancel() {
        isCancelled = true
        finish(.callCancelled)
    }

    /// Lets the task go on; nil means that the message is on its way.
    func finish(_ status: RPCStatus?) {
        let continuation = continuation
        self.continuation = nil
        continuation?.resume(returning: status)
    }
}
