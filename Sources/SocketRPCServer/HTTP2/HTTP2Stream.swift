// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A call over HTTP/2 from its headers to the close of its stream: what came for it and what is to be sent.
final class HTTP2Stream {
    enum Phase {
        /// The request of a unary call has not come whole. Next: `running`, `answered`.
        case awaitingRequest
        /// A handler runs. Next: `answered`.
        case running
        /// What ends the call is on its way.
        case answered
    }

    /// A message that waits for its handler.
    struct Message: Hashable {
        /// How many bytes the client gets credit for when it is taken.
        let credit: Int
        let wasCompressed: Bool
    }

    let id: UInt32
    let route: Route
    let context: CallContext
    let encoding: GRPCEncoding
    let acceptsGzip: Bool
    /// What its headers take.
    let headSize: Int
    var phase = Phase.running

    // Input.
    var reader = GRPCMessageReader()
    /// The request of a unary call.
    var payload = ByteBuffer()
    var messageCount = 0
    var isInputOver = false
    /// What waits for the handler, the oldest first; the messages themselves wait in its call.
    var waiting = MessageQueue<Message>()
    /// What the waiting messages cost, and everything that is kept of the client's.
    var waitingCost = 0
    var kept = 0
    /// What its buffers take beyond what is in them, as it was counted last.
    var slack = 0
    /// Bytes of the message under way that the client was given no credit for.
    var uncredited = 0
    /// Its turn for credit comes later, because much is kept of other streams.
    var isHeld = false
    var deadlineTimer: TimerToken?

    // Output.
    var output = ByteBuffer()
    var isHeadSent = false
    /// nghttp2 has asked for output when there was none.
    var isDeferred = false
    var trailers: HeaderBlock?
    /// When the client last took something of an answer that is whole.
    var lastProgress: UInt64 = 0

    init(id: UInt32, route: Route, context: CallContext, head: RequestHead) {
        self.id = id
        self.route = route
        self.context = context
        encoding = head.encoding
        acceptsGzip = head.acceptsGzip
        headSize = head.byteCount
    }

    /// What is kept of the client's, in bytes.
    var inputCost: Int { headSize + reader.keptCount + payload.count + waitingCost }

    var bufferSlack: Int { reader.slack + payload.capacity - payload.count }

    /// Moves output into a DATA frame.
    func read(into room: UnsafeMutableRawBufferPointer) -> HTTP2Output {
        let count = unsafe output.move(into: room)
        guard output.isEmpty else { return .data(count) }
        guard trailers == nil else { return .lastData(count) }
        isDeferred = count == 0
        return count == 0 ? .later : .data(count)
    }
}
