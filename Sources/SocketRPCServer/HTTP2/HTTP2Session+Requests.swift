// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import SocketRPC
internal import SystemIO

// From the headers of a request to its handler.
extension HTTP2Session {
    func headersBegan(isRequest: Bool) {
        let configuration = server.configuration
        blockSize = 0
        head =
            isRequest
            ? RequestHead(byteLimit: configuration.headerBytes, pairLimit: configuration.metadataPairs) : nil
    }

    /// Trailers of a request mean nothing in gRPC, but cost as much as headers.
    ///
    /// A block that is slightly too large is answered on its stream. One that exceeds the limit many times is hostile,
    /// and the rest of it is not decoded.
    func headerReceived(_ name: RawSpan, _ value: RawSpan) {
        blockSize += name.byteCount + value.byteCount + RequestHead.headerOverhead
        guard blockSize <= Self.blockTolerance * server.configuration.headerBytes else {
            isBlockTooLarge = true
            return
        }
        head?.add(name, value, router: server.router)
    }

    func requestReceived(_ id: UInt32, endsStream: Bool) {
        guard let head else { return }
        self.head = nil
        progressed()
        // After the announcement of which requests are answered, no other is begun: the client may retry it elsewhere.
        guard !hasSentLast, openCount < streamLimit else {
            framer.reset(id, NGHTTP2_REFUSED_STREAM)
            return connection.flushSoon()
        }
        if let answer = PlainAnswer(to: head) { return respond(id, answer, requestIsOver: endsStream) }
        do throws(RPCStatus) {
            try open(id, head)
        } catch {
            return respond(id, error)
        }
        if endsStream { inputEnded(id) }
    }

    private func open(_ id: UInt32, _ head: RequestHead) throws(RPCStatus) {
        if let fault = head.fault {
            if case .metadataTooLarge = fault { resetReceived() }
            throw status(of: fault, head)
        }
        guard let route = try head.route?.get() else { return }
        guard keptInput + head.byteCount <= inputLimit else { throw ServerStreams.Refusal.streamOverBudget.status }
        if let timeout = head.timeout, timeout <= .zero { throw ServerStreams.Refusal.deadlineExceeded.status }
        let context = CallContext(
            peer: connection.peer, name: route.name, metadata: head.metadata,
            deadline: head.timeout.map { Deadline(after: $0) } ?? server.defaultDeadline, loop: connection.loop,
            grpc: GRPCExchange())
        try server.callStarted(context)
        let stream = HTTP2Stream(id: id, route: route, context: context, head: head)
        streams[id] = stream
        keep(stream, head.byteCount)
        if let handle = route.handler.streamHandler {
            guard let call = open(id, context, route.handler.kind) else { return }
            call.start { context, stream throws(RPCStatus) in try await handle(stream, context) }
        } else {
            awaitRequest(stream)
        }
    }

    /// The headers of a unary call are accepted, so the server waits for its message, even in a drain.
    private func awaitRequest(_ stream: HTTP2Stream) {
        stream.phase = .awaitingRequest
        server.openCallCount += 1
        guard let deadline = stream.context.deadline else { return }
        stream.deadlineTimer = connection.loop.schedule(at: deadline.nanoseconds) { [weak self, weak stream] in
            guard let self, let stream else { return }
            stream.deadlineTimer = nil
            endCall(stream, ServerStreams.Refusal.deadlineExceeded.status)
        }
    }

    private func status(of fault: RequestHead.Fault, _ head: RequestHead) -> RPCStatus {
        switch fault {
        case .metadataTooLarge:
            .metadataTooLarge(
                pairs: head.pairCount, bytes: head.byteCount, pairLimit: server.configuration.metadataPairs,
                byteLimit: server.configuration.headerBytes)
        case .timeoutMalformed:
            RPCStatus(
                .internal, reason: "TIMEOUT_MALFORMED",
                "malformed grpc-timeout: it must be one to eight digits and one of H, M, S, m, u, n")
        case .metadataMalformed(let key):
            RPCStatus(
                .internal, reason: "METADATA_MALFORMED", "the value of \(key) is not Base64, which its name requires")
        }
    }

    private func dispatch(_ stream: HTTP2Stream) {
        stream.phase = .running
        cancelTimer(stream)
        var payload = ByteBuffer()
        swap(&payload, &stream.payload)
        dropInput(stream, but: stream.headSize)
        start(stream.id, stream.context, stream.route.handler, payload.bytes)
        server.openCallEnded()
    }
}

// The input of streams.
extension HTTP2Session {
    func dataReceived(_ id: UInt32, _ bytes: RawSpan) {
        // The windows of the streams slow clients down; that of the connection stays open, so that no stream blocks
        // another.
        framer.consume(bytes.byteCount)
        guard let stream = streams[id] else { return plainDataReceived(id, bytes.byteCount) }
        guard stream.phase != .answered else { return }
        if bytes.byteCount > 0 { progressed() }
        var rest = bytes
        do throws(RPCStatus) {
            while rest.byteCount > 0, stream.phase != .answered {
                let (count, isWhole) = try read(stream, rest)
                rest = rest.extracting(droppingFirst: count)
                stream.uncredited += count
                if isWhole { try messageReceived(stream) }
            }
            try keep(stream)
        } catch {
            endCall(stream, error)
        }
        credit(stream)
    }

    private func read(_ stream: HTTP2Stream, _ bytes: RawSpan) throws(RPCStatus) -> (count: Int, isWhole: Bool) {
        do throws(GRPCMessageReader.Fault) {
            return try stream.reader.take(bytes)
        } catch {
            switch error {
            case .tooLong(let length): throw ServerStreams.Refusal.frameTooLong(length).status
            case .unknownFlag(let flag):
                throw RPCStatus(
                    .internal, reason: "MESSAGE_MALFORMED",
                    "a message begins with the flag \(flag), which is neither 0 nor 1")
            }
        }
    }

    /// The limit on the client's headers and messages that are kept. It has room for what the windows of all streams
    /// admit, so it only affects clients that send little that takes much memory: compression bombs, empty messages,
    /// headers by reference.
    private var inputLimit: Int {
        let configuration = server.configuration
        return streamLimit * configuration.streamWindow + 2 * configuration.streams.connectionBytes
    }

    /// Counts the input that is kept of a call.
    private func keep(_ stream: HTTP2Stream) throws(RPCStatus) {
        let grew = stream.inputCost > stream.kept
        keep(stream, stream.inputCost)
        guard !grew || keptInput <= inputLimit else { throw ServerStreams.Refusal.streamOverBudget.status }
        if !connection.countInput() { giveWay(ServerStreams.Refusal.serverOverBudget.status) }
    }

    /// Ends the call that keeps the most input.
    func giveWay(_ status: RPCStatus) {
        let open = streams.values.filter { $0.phase != .answered }
        guard let largest = open.max(by: { $0.kept + $0.slack < $1.kept + $1.slack }) else { return }
        server.state.inputBudget.refused()
        endCall(largest, status)
        connection.countInput()
    }

    private func keep(_ stream: HTTP2Stream, _ count: Int) {
        keptInput += count - stream.kept
        stream.kept = count
        let slack = stream.bufferSlack
        inputSlack += slack - stream.slack
        stream.slack = slack
    }

    /// Drops the messages of a call that is over, or has its complete request.
    func dropInput(_ stream: HTTP2Stream, but rest: Int = 0) {
        stream.waitingCost = 0
        stream.payload = ByteBuffer()
        stream.reader = GRPCMessageReader()
        keep(stream, rest)
        creditHeld(after: stream)
    }

    private func messageReceived(_ stream: HTTP2Stream) throws(RPCStatus) {
        stream.messageCount += 1
        let kind = stream.route.handler.kind
        if stream.messageCount > 1 && (kind == .unary || kind == .serverStreaming) {
            throw RPCStatus(.internal, reason: "TOO_MANY_MESSAGES", "a second message came on a call that takes one")
        }
        let wasCompressed = stream.reader.isCompressed
        if wasCompressed {
            try inflate(stream)
        } else {
            stream.payload = stream.reader.takeMessage()
        }
        defer { connection.spend(1) }
        guard stream.phase != .awaitingRequest else {
            stream.context.grpc?.requestWasCompressed = wasCompressed
            return creditHeld(after: stream)
        }
        var message = ByteBuffer()
        swap(&message, &stream.payload)
        stream.waitingCost += message.count + ServerStreams.messageOverhead
        stream.waiting.append(HTTP2Stream.Message(credit: stream.uncredited, wasCompressed: wasCompressed))
        stream.uncredited = 0
        try keep(stream)
        guard stream.phase != .answered else { return }
        creditHeld(after: stream)
        calls[stream.id]?.received(message.bytes)
    }

    private func inflate(_ stream: HTTP2Stream) throws(RPCStatus) {
        switch stream.encoding {
        case .gzip: break
        case .identity:
            throw RPCStatus(
                .internal, reason: "MESSAGE_MALFORMED",
                "a message is compressed, but the request has no grpc-encoding that says how")
        case .unknown(let name):
            throw RPCStatus(
                .unimplemented, reason: "ENCODING_UNKNOWN",
                "messages compressed with \(name) cannot be read; use identity or gzip")
        }
        let compressed = stream.reader.takeMessage()
        stream.payload = ByteBuffer()
        do throws(Gzip.Fault) {
            try server.http2.gzip.inflate(
                compressed.bytes, into: &stream.payload, limit: GRPCMessageReader.maximumLength)
            inflatedNow += stream.payload.count
        } catch {
            inflatedNow += stream.payload.count
            switch error {
            case .tooLong: throw ServerStreams.Refusal.inflatedTooLong.status
            case .corrupt: throw RPCStatus(.internal, reason: "MESSAGE_MALFORMED", "a compressed message is not gzip")
            case .noMemory:
                throw RPCStatus(.resourceExhausted, reason: "MESSAGE_TOO_LARGE", "no memory to inflate a message")
            }
        }
    }

    /// Gives the client credit for bytes that no handler takes: without it, an incomplete message could not be
    /// completed.
    ///
    /// While many incomplete messages are kept, one stream at a time gets credit.
    func credit(_ stream: HTTP2Stream) {
        guard stream.uncredited > 0, stream.phase != .answered, stream.waiting.isEmpty else { return }
        if keptInput > server.configuration.streams.connectionBytes && preferred != stream.id {
            guard preferred == nil else {
                if !stream.isHeld { held.append(stream.id) }
                stream.isHeld = true
                return
            }
            prefer(stream)
        }
        framer.consume(stream.uncredited, of: stream.id)
        stream.uncredited = 0
    }

    /// Gives this stream credit for a limited time; then it is the next stream's turn, whether the message is complete or not.
    private func prefer(_ stream: HTTP2Stream) {
        preferred = stream.id
        preferredTimer = connection.loop.schedule(after: Self.turn) { [weak self] in
            self?.preferredTimer = nil
            self?.creditHeld(after: stream)
            self?.connection.flushSoon()
        }
    }

    /// A stream has its message, or is over: streams that were held up may continue.
    private func creditHeld(after stream: HTTP2Stream) {
        if preferred == stream.id {
            preferred = nil
            if let preferredTimer { connection.loop.cancel(preferredTimer) }
            preferredTimer = nil
        }
        while preferred == nil || keptInput <= server.configuration.streams.connectionBytes {
            guard let next = held.popFirst() else { return }
            guard let stream = streams[next] else { continue }
            stream.isHeld = false
            credit(stream)
        }
    }

    func messageTaken(_ id: UInt32, length: Int) {
        guard let stream = streams[id], let message = stream.waiting.popFirst() else { return }
        stream.context.grpc?.requestWasCompressed = message.wasCompressed
        stream.waitingCost -= length + ServerStreams.messageOverhead
        keptInput -= length + ServerStreams.messageOverhead
        stream.kept -= length + ServerStreams.messageOverhead
        connection.countInput()
        framer.consume(message.credit, of: id)
        creditHeld(after: stream)
        credit(stream)
        connection.flushSoon()
    }

    func inputEnded(_ id: UInt32) {
        guard let stream = streams[id] else { return sendPlainAnswer(id) }
        guard stream.phase != .answered, !stream.isInputOver else { return }
        stream.isInputOver = true
        guard !stream.reader.isInsideMessage else {
            return endCall(
                stream,
                RPCStatus(.internal, reason: "MESSAGE_MALFORMED", "the request ended in the middle of a message"))
        }
        guard stream.phase == .awaitingRequest else {
            calls[id]?.halfClosed()
            return
        }
        guard stream.messageCount > 0 else {
            return endCall(
                stream,
                RPCStatus(.internal, reason: "REQUEST_MISSING", "the call ended without its request message"))
        }
        dispatch(stream)
    }
}
