// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import Logging
internal import SocketRPC
internal import SystemIO

/// The gRPC session of a connection: HTTP/2 with nghttp2 below it, calls above it.
///
/// A request takes this way: `received` to nghttp2, `requestReceived` and `dataReceived` from it, `dispatch` to the
/// handler, `answer` from it, `readOutput` to nghttp2 and `prepareOutput` to the connection.
final class HTTP2Session: WireSession, CallWire {
    let connection: SocketConnection
    let server: ServerLoop
    let framer = HTTP2Framer()
    var calls = CallTable()
    /// The calls from their headers to the close of their streams.
    var streams: [UInt32: HTTP2Stream] = [:]
    /// The number of streams that the client may have open, as it was told at the beginning.
    let streamLimit: Int
    /// Answers to requests that are not gRPC, until the client has read them.
    var plainAnswers: [UInt32: PlainAnswer] = [:]
    /// The request whose header block is arriving; nil while trailers arrive.
    var head: RequestHead?
    /// The decoded size of the header block that is arriving, so far.
    var blockSize = 0
    /// The header block that is arriving is so large that nghttp2 must not decode the rest.
    var isBlockTooLarge = false
    /// The number of bytes that wait in streams to be sent.
    var callOutput = 0
    /// The number of bytes that are kept of the client's headers and messages.
    var keptInput = 0
    /// What the buffers for that take beyond their content. This is not the client's fault, but it is memory.
    var inputSlack = 0
    /// While that is much: the stream that still gets credit, and those that wait for it.
    var preferred: UInt32?
    var preferredTimer: TimerToken?
    var held = MessageQueue<UInt32>()
    /// The number of bytes that were decompressed since the last slice.
    var inflatedNow = 0
    private var resetVerdict = HTTP2FrameBudget.Verdict.fine
    private(set) var isOver = false
    private var scanner = HTTP2FrameScanner()
    private var history = HTTP2StreamHistory()
    private var budget: HTTP2FrameBudget
    // The end.
    private var drainTimer: TimerToken?
    private(set) var hasSentLast = false
    private var stallTimer: TimerToken?

    private static let mostWaitingFrames = 1_000
    /// The factor by which a header block may exceed the limit before its connection is closed.
    static let blockTolerance = 4
    /// The number of bytes that nghttp2 gets at once, and that may be decompressed from them before other connections have their turn. The
    /// first slices are smaller, because a rest begins only behind a slice.
    private static let sliceSize = 4 << 10
    private static let firstSliceSize = 512
    private static let mostInflated = 1 << 20
    /// How long a stream gets credit before the others, while much input is kept.
    static let turn = Duration.seconds(1)
    /// After this time without progress, a failed call does not wait for its remaining output.
    static let stalled = Duration.milliseconds(100)
    /// The data of the ping of a drain.
    private static let drainPing: UInt64 = 0x62_61_63_6b_65_6e_64_64
    /// How long a client may take to answer that ping.
    private static let drainWait = Duration.seconds(1)

    init(connection: SocketConnection) {
        self.connection = connection
        server = connection.server
        streamLimit = server.configuration.streams.streams
        budget = HTTP2FrameBudget(now: connection.loop.nowNanoseconds)
        framer.start(self, server.http2, server.configuration)
    }

    /// Whether nghttp2 must not go on.
    var stopsFramer: Bool { isOver || isBlockTooLarge }
    var heldInput: Int { keptInput + inputSlack }
    /// The number of the client's open streams.
    var openCount: Int { streams.count + plainAnswers.count }
    var waitingOutput: Int { callOutput + plainAnswers.count * PlainAnswer.size }

    var openFrame: UInt64 { scanner.openUnit }
    /// The windows bound the data, but not the answers: a client that does not read its answers is not read from.
    var isOverBudget: Bool {
        connection.isOverHighMark || framer.waitingFrames > Self.mostWaitingFrames
    }
    var isIdle: Bool { openCount == 0 && !framer.wantsWrite }
    /// An answer cannot end without the client's credit.
    var readsToEnd: Bool { true }

    func received(_ bytes: RawSpan) -> Int {
        guard !isOver else { return bytes.byteCount }
        var (offset, size) = (0, Self.firstSliceSize)
        while offset < bytes.byteCount && !isOver && !connection.isResting {
            let slice = bytes.extracting(offset..<min(offset + size, bytes.byteCount))
            offset += slice.byteCount
            take(slice)
            size = min(2 * size, Self.sliceSize)
        }
        if framer.wantsWrite || framer.isOver { connection.flushSoon() }
        return offset
    }

    /// Takes a slice that is so short that the frames in it fit the budget if each advances a call.
    private func take(_ bytes: RawSpan) {
        var verdict = HTTP2FrameBudget.Verdict.fine
        var fault: nghttp2_error_code?
        var late: [UInt32] = []
        let (now, isIdle) = (connection.loop.nowNanoseconds, streams.isEmpty)
        scanner.scan(bytes) { frame in
            verdict = budget.received(frame, isIdle: isIdle, now: now)
            switch history.received(frame) {
            case .fine: break
            case .reset: late.append(frame.stream)
            case .ended: fault = NGHTTP2_STREAM_CLOSED
            case .skipped: fault = NGHTTP2_PROTOCOL_ERROR
            }
            return verdict == .fine && fault == nil
        }
        if scanner.isPaddingMalformed { fault = NGHTTP2_PROTOCOL_ERROR }
        guard verdict == .fine else { return giveUp(verdict) }
        if let fault { return giveUp(fault) }
        inflatedNow = 0
        if let error = framer.receive(bytes) {
            guard !isBlockTooLarge else { return giveUp(.tooManyHeaders) }
            return giveUp(error)
        }
        for id in late {
            framer.reset(id, NGHTTP2_STREAM_CLOSED)
            resetReceived()
        }
        if resetVerdict != .fine {
            giveUp(resetVerdict)
        } else if inflatedNow > Self.mostInflated {
            connection.restUntilNextTurn()
        }
    }

    private func giveUp(_ verdict: HTTP2FrameBudget.Verdict) {
        server.logger.debug(
            "closed a connection that sent too many frames",
            metadata: ["peer_pid": "\(connection.peer.pid)", "verdict": "\(verdict)"])
        let debugText =
            switch verdict {
            case .tooManyPings: "too_many_pings"
            case .tooManyHeaders: "too_many_headers"
            case .tooManyFrames, .tooManyResets, .fine: "too_many_frames"
            }
        giveUp(NGHTTP2_ENHANCE_YOUR_CALM, debugText)
    }

    private func giveUp(_ error: nghttp2_error_code, _ debugText: String = "") {
        isBlockTooLarge = false
        framer.goAway(error, debugText)
        finish()
    }

    /// Sends nghttp2's last frames and closes.
    private func finish() {
        prepareOutput()
        connection.close()
    }

    func prepareOutput() {
        guard !isOver else { return }
        if framer.wantsWrite && !connection.isOverHighMark, let box = connection.outputBox() {
            // The buffer is moved out while it is in use, so that nothing a callback does can touch it.
            var buffer = ByteBuffer()
            swap(&buffer, &box.buffer)
            let goesOn = framer.produce(into: &buffer, upTo: server.configuration.outputHighMark)
            swap(&buffer, &box.buffer)
            connection.outputAppended()
            guard goesOn else { return connection.close() }
            watchStalls()
        }
        resumeSenders()
        if framer.isOver && drainTimer == nil {
            // One side has ended the connection and nothing is open; or the client violated the protocol and was told
            // so.
            guard openCount == 0 else { return connection.close() }
            connection.end()
        }
        connection.updateInterest()
    }

    func outputResumed() {
        guard !isOver, framer.wantsWrite else { return }
        prepareOutput()
        connection.flushSoon()
    }

    /// The client has advanced a call.
    func progressed() {
        budget.used()
    }

    /// A stream is over on both sides.
    func remember(_ id: UInt32) {
        if framer.hasInputEnded(id) { history.ended(id) }
    }

    /// A call has ended before its answer. This is called from within nghttp2, so the verdict is applied later.
    func resetReceived() {
        let verdict = budget.reset(now: connection.loop.nowNanoseconds)
        if verdict != .fine { resetVerdict = verdict }
    }

    func frameSent(_ id: UInt32, endsStream: Bool) {
        budget.sent()
        // A client that still sends is told that the rest is not read; this is not an error.
        if endsStream && !framer.hasInputEnded(id) { framer.reset(id, NGHTTP2_NO_ERROR) }
    }
}

// The end of the connection.
extension HTTP2Session {
    /// An HTTP/2 client that sends no more has gone.
    func inputEnded() {
        connection.close()
    }

    func connectionLost() {
        guard !isOver else { return }
        isOver = true
        drainHeard()
        for timer in [stallTimer, preferredTimer] {
            if let timer { connection.loop.cancel(timer) }
        }
        let open = streams.values.sorted { $0.id < $1.id }
        streams = [:]
        plainAnswers = [:]
        _ = calls.takeSenders()
        callOutput = 0
        for stream in open { abandon(stream, .peerClosed) }
    }

    /// What the client sends until it acknowledges the drain is still served; then it is told which of its requests
    /// are.
    func drainingStarted() {
        guard !isOver, drainTimer == nil, !hasSentLast else { return }
        framer.announceEnd()
        server.drainAnnounced()
        drainTimer = connection.loop.schedule(after: Self.drainWait) { [weak self] in self?.drainHeard() }
        connection.flushSoon()
    }

    /// The client's answer to a ping after the announcement tells that it has seen the announcement.
    func endAnnounced() {
        if drainTimer != nil { framer.ping(Self.drainPing) }
    }

    func pingAnswered(_ data: UInt64) {
        if data == Self.drainPing { drainHeard() }
    }

    private func drainHeard() {
        guard let timer = drainTimer else { return }
        connection.loop.cancel(timer)
        drainTimer = nil
        connectionEnding()
        server.drainHeard()
    }

    func connectionEnding() {
        guard !isOver, !hasSentLast else { return }
        hasSentLast = true
        framer.goAway(NGHTTP2_NO_ERROR, "")
        connection.flushSoon()
    }

    func graceEnded() {
        for stream in streams.values.sorted(by: { $0.id < $1.id }) {
            endCall(stream, ServerStreams.Refusal.shutDown.status)
        }
        drainHeard()
    }

    /// Complete answers are not kept for a client that does not read them.
    func watchStalls() {
        guard stallTimer == nil, waitingOutput > 0 || !plainAnswers.isEmpty else { return }
        let limit = server.configuration.writeStallTimeout
        stallTimer = connection.loop.schedule(after: limit) { [weak self] in
            guard let self else { return }
            stallTimer = nil
            let now = connection.loop.nowNanoseconds
            for stream in streams.values where stream.phase == .answered && !stream.output.isEmpty {
                guard now - stream.lastProgress >= limit.clampedNanoseconds else { continue }
                framer.reset(stream.id, NGHTTP2_CANCEL)
                connection.flushSoon()
            }
            for (id, answer) in plainAnswers where now - answer.lastProgress >= limit.clampedNanoseconds {
                guard answer.patience == nil else {
                    sendPlainAnswer(id)
                    continue
                }
                framer.reset(id, NGHTTP2_CANCEL)
                connection.flushSoon()
            }
            watchStalls()
        }
    }
}
