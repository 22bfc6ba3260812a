// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// A call over HTTP/2 from its headers to the close of its stream, with its input and output.
final class HTTP2Stream {
    enum Phase {
        /// The request of a unary call is incomplete. Next: `running`, `answered`.
        case awaitingRequest
        /// A handler runs. Next: `answered`.
        case running
        /// The end of the call is on its way.
        case answered
    }

    /// A message that waits for its handler.
    struct Message: Hashable {
        /// The number of bytes for which the client gets credit when it is taken.
        let credit: Int
        let wasCompressed: Bool
    }

    let id: UInt32
    let route: Route
    let context: CallContext
    let encoding: GRPCEncoding
    let acceptsGzip: Bool
    /// The size of its headers.
    let headSize: Int
    var phase = Phase.running

    // Input.
    var reader = GRPCMessageReader()
    /// The request of a unary call.
    var payload = ByteBuffer()
    var messageCount = 0
    var isInputOver = false
    /// The messages that wait for the handler, oldest first; their bytes are in the call.
    var waiting = MessageQueue<Message>()
    /// The cost of the waiting messages, and of all input that is kept.
    var waitingCost = 0
    var kept = 0
    /// What its buffers take beyond their content, as last counted.
    var slack = 0
    /// The number of bytes of the current message for which the client got no credit.
    var uncredited = 0
    /// It gets credit later, because much input of other streams is kept.
    var isHeld = false
    var deadlineTimer: TimerToken?

    // Output.
    var output = ByteBuffer()
    var isHeadSent = false
    /// nghttp2 has asked for output when there was none.
    var isDeferred = false
    var trailers: HeaderBlock?
    /// When the client last read something of a complete answer.
    var lastProgress: UInt64 = 0

    init(id: UInt32, route: Route, context: CallContext, head: RequestHead) {
        self.id = id
        self.route = route
        self.context = context
        encoding = head.encoding
        acceptsGzip = head.acceptsGzip
        headSize = head.byteCount
    }

    /// The input that is kept, in bytes.
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
