// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// The ttrpc side of a connection: it does what `ServerStreams` says.
final class TTRPCSession: WireSession {
    let connection: SocketConnection
    let environment: ServerLoop
    var streams: ServerStreams
    /// The calls whose handlers run as tasks.
    var calls: [UInt32: TTRPCCall] = [:]
    /// Handlers that wait until there is room for output, the longest first.
    var senders: [TTRPCCall] = []
    private var decoder = FrameDecoder()

    init(connection: SocketConnection) {
        self.connection = connection
        environment = connection.environment
        streams = ServerStreams(limits: environment.configuration.streams)
    }

    var isInsideFrame: Bool { decoder.isDiscarding }
    var isOverBudget: Bool { streams.isOverBudget }
    var isIdle: Bool { streams.openCount == 0 }

    func received(_ bytes: RawSpan) -> Int {
        var offset = 0
        while connection.wantsInput {
            switch decoder.next(in: bytes.extracting(offset..<bytes.byteCount)) {
            case .incomplete:
                return offset
            case .frame(let header):
                let start = offset &+ FrameHeader.byteCount
                offset = start &+ header.length
                frameReceived(header, bytes.extracting(start..<offset))
            case .oversized(let header):
                offset &+= FrameHeader.byteCount
                perform(streams.oversizedReceived(header), RawSpan())
            case .hostile(let header):
                answer(header.streamID, ServerStreams.Refusal.frameTooLong(header.length).status)
                connection.close()
                return bytes.byteCount
            case .discard(let count):
                offset &+= count
            }
        }
        return offset
    }

    private func frameReceived(_ header: FrameHeader, _ body: RawSpan) {
        if let refusal = connection.refusal {
            answer(header.streamID, refusal)
            return connection.end()
        }
        if header.type == .request {
            requestReceived(header, body)
        } else if header.type == .data {
            let action = streams.dataReceived(header.streamID, flags: header.flags, length: header.length)
            perform(action, body)
        } else {
            perform(streams.strayReceived(header.streamID), body)
        }
    }

    /// Does what the stream table says; `body` is that of the frame which led to it.
    func perform(_ action: ServerStreams.Action, _ body: RawSpan) {
        switch action {
        case .ignore, .dispatch, .run, .finish: break
        case .deliver(let id): calls[id]?.received(body.copied)
        case .deliverLast(let id):
            calls[id]?.received(body.copied)
            calls[id]?.halfClosed()
        case .halfClose(let id): calls[id]?.halfClosed()
        case .refuse(let id, let refusal): answer(id, refusal.status)
        case .end(let id, let refusal): end(id, refusal.status)
        case .closeConnection: connection.close()
        }
    }

    func outputResumed() {
        guard !senders.isEmpty else { return }
        let ready = senders
        senders = []
        for call in ready { call.roomMade(.success(())) }
    }

    func callFinished(_ id: UInt32) {
        calls[id] = nil
        // The memory of a busy time is not kept for an idle one.
        if calls.isEmpty && calls.capacity > 16 { calls = [:] }
    }

    func inputEnded() {
        for id in streams.inputEnded() { calls[id]?.halfClosed() }
    }

    func connectionLost() {
        let status = ServerStreams.Refusal.peerClosed.status
        for id in streams.peerClosed() { calls[id]?.end(with: status) }
        senders = []
    }

    func drainingStarted() {
        streams.drainingStarted()
    }

    func graceEnded() {
        for action in streams.graceEnded() { perform(action, RawSpan()) }
    }
}

// Answers.
extension TTRPCSession {
    /// Ends an open call with a status, once, and cancels its handler.
    private func end(_ id: UInt32, _ status: RPCStatus) {
        answer(id, status)
        calls[id]?.end(with: status)
    }

    /// Answers a stream with a status.
    func answer(_ id: UInt32, _ status: RPCStatus) {
        guard let output = connection.outputForAppending() else { return }
        ResponseEnvelope.writeFrame(streamID: id, status: status, to: &output.buffer)
        connection.outputAppended()
    }

    /// Answers a call with a message. One that is too long, or too much for a peer that does not read, fails this call alone.
    ///
    /// Returns the status that was sent instead.
    func answer(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus? {
        let size = message.byteCount
        guard ResponseEnvelope.size(payloadSize: size) <= FrameHeader.maximumLength else {
            return refuseAnswer(id, Self.tooLong(size))
        }
        guard connection.outputCount + size <= environment.configuration.outputLimit else {
            return refuseAnswer(
                id,
                RPCStatus(
                    .resourceExhausted, reason: "OUTPUT_FULL", "too many answers wait for the client to read them",
                    retryAfter: .seconds(1)))
        }
        guard let output = connection.outputForAppending() else { return nil }
        ResponseEnvelope.writeFrame(streamID: id, payloadSize: size, to: &output.buffer)
        message.write(into: &output.buffer)
        connection.outputAppended()
        return nil
    }

    private func refuseAnswer(_ id: UInt32, _ status: RPCStatus) -> RPCStatus {
        answer(id, status)
        return status
    }

    static func tooLong(_ size: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
            "a message of \(size) bytes does not fit a frame of \(FrameHeader.maximumLength) bytes; ask for less at once"
        )
    }
}
