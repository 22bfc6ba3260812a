// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

extension SocketConnection {
    /// How much one turn of the loop does for the input of a connection, see ``spend(_:)``.
    private static let mostWork = 128
    /// A buffer larger than this is shrunk when little of it is in use.
    static let sparseCapacity = 32 << 10

    /// Whether more input may be parsed now.
    var wantsInput: Bool { isReadable && !isResting }

    /// The same, apart from a rest, which is too short to change what the loop watches.
    var isReadable: Bool { keepsInput && !isOutputFull && session?.isOverBudget != true }

    /// The same as ``wantsInput``, apart from what the session keeps.
    var takesInput: Bool { keepsInput && !isOutputFull && !isResting }

    /// Whether input that was received and not parsed yet is still needed.
    var keepsInput: Bool {
        phase == .open || (phase == .ending && session?.readsToEnd == true)
    }

    /// Reads once and passes on what is complete.
    func read() {
        guard wantsInput else { return }
        if rest.isEmpty {
            // The buffer is moved out while it is in use, so that nothing a handler does can touch it.
            var input = ByteBuffer()
            swap(&input, &server.scratch.input)
            if receive(into: &input, atMost: LoopScratch.readSize), keepsInput, !input.isEmpty {
                rest.append(input.bytes)
            }
            input.removeAll()
            swap(&input, &server.scratch.input)
        } else {
            // The room grows with the number of bytes that have come.
            readBehindRest(atMost: min(max(rest.count, 16 << 10), 1 << 20))
        }
        inputHandled()
    }

    /// Takes what the peer has sent, and makes further sending fail, so that no call is lost without an answer when the
    /// connection closes.
    ///
    /// Over HTTP/2 only what is there is taken, and nothing if it waits for its turn: the peer was told which calls run, and must keep
    /// sending to get their answers.
    func takeLastInput() {
        if session?.readsToEnd == true { return read() }
        withoutRest {
            try? socket?.shutDownReading()
            // More than a socket's buffer holds, with a bound.
            for _ in 0..<64 where phase == .open && wantsInput { read() }
        }
    }

    /// Counts what is done for the input: 1 for each frame or message, more for what starts a task. Parsing stops when that was much.
    func spend(_ work: Int) {
        spentWork &+= work
        if spentWork >= Self.mostWork { restUntilNextTurn() }
    }

    /// Parses the rest of the input after reading was paused.
    func inputResumed() {
        guard wantsInput, !rest.isEmpty else { return }
        var input = ByteBuffer()
        swap(&input, &rest)
        take(&input)
        keep(&input)
        inputHandled()
    }

    private func readBehindRest(atMost limit: Int) {
        var input = ByteBuffer()
        swap(&input, &rest)
        let part = input.reserve(partOf: session?.awaitedFrame ?? 0, atMost: limit)
        if receive(into: &input, atMost: part) { keep(&input) }
    }

    private func keep(_ input: inout ByteBuffer) {
        guard keepsInput, !input.isEmpty else { return }
        // A large buffer is shrunk to the size of the rest.
        if input.capacity > Self.sparseCapacity, input.capacity > 4 * input.count {
            input.shrink(toCapacity: input.count)
        }
        swap(&input, &rest)
    }

    /// Returns whether the connection continues.
    private func receive(into input: inout ByteBuffer, atMost limit: Int) -> Bool {
        guard socket != nil else { return false }
        do throws(SystemError) {
            switch try socket?.read(into: &input, atMost: limit) {
            case .bytes:
                take(&input)
                return keepsInput
            case .wouldBlock, nil:
                return true
            case .endOfFile:
                inputEnded(isWhole: input.isEmpty)
                return false
            }
        } catch {
            close()
            return false
        }
    }

    /// The peer sends no more but may still read, so calls in flight are finished. A peer that has gone is a hangup.
    ///
    /// A peer that closes mid-frame counts as lost.
    private func inputEnded(isWhole: Bool) {
        guard isWhole, (session?.openFrame ?? 0) == 0 else { return close() }
        session?.inputEnded()
        end()
    }

    private func take(_ input: inout ByteBuffer) {
        if session == nil {
            guard chooseSession(firstByte: input.bytes.byte(at: 0)) else { return close() }
        }
        guard let session else { return }
        spentWork = 0
        let openFrame = session.openFrame
        let consumed = session.received(input.bytes)
        input.consume(min(consumed, input.count))
        // A frame is complete, so the rest belongs to a later one.
        if consumed > 0 && (openFrame == 0 || session.openFrame != openFrame) { frameStart = 0 }
    }

    /// The first byte distinguishes the protocols: a ttrpc frame begins with a length under 16 MiB, HTTP/2 with `PRI`.
    private func chooseSession(firstByte: UInt8) -> Bool {
        if let firstByteTimer { loop.cancel(firstByteTimer) }
        firstByteTimer = nil
        if let refusal {
            guard firstByte == 0 || firstByte == UInt8(ascii: "P") else { return false }
            session = RefusedSession(connection: self, refusal: refusal, wire: firstByte == 0 ? .ttrpc : .http2)
            return true
        }
        switch firstByte {
        case 0: session = TTRPCSession(connection: self)
        case UInt8(ascii: "P"): session = HTTP2Session(connection: self)
        default: return false
        }
        if server.isDraining { session?.drainingStarted() }
        return session != nil
    }

    private func inputHandled() {
        guard keepsInput else { return }
        if !countInput() {
            giveWay()
            guard keepsInput else { return }
        }
        if rest.isEmpty && (session?.openFrame ?? 0) == 0 {
            frameStart = 0
        } else if frameStart == 0 {
            frameStart = loop.nowNanoseconds
            watchFrame(after: server.configuration.startedFrameTimeout)
        }
        updateInterest()
    }

    private func watchFrame(after delay: Duration) {
        guard frameTimer == nil else { return }
        frameTimer = loop.schedule(after: delay) { [self] in frameTimerFired() }
    }

    /// The timer is not moved with every frame: when it fires, it checks how long the current frame has been under way.
    private func frameTimerFired() {
        frameTimer = nil
        guard keepsInput, frameStart != 0 else { return }
        let now = loop.nowNanoseconds
        // While the connection is not read, the peer cannot finish its frame.
        if !wantsInput { frameStart = now }
        let limit = server.configuration.startedFrameTimeout.clampedNanoseconds
        let age = now - frameStart
        guard age < limit else {
            server.logger.debug(
                "closed a connection that did not finish a frame", metadata: ["peer_pid": "\(peer.pid)"])
            return close()
        }
        watchFrame(after: .nanoseconds(Int64(clamping: limit - age)))
    }
}

// The memory of the server.
extension SocketConnection {
    /// Counts the peer's input that is kept. Returns false if this connection must keep less now.
    @discardableResult
    func countInput() -> Bool {
        let bytes = rest.capacity + (session?.heldInput ?? 0)
        guard bytes > 0 || inputShare != nil, phase != .closed else { return true }
        if let inputShare { return inputShare.set(bytes) }
        let share = server.inputShare(of: self)
        inputShare = share
        return share.set(bytes)
    }

    /// The server keeps too much input, and most of it is kept here.
    func giveWay() {
        // What waits for its turn takes less once it is answered.
        if isResting { return withoutRest() }
        let status = ServerStreams.Refusal.serverOverBudget.status
        guard rest.capacity > (session?.heldInput ?? 0) else {
            session?.giveWay(status)
            return
        }
        // Most of it is an incomplete frame: only its header could be answered, and the rest of it would still come.
        server.logger.debug(
            "closed a connection because the server keeps too much input", metadata: ["peer_pid": "\(peer.pid)"])
        server.state.inputBudget.refused()
        close()
    }
}
