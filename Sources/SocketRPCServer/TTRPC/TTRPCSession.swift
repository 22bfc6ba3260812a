// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// The ttrpc session of a connection: it performs the actions of its `ServerStreams`.
final class TTRPCSession: WireSession, CallWire {
    let connection: SocketConnection
    let server: ServerLoop
    var streams: ServerStreams
    var calls = CallTable()
    /// The method of the last request.
    var lastRoute: Route?
    private var decoder = FrameDecoder()

    init(connection: SocketConnection) {
        self.connection = connection
        server = connection.server
        streams = ServerStreams(limits: server.configuration.streams)
    }

    var openFrame: UInt64 { decoder.openDiscard }
    var awaitedFrame: Int { decoder.awaited }
    var heldInput: Int { streams.waitingBytes }
    var isOverBudget: Bool { streams.isOverBudget }
    var isIdle: Bool { streams.openCount == 0 }
    var readsToEnd: Bool { false }

    func received(_ bytes: RawSpan) -> Int {
        var offset = 0
        while connection.takesInput, !isOverBudget {
            switch decoder.next(in: bytes.extracting(offset..<bytes.byteCount)) {
            case .incomplete:
                return offset
            case .frame(let header):
                let start = offset &+ FrameHeader.byteCount
                offset = start &+ header.length
                frameReceived(header, bytes.extracting(start..<offset))
                connection.spend(1)
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
        if header.type == .request {
            requestReceived(header, body)
        } else if header.type == .data {
            let action = streams.dataReceived(header.streamID, flags: header.flags, length: header.length)
            perform(action, body)
            if !connection.countInput() { giveWay(ServerStreams.Refusal.serverOverBudget.status) }
        } else if header.type == .cancel {
            perform(streams.cancelReceived(header.streamID), body)
        } else {
            perform(streams.strayReceived(header.streamID), body)
        }
    }

    /// Performs an action; `body` is that of the frame that led to it.
    func perform(_ action: ServerStreams.Action, _ body: RawSpan) {
        switch action {
        case .ignore, .dispatch, .run, .finish: break
        case .deliver(let id): calls[id]?.received(body)
        case .deliverLast(let id):
            calls[id]?.received(body)
            calls[id]?.halfClosed()
        case .halfClose(let id): calls[id]?.halfClosed()
        case .refuse(let id, let refusal): answer(id, refusal.status)
        case .end(let id, let refusal): end(id, refusal.status)
        case .closeConnection: connection.close()
        }
    }

    func giveWay(_ status: RPCStatus) {
        let action = streams.largestEnded()
        if case .end = action { server.state.inputBudget.refused() }
        perform(action, RawSpan())
        connection.countInput()
    }

    func endSlowCalls() {
        let slow = calls.takeSenders()
        server.state.outputBudget.refused(slow.count)
        for call in slow { perform(streams.outputOverBudget(call.id), RawSpan()) }
    }

    func outputResumed() {
        resumeSenders()
    }

    // Output is appended when it is created, and an answer ends its stream: there is nothing to prepare or to announce.
    func prepareOutput() {}
    func connectionEnding() {}

    func inputEnded() {
        for id in streams.inputEnded() { calls[id]?.halfClosed() }
    }

    func connectionLost() {
        let status = ServerStreams.Refusal.peerClosed.status
        for id in streams.peerClosed() { calls[id]?.end(with: status) }
        _ = calls.takeSenders()
    }

    func drainingStarted() {
        streams.drainingStarted()
    }

    func graceEnded() {
        for action in streams.graceEnded() { perform(action, RawSpan()) }
    }
}

// Requirements of calls.
extension TTRPCSession {
    func handlerNeeded(_ id: UInt32, kind: RPCKind) -> RPCStatus? {
        guard case .run = streams.handlerNeeded(id, kind: kind) else {
            return ServerStreams.Refusal.tooManyStreams.status
        }
        return nil
    }

    func handlerFinished(_ id: UInt32) -> Bool {
        calls.remove(id)
        guard case .finish = streams.handlerFinished(id) else { return false }
        return true
    }

    func deadlinePassed(_ id: UInt32) {
        perform(streams.deadlinePassed(id), RawSpan())
    }

    func messageTaken(_ id: UInt32, length: Int) {
        streams.messageTaken(id, length: length)
        connection.countInput()
        connection.updateInterest()
    }

    func hasRoom(_ id: UInt32) -> Bool { !connection.isOverHighMark }
}

// Answers.
extension TTRPCSession {
    /// Ends an open call with a status, once, and cancels its handler.
    private func end(_ id: UInt32, _ status: RPCStatus) {
        answer(id, status)
        calls[id]?.end(with: status)
    }

    func answer(_ id: UInt32, _ status: RPCStatus) {
        guard let output = connection.outputForAppending() else { return }
        ResponseEnvelope.writeFrame(streamID: id, status: status, to: &output.buffer)
        connection.outputAppended()
    }

    /// An answer that is too long, or too much for a peer that does not read, fails only its call.
    func answer(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus? {
        let size = message.byteCount
        guard ResponseEnvelope.size(payloadSize: size) <= FrameHeader.maximumLength else {
            return refuseAnswer(id, .messageTooLong(size))
        }
        guard connection.outputCount + size <= server.configuration.outputLimit else {
            return refuseAnswer(id, .outputFull)
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

    func send(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus? {
        let size = message.byteCount
        guard size <= FrameHeader.maximumLength else { return .messageTooLong(size) }
        guard let output = connection.outputForAppending() else { return nil }
        FrameHeader(length: size, streamID: id, type: .data).write(to: &output.buffer)
        message.write(into: &output.buffer)
        connection.outputAppended()
        return nil
    }

    func answerEnd(_ id: UInt32) {
        guard let output = connection.outputForAppending() else { return }
        FrameHeader(length: 0, streamID: id, type: .data, flags: [.remoteClosed, .noData]).write(to: &output.buffer)
        connection.outputAppended()
    }
}
