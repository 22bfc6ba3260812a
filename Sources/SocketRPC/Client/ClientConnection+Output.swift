// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// From the callers to the server.
extension ClientConnection {
    /// Sends the request of a call, or ends the call if it cannot be sent.
    func open(_ call: ClientCall) {
        do throws(RPCStatus) {
            let id = try appendRequest(call)
            call.phase = .open(self, id)
            calls[id] = call
        } catch {
            call.end(error, isLocal: true, on: loop)
            core?.closeIfDone()
            return
        }
        resumeReading()
        flushSoon()
        if let stream = call.endpoint.stream, let waiter = stream.takeBlocked() { send(waiter, of: call, stream) }
        if streams.isExhausted { retire() }
    }

    private func appendRequest(_ call: ClientCall) throws(RPCStatus) -> UInt32 {
        let timeout = try timeoutNano(of: call)
        defer { arena.reset() }
        let payload: PreparedMessage?
        do throws(PayloadError) {
            payload = try call.endpoint.prepareRequest(arena)
        } catch {
            throw RPCStatus(error)
        }
        guard let message = payload else { return try beginRequest(call, timeout: timeout, payloadSize: 0) }
        let id = try beginRequest(call, timeout: timeout, payloadSize: message.byteCount)
        message.write(into: &output)
        return id
    }

    /// The timeout to send to the server: the nanoseconds left, 0 without a deadline.
    private func timeoutNano(of call: ClientCall) throws(RPCStatus) -> Int64 {
        guard let deadline = call.deadline else { return 0 }
        let now = loop.nowNanoseconds
        guard !deadline.hasPassed(now: now) else { throw .deadlinePassed }
        return Int64(clamping: deadline.nanoseconds - now)
    }

    /// Writes the Request frame of a call up to its payload, which follows.
    private func beginRequest(_ call: ClientCall, timeout: Int64, payloadSize: Int) throws(RPCStatus) -> UInt32 {
        let size = RequestEnvelope.size(
            service: call.service, method: call.method, payloadSize: payloadSize, timeoutNano: timeout,
            metadata: call.metadata)
        guard size <= FrameHeader.maximumLength else { throw .requestTooLarge(size) }
        guard let id = streams.callOpened(call.kind, at: appended) else {
            throw RPCStatus(.internal, reason: "CLIENT_FAULT", "a connection without room was given a call")
        }
        output.reserve(FrameHeader.byteCount + size)
        FrameHeader(length: size, streamID: id, type: .request, flags: call.kind.requestFlags).write(to: &output)
        RequestEnvelope.write(
            service: call.service, method: call.method, payloadSize: payloadSize, timeoutNano: timeout,
            metadata: call.metadata, to: &output)
        appended += UInt64(FrameHeader.byteCount + size)
        return id
    }

    /// Sends a message of a call, or its half close, once there is room.
    func send(_ waiter: SendWaiter, of call: ClientCall, _ stream: StreamEndpoint) {
        guard case .open(_, let id) = call.phase else { return }
        guard !stream.isHalfClosed else {
            return waiter.finish(waiter.encode == nil ? nil : .misuse("a message is sent after the half close"))
        }
        guard let encode = waiter.encode else {
            stream.isHalfClosed = true
            stream.sentFrames += 1
            if streams.halfClosed(id) { append(.halfClose(of: id)) }
            flushSoon()
            return waiter.finish(nil)
        }
        guard output.count < configuration.outputHighMark else {
            stream.block(waiter)
            if !stream.isListed { blocked.append(call) }
            stream.isListed = true
            return
        }
        waiter.finish(appendMessage(id, encode))
        stream.sentFrames += 1
        flushSoon()
    }

    private func appendMessage(_ id: UInt32, _ encode: SendWaiter.Encoder) -> RPCStatus? {
        defer { arena.reset() }
        do throws(PayloadError) {
            let message = try encode(arena)
            let size = message.byteCount
            guard size <= FrameHeader.maximumLength else { return .requestTooLarge(size) }
            output.reserve(FrameHeader.byteCount + size)
            FrameHeader(length: size, streamID: id, type: .data).write(to: &output)
            message.write(into: &output)
            appended += UInt64(FrameHeader.byteCount + size)
            return nil
        } catch {
            return RPCStatus(error)
        }
    }

    /// Appends a frame without a body.
    func append(_ frame: FrameHeader) {
        frame.write(to: &output)
        appended += UInt64(FrameHeader.byteCount)
    }

    /// Gives a call up: tells its caller, and the server as far as the protocol can.
    func giveUp(_ call: ClientCall, _ id: UInt32, _ status: RPCStatus) {
        let aftermath = status.code == .deadlineExceeded ? streams.deadlinePassed(id) : streams.abandoned(id)
        calls[id] = nil
        call.end(status, isLocal: true, on: loop)
        settle(id, aftermath)
    }

    /// Completes a call that has ended here but not on the server.
    func settle(_ id: UInt32, _ aftermath: ClientStreams.Aftermath) {
        if aftermath.contains(.halfClose) { append(.halfClose(of: id)) }
        if aftermath.contains(.cancel) { append(.cancel(id)) }
        if !aftermath.isDisjoint(with: [.halfClose, .cancel]) { flushSoon() }
        resumeReading()
        if aftermath.contains(.retire) { retire() }
        callEnded()
    }

    /// A call has ended.
    func callEnded() {
        closeIfRetired()
        core?.closeIfDone()
        core?.pump()
    }
}

// From the buffer to the kernel.
extension ClientConnection {
    func flushSoon() {
        guard !isFlushSet, !isWriteBlocked, !output.isEmpty else { return }
        isFlushSet = true
        loop.flushLater(self)
    }

    func flush() {
        isFlushSet = false
        if registration != nil { write() }
    }

    func write() {
        let before = output.count
        do throws(SystemError) {
            isWriteBlocked = try socket.write(&output) == .wouldBlock
            written += UInt64(before - output.count)
        } catch {
            written += UInt64(before - output.count)
            // What the peer sent before it closed still counts.
            readToEnd()
            lose()
            return
        }
        updateInterest()
        if output.isEmpty && output.capacity > Self.spareCapacity { output.shrink(toCapacity: 0) }
        guard output.count <= configuration.outputLowMark else { return }
        resumeSenders()
        closeIfRetired()
        core?.pump()
    }

    private func resumeSenders() {
        guard !blocked.isEmpty else { return }
        let calls = blocked
        blocked = []
        for call in calls {
            guard let stream = call.endpoint.stream else { continue }
            stream.isListed = false
            guard let waiter = stream.takeBlocked() else { continue }
            send(waiter, of: call, stream)
        }
    }

    func updateInterest() {
        guard let registration else { return }
        var interest: Interest = isReadPaused ? [] : .read
        if isWriteBlocked { interest.insert(.write) }
        loop.update(registration, interest: interest)
    }
}
