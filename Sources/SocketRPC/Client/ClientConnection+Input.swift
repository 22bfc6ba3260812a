// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// From the server to the callers.
extension ClientConnection {
    func read() {
        var buffer = ByteBuffer()
        swap(&buffer, &input)
        let isOpen = read(into: &buffer)
        if buffer.isEmpty && buffer.capacity > Self.spareCapacity { buffer.shrink(toCapacity: Self.readSize) }
        swap(&buffer, &input)
        if !isOpen { lose() }
    }

    /// Reads what is left after a write has failed.
    func readToEnd() {
        streams.inputEnded()
        var buffer = ByteBuffer()
        swap(&buffer, &input)
        parse(&buffer)
        // More than a socket's buffer can hold, so that a peer that keeps sending is not read forever.
        for _ in 0..<1024 {
            guard read(into: &buffer, isLast: true) else { break }
        }
    }

    /// Reads once and handles the frames that are complete. Returns whether there may be more.
    private func read(into buffer: inout ByteBuffer, isLast: Bool = false) -> Bool {
        do throws(SystemError) {
            let part = buffer.reserve(partOf: decoder.awaited, atMost: Self.readSize)
            switch try socket.read(into: &buffer, atMost: part) {
            case .bytes:
                parse(&buffer)
                return true
            case .wouldBlock:
                return !isLast
            case .endOfFile:
                streams.inputEnded()
                parse(&buffer)
                return false
            }
        } catch {
            return false
        }
    }

    private func parse(_ buffer: inout ByteBuffer) {
        while registration != nil {
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
                let action = received(header)
                if case .wait(let id) = action {
                    if waitForReader(id) { return }
                } else {
                    act(action, buffer.bytes.extracting(FrameHeader.byteCount..<size))
                    buffer.consume(size)
                }
            }
        }
    }

    private func received(_ header: FrameHeader) -> ClientStreams.Action {
        if header.type == .data, let taken = calls[header.streamID]?.endpoint.stream?.inbox.takeTaken(), taken.count > 0
        {
            streams.messagesTaken(header.streamID, count: taken.count, bytes: taken.bytes)
        }
        return streams.received(header)
    }

    private func act(_ action: ClientStreams.Action, _ body: RawSpan) {
        switch action {
        case .ignore, .wait:
            closeIfRetired()
        case .answer(let id):
            guard let call = calls.removeValue(forKey: id) else { return }
            answered(call, body)
            resumeReading()
            callEnded()
        case .deliver(let id):
            noteAnswer()
            guard let call = calls[id] else { return }
            call.endpoint.received(body, arena)
            pauseReading(for: call, id)
        case .deliverLast(let id):
            calls[id]?.endpoint.received(body, arena)
            end(id, nil)
        case .end(let id):
            end(id, nil)
        case .fail(let id, let failure, let aftermath):
            end(id, failure.status)
            settle(id, aftermath)
        }
    }

    private func end(_ id: UInt32, _ status: RPCStatus?) {
        noteAnswer()
        calls.removeValue(forKey: id)?.end(status, isLocal: false, on: loop)
        resumeReading()
        callEnded()
    }

    private func answered(_ call: ClientCall, _ body: RawSpan) {
        let answer: ResponseEnvelope
        do throws(EnvelopeError) {
            answer = try ResponseEnvelope(reading: body)
        } catch {
            return call.end(.malformedResponse(error), isLocal: false, on: loop)
        }
        guard let status = answer.status else {
            noteAnswer()
            if !call.kind.serverStreams || !answer.payload.isEmpty {
                call.endpoint.received(body.extracting(answer.payload), arena)
            }
            return call.end(nil, isLocal: false, on: loop)
        }
        guard status.isServerDraining else {
            noteAnswer()
            return call.end(status, isLocal: false, on: loop)
        }
        core?.refusedByDraining(call, status, on: self)
        retire()
    }

    /// The server accepts calls.
    private func noteAnswer() {
        guard !hasAnswered, !isRetiring else { return }
        hasAnswered = true
        core?.policy.recovered()
    }
}

// Slow readers.
extension ClientConnection {
    /// Pauses reading if too much waits for one reader and no other call uses the connection.
    private func pauseReading(for call: ClientCall, _ id: UInt32) {
        guard !isReadPaused, streams.openCount == 1,
            streams.waitingBytes(of: id) > configuration.streams.streamBytes / 2,
            let inbox = call.endpoint.stream?.inbox
        else { return }
        pauseReading(until: .drained, inbox)
    }

    /// Leaves a frame until its reader has made room for it. Returns false if it has already.
    ///
    /// Other calls on the connection have to wait too, so the reader has a limited time if there are any.
    private func waitForReader(_ id: UInt32) -> Bool {
        guard let inbox = calls[id]?.endpoint.stream?.inbox else {
            act(streams.readerStalled(id), RawSpan())
            return false
        }
        isReadPaused = false
        pauseReading(until: .taken, inbox)
        guard isReadPaused, streams.openCount > 1, readerTimer == nil else { return isReadPaused }
        readerTimer = loop.schedule(after: configuration.readerPatience) { [weak self] in
            guard let self else { return }
            self.readerTimer = nil
            self.act(self.streams.readerStalled(id), RawSpan())
        }
        return true
    }

    private func pauseReading(until mark: StreamInbox.Mark, _ inbox: StreamInbox) {
        let connection = LoopBound(self, on: loop)
        isReadPaused = inbox.notify(when: mark) {
            connection.loop.execute {
                connection.withValue { $0.resumeReading() }
            }
        }
        updateInterest()
    }

    func resumeReading() {
        guard isReadPaused else { return }
        isReadPaused = false
        if let readerTimer { loop.cancel(readerTimer) }
        readerTimer = nil
        guard registration != nil else { return }
        var buffer = ByteBuffer()
        swap(&buffer, &input)
        parse(&buffer)
        swap(&buffer, &input)
        updateInterest()
    }
}
