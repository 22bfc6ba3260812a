// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The messages of a streaming call of a blocking client that were received while it waited for something else.
final class BlockingInbox: BlockingEndpoint {
    private var messages = MessageQueue<[UInt8]>()
    /// How the call ended, once it has; the inner nil means OK.
    private(set) var end: RPCStatus??

    let takesEmptyAnswer: Bool

    init(takesEmptyAnswer: Bool) {
        self.takesEmptyAnswer = takesEmptyAnswer
    }

    func reset() {
        end = nil
    }

    /// Whether `next` has something to say.
    var isReady: Bool { !messages.isEmpty || end != nil }

    func received(_ payload: RawSpan) {
        messages.append(payload.copied)
    }

    func ended(_ status: RPCStatus?) {
        if end == nil { end = .some(status) }
    }

    /// The next message; nil at the end.
    func next() throws(RPCStatus) -> [UInt8]? {
        if let message = messages.popFirst() { return message }
        if let end, let status = end { throw status }
        return nil
    }
}
