// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// To the server.
extension BlockingConnection {
    /// Puts the request of a call into the output, up to its payload, which comes next. Returns the call's ID.
    func beginRequest(
        _ target: BlockingTarget, payloadSize: Int, _ endpoint: any BlockingEndpoint
    ) throws(RPCStatus) -> UInt32 {
        guard let timeout = target.deadline.timeoutNano(now: MonotonicClock.nowNanoseconds) else {
            throw .deadlinePassed
        }
        let size = RequestEnvelope.size(
            service: target.service, method: target.method, payloadSize: payloadSize, timeoutNano: timeout,
            metadata: target.metadata)
        guard size <= FrameHeader.maximumLength else { throw .requestTooLarge(size) }
        guard let id = streams.callOpened(target.kind, at: appended) else { throw .tooManyCalls(streams.openCount) }
        endpoints[id] = endpoint
        output.reserve(FrameHeader.byteCount + size)
        FrameHeader(length: size, streamID: id, type: .request, flags: target.kind.requestFlags).write(to: &output)
        RequestEnvelope.write(
            service: target.service, method: target.method, payloadSize: payloadSize, timeoutNano: timeout,
            metadata: target.metadata, to: &output)
        appended += UInt64(FrameHeader.byteCount + size)
        return id
    }

    func appendMessage<Message: ProtobufMessage>(_ id: UInt32, _ message: Message) throws(RPCStatus) {
        defer { arena.reset() }
        let prepared: PreparedMessage
        do throws(PayloadError) {
            prepared = try arena.prepare(message)
        } catch {
            throw RPCStatus(error)
        }
        let size = prepared.byteCount
        guard size <= FrameHeader.maximumLength else { throw .requestTooLarge(size) }
        output.reserve(FrameHeader.byteCount + size)
        FrameHeader(length: size, streamID: id, type: .data).write(to: &output)
        prepared.write(into: &output)
        appended += UInt64(FrameHeader.byteCount + size)
    }

    /// Appends a frame without a body.
    func append(_ frame: FrameHeader) {
        frame.write(to: &output)
        appended += UInt64(FrameHeader.byteCount)
    }

    /// Gives a call up, and tells the server as far as the protocol and the socket can.
    func giveUp(_ id: UInt32, _ status: RPCStatus) {
        let aftermath = status.code == .deadlineExceeded ? streams.deadlinePassed(id) : streams.abandoned(id)
        endpoints.removeValue(forKey: id)?.ended(status)
        settle(id, aftermath)
        write()
    }

    private func settle(_ id: UInt32, _ aftermath: ClientStreams.Aftermath) {
        if aftermath.contains(.halfClose) { append(.halfClose(of: id)) }
        if aftermath.contains(.cancel) { append(.cancel(id)) }
        if aftermath.contains(.retire) { isRetiring = true }
    }
}

// From the server.
extension BlockingConnection {
    func parse(_ buffer: inout ByteBuffer) {
        while !isLost {
            switch decoder.next(in: buffer.bytes) {
            case .incomplete:
                return
            case .discard(let count):
                buffer.consume(count)
            case .oversized(let header):
                buffer.consume(FrameHeader.byteCount)
                act(streams.oversizedReceived(header), RawSpan())
            case .hostile(let header):
                lose(.hostileFrame(header.length))
            case .frame(let header):
                let size = FrameHeader.byteCount + header.length
                let action = streams.received(header)
                if case .wait(let id) = action {
                    // Its reader is this task, which waits for something else.
                    act(streams.readerStalled(id), RawSpan())
                } else {
                    act(action, buffer.bytes.extracting(FrameHeader.byteCount..<size))
                    buffer.consume(size)
                }
            }
        }
    }

    private func act(_ action: ClientStreams.Action, _ body: RawSpan) {
        switch action {
        case .ignore, .wait:
            break
        case .answer(let id):
            if let endpoint = endpoints.removeValue(forKey: id) { answered(endpoint, body) }
        case .deliver(let id):
            endpoints[id]?.received(body)
        case .deliverLast(let id):
            let endpoint = endpoints.removeValue(forKey: id)
            endpoint?.received(body)
            endpoint?.ended(nil)
        case .end(let id):
            endpoints.removeValue(forKey: id)?.ended(nil)
        case .fail(let id, let failure, let aftermath):
            endpoints.removeValue(forKey: id)?.ended(failure.status)
            settle(id, aftermath)
        }
    }

    private func answered(_ endpoint: any BlockingEndpoint, _ body: RawSpan) {
        do throws(EnvelopeError) {
            let answer = try ResponseEnvelope(reading: body)
            if answer.status == nil && (endpoint.takesEmptyAnswer || !answer.payload.isEmpty) {
                endpoint.received(body.extracting(answer.payload))
            }
            if answer.status?.isServerDraining == true { isRetiring = true }
            endpoint.ended(answer.status)
        } catch {
            endpoint.ended(.malformedResponse(error))
        }
    }
}
