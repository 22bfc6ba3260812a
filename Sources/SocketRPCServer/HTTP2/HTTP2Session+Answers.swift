// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import SocketRPC
internal import SystemIO

// From a handler's answer to the frames that nghttp2 makes of it.
extension HTTP2Session {
    func handlerNeeded(_ id: UInt32, kind: RPCKind) -> RPCStatus? {
        // Handlers of calls that were reset run until they notice that, so there may be more of them than streams.
        guard calls.count < streamLimit else {
            return ServerStreams.Refusal.tooManyStreams.status
        }
        return nil
    }

    func handlerFinished(_ id: UInt32) -> Bool {
        calls.remove(id)
        guard let stream = streams[id] else { return false }
        return stream.phase != .answered
    }

    func deadlinePassed(_ id: UInt32) {
        guard let stream = streams[id] else { return }
        endCall(stream, ServerStreams.Refusal.deadlineExceeded.status)
    }

    func hasRoom(_ id: UInt32) -> Bool {
        guard let stream = streams[id] else { return true }
        let configuration = server.configuration
        return stream.output.count < configuration.outputHighMark && waitingOutput < configuration.outputLimit
    }

    func send(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus? {
        guard let stream = streams[id] else { return nil }
        guard message.byteCount <= GRPCMessageReader.maximumLength else { return .messageTooLong(message.byteCount) }
        append(stream, message)
        answer(stream)
        return nil
    }

    func answer(_ id: UInt32, _ message: consuming PreparedMessage) -> RPCStatus? {
        guard let stream = streams[id] else { return nil }
        let size = message.byteCount
        guard size <= GRPCMessageReader.maximumLength else { return refuseAnswer(id, .messageTooLong(size)) }
        guard waitingOutput + size <= server.configuration.outputLimit else {
            return refuseAnswer(id, .outputFull)
        }
        append(stream, message)
        end(stream, nil)
        return nil
    }

    private func refuseAnswer(_ id: UInt32, _ status: RPCStatus) -> RPCStatus {
        answer(id, status)
        return status
    }

    func answerEnd(_ id: UInt32) {
        guard let stream = streams[id] else { return }
        end(stream, nil)
    }

    func answer(_ id: UInt32, _ status: RPCStatus) {
        guard let stream = streams[id] else { return respond(id, status) }
        end(stream, status)
    }

    /// Answers a request that never became a call.
    func respond(_ id: UInt32, _ status: RPCStatus) {
        framer.respond(id, .trailersOnly(status, nil), endsStream: true)
        connection.spend(1)
        connection.flushSoon()
    }

    /// Answers what is not gRPC, as soon as its request has ended.
    func respond(_ id: UInt32, _ answer: PlainAnswer, requestIsOver: Bool) {
        var answer = answer
        answer.waitForRequest()
        answer.lastProgress = connection.loop.nowNanoseconds
        plainAnswers[id] = answer
        // So that the answer is counted.
        connection.flushSoon()
        guard requestIsOver else { return watchStalls() }
        sendPlainAnswer(id)
    }

    func plainDataReceived(_ id: UInt32, _ count: Int) {
        if plainAnswers[id]?.dropped(count) == true { sendPlainAnswer(id) }
    }

    func sendPlainAnswer(_ id: UInt32) {
        guard var answer = plainAnswers[id], answer.patience != nil else { return }
        answer.waitIsOver()
        answer.lastProgress = connection.loop.nowNanoseconds
        plainAnswers[id] = answer
        framer.respond(id, answer.headers, endsStream: answer.text.isEmpty)
        connection.flushSoon()
    }

    /// Ends a call that has not ended, and cancels its handler.
    func endCall(_ stream: HTTP2Stream, _ status: RPCStatus) {
        guard stream.phase != .answered else { return }
        let wasWaiting = stream.phase == .awaitingRequest
        if isStalled(stream) {
            // The trailers would wait behind data that the client does not read.
            stream.phase = .answered
            framer.reset(stream.id, NGHTTP2_CANCEL)
            connection.flushSoon()
        } else {
            end(stream, status)
        }
        leave(stream, status, wasWaiting: wasWaiting)
    }

    /// Most of what waits is in one stream and is dropped with it. An HTTP/2 error code replaces the status, which
    /// would have to wait.
    func endSlowCalls() {
        let slowest = streams.values.max { $0.output.count < $1.output.count }
        guard !isOver else { return }
        guard let slowest, !slowest.output.isEmpty else { return endPlainAnswers() }
        server.state.outputBudget.refused()
        framer.reset(slowest.id, NGHTTP2_ENHANCE_YOUR_CALM)
        connection.flushSoon()
        guard slowest.phase != .answered else { return }
        let wasWaiting = slowest.phase == .awaitingRequest
        slowest.phase = .answered
        leave(slowest, ServerStreams.Refusal.outputOverBudget.status, wasWaiting: wasWaiting)
    }

    /// Resets the requests that get a plain answer, if no call has waiting output.
    private func endPlainAnswers() {
        server.state.outputBudget.refused(plainAnswers.count)
        for id in plainAnswers.keys.sorted() {
            plainAnswers[id]?.waitIsOver()
            framer.reset(id, NGHTTP2_ENHANCE_YOUR_CALM)
        }
        connection.flushSoon()
    }

    private func isStalled(_ stream: HTTP2Stream) -> Bool {
        let age = connection.loop.nowNanoseconds - min(stream.lastProgress, connection.loop.nowNanoseconds)
        return !stream.output.isEmpty && age > Self.stalled.clampedNanoseconds
    }

    /// nghttp2 could not send headers, so the stream would never end.
    func notSent(_ id: UInt32) {
        framer.reset(id, NGHTTP2_INTERNAL_ERROR)
        connection.flushSoon()
    }

    /// Ends a call, if it has not ended, without telling the client, because the client or the connection has gone.
    func abandon(_ stream: HTTP2Stream, _ refusal: ServerStreams.Refusal) {
        dropInput(stream)
        guard stream.phase != .answered else { return }
        let wasWaiting = stream.phase == .awaitingRequest
        stream.phase = .answered
        leave(stream, refusal.status, wasWaiting: wasWaiting)
    }

    private func leave(_ stream: HTTP2Stream, _ status: RPCStatus, wasWaiting: Bool) {
        guard wasWaiting else {
            calls[stream.id]?.end(with: status)
            return
        }
        cancelTimer(stream)
        server.callEnded(stream.context, status)
        server.openCallEnded()
    }

    func cancelTimer(_ stream: HTTP2Stream) {
        if let timer = stream.deadlineTimer { connection.loop.cancel(timer) }
        stream.deadlineTimer = nil
    }

    func streamClosed(_ id: UInt32, _ error: UInt32) {
        remember(id)
        if !plainAnswers.isEmpty, let answer = plainAnswers.removeValue(forKey: id) {
            if answer.patience != nil || isOfClient(error) { resetReceived() }
            return connection.flushSoon()
        }
        guard let stream = streams.removeValue(forKey: id) else {
            if isOfClient(error) { resetReceived() }
            return
        }
        // The memory of a busy time is not kept for an idle one.
        if streams.isEmpty && streams.capacity > 64 { streams = [:] }
        callOutput -= stream.output.count
        if stream.phase != .answered || isOfClient(error) { resetReceived() }
        abandon(stream, .callCancelled)
        connection.flushSoon()
    }

    /// Whether a stream ended because of the client. A failed call costs no more than any answer, but a client must not
    /// be able to cause resets faster because its calls are refused.
    private func isOfClient(_ error: UInt32) -> Bool {
        switch error {
        case NGHTTP2_NO_ERROR.rawValue, NGHTTP2_REFUSED_STREAM.rawValue, NGHTTP2_INTERNAL_ERROR.rawValue,
            NGHTTP2_ENHANCE_YOUR_CALM.rawValue:
            false
        default: true
        }
    }
}

// The bytes of an answer.
extension HTTP2Session {
    private func append(_ stream: HTTP2Stream, _ message: consuming PreparedMessage) {
        let before = stream.output.count
        if stream.acceptsGzip, stream.context.grpc?.compressesMessages == true {
            appendCompressed(stream, message)
        } else {
            stream.output.reserve(GRPCMessageReader.prefixSize + message.byteCount)
            stream.output.append(0)
            stream.output.append(bigEndian: UInt32(message.byteCount))
            message.write(into: &stream.output)
        }
        if before == 0 { stream.lastProgress = connection.loop.nowNanoseconds }
        callOutput += stream.output.count - before
    }

    private func appendCompressed(_ stream: HTTP2Stream, _ message: consuming PreparedMessage) {
        var plain = ByteBuffer()
        message.write(into: &plain)
        let start = stream.output.count
        stream.output.append(1)
        stream.output.append(bigEndian: 0)
        let body = stream.output.count
        if server.http2.gzip.deflate(plain.bytes, into: &stream.output) {
            stream.output.overwrite(at: start + 1, bigEndian: UInt32(stream.output.count - body))
        } else {
            stream.output.removeLast(stream.output.count - start)
            stream.output.append(0)
            stream.output.append(bigEndian: UInt32(plain.count))
            stream.output.append(plain.bytes)
        }
    }

    /// There is output: makes nghttp2 ask for it.
    private func answer(_ stream: HTTP2Stream) {
        if !stream.isHeadSent {
            stream.isHeadSent = true
            let isCompressed = stream.acceptsGzip && stream.context.grpc?.compressesMessages != nil
            framer.respond(stream.id, .head(stream.context.grpc, isCompressed: isCompressed), endsStream: false)
        } else if stream.isDeferred {
            stream.isDeferred = false
            framer.resume(stream.id)
        }
        connection.flushSoon()
    }

    /// The answer is complete.
    private func end(_ stream: HTTP2Stream, _ status: RPCStatus?) {
        stream.phase = .answered
        dropInput(stream)
        guard stream.isHeadSent || !stream.output.isEmpty else {
            framer.respond(stream.id, .trailersOnly(status, stream.context.grpc), endsStream: true)
            return connection.flushSoon()
        }
        stream.trailers = .trailers(status, stream.context.grpc)
        answer(stream)
    }

    private func readPlain(_ id: UInt32, into room: UnsafeMutableRawBufferPointer) -> HTTP2Output {
        guard var answer = plainAnswers.removeValue(forKey: id) else { return .end(0) }
        let count = unsafe answer.read(into: room)
        let isWhole = answer.text.isEmpty
        answer.lastProgress = connection.loop.nowNanoseconds
        plainAnswers[id] = answer
        return isWhole ? .end(count) : .data(count)
    }

    /// Fills a DATA frame with waiting output. With the last of it, nghttp2 gets the trailers.
    func readOutput(_ id: UInt32, into room: UnsafeMutableRawBufferPointer) -> HTTP2Output {
        guard let stream = streams[id] else { return unsafe readPlain(id, into: room) }
        let before = stream.output.count
        let result = unsafe stream.read(into: room)
        callOutput -= before - stream.output.count
        if before > stream.output.count { stream.lastProgress = connection.loop.nowNanoseconds }
        if case .lastData = result, let trailers = stream.trailers { framer.end(id, trailers) }
        return result
    }
}
