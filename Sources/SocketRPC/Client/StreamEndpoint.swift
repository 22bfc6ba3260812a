// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The caller's side of a streaming call.
final class StreamEndpoint: CallEndpoint {
    let inbox: StreamInbox
    /// The request message of a kind that has only one.
    var request: SendWaiter.Encoder?
    /// Whether the caller has ended its half of the call.
    var isHalfClosed = false
    /// The number of frames after the request.
    var sentFrames = 0
    /// Whether the connection has listed that a task waits here for room.
    var isListed = false
    private var hasReceived = false
    private var blocked: SendWaiter?

    init(_ inbox: StreamInbox) {
        self.inbox = inbox
    }

    func prepareRequest(_ arena: Arena) throws(PayloadError) -> PreparedMessage? {
        guard let request else { return nil }
        return try request(arena)
    }

    func received(_ payload: RawSpan, _ arena: Arena) {
        hasReceived = true
        inbox.put(payload.copied)
    }

    func ended(_ status: RPCStatus?, isLocal: Bool) {
        inbox.end(status, isLocal: isLocal)
        takeBlocked()?.finish(status ?? .callEnded)
    }

    var isRepeatable: Bool { sentFrames == 0 && !hasReceived }

    var stream: StreamEndpoint? { self }

    /// Holds a task until there is room for its message.
    func block(_ waiter: SendWaiter) {
        guard blocked == nil else {
            waiter.finish(.misuse("two tasks send on one stream"))
            return
        }
        blocked = waiter
    }

    func takeBlocked() -> SendWaiter? {
        let waiter = blocked
        blocked = nil
        return waiter
    }

    func cancelled(_ waiter: SendWaiter) {
        if blocked === waiter { blocked = nil }
        waiter.cancel()
    }
}

/// A task that sends on a stream. It belongs to the client's loop.
final class SendWaiter {
    typealias Encoder = @Sendable (Arena) throws(PayloadError) -> PreparedMessage

    /// The message; nil: the half close.
    let encode: Encoder?
    private(set) var isCancelled = false
    private var continuation: TaskContinuation<RPCStatus?>?

    init(_ encode: Encoder?) {
        self.encode = encode
    }

    func wait(_ continuation: TaskContinuation<RPCStatus?>) {
        self.continuation = continuation
        if isCancelled { finish(.callCancelled) }
    }

    func cancel() {
        isCancelled = true
        finish(.callCancelled)
    }

    /// Resumes the task; nil means that the message is on its way.
    func finish(_ status: RPCStatus?) {
        let continuation = continuation
        self.continuation = nil
        continuation?.resume(returning: status)
    }
}
