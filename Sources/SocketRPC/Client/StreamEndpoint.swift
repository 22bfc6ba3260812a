// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The caller's end of a streaming call.
final class StreamEndpoint: CallEndpoint {
    let inbox: StreamInbox
    /// The one request of a kind that has one.
    var request: SendWaiter.Encoder?
    /// Whether the caller has said that no further message comes.
    var isHalfClosed = false
    /// How many frames followed the request.
    var sentFrames = 0
    /// Whether the connection knows that a task waits here for room.
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

    /// Keeps a task until there is room for its message.
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
