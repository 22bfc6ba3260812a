// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import Logging
internal import SocketRPC
internal import SystemIO

/// The gRPC side of a connection: HTTP/2 with nghttp2 below it, calls above it.
///
/// A request follows one way: `received` to nghttp2, `requestReceived` and `dataReceived` from it, `dispatch` to the handler, `answer` from it,
/// `readOutput` to nghttp2 and `prepareOutput` to the connection.
final class HTTP2Session: CallSession {
    let connection: SocketConnection
    let environment: ServerLoop
    let framer = HTTP2Framer()
    var calls: [UInt32: ServerCall] = [:]
    var senders: [ServerCall] = []
    /// The calls between their headers and the close of their streams.
    var streams: [UInt32: HTTP2Stream] = [:]
    /// Answers to what is not gRPC, until the client has taken them.
    var plainAnswers: [UInt32: PlainAnswer] = [:]
    /// The header block that arrives; nil while trailers do.
    var head: RequestHead?
    /// How large the header block that arrives is by now, decoded.
    var blockSize = 0
    /// The header block that arrives is so large that nghttp2 must not decode the rest.
    var isBlockTooLarge = false
    /// How many bytes wait in streams to be sent.
    var callOutput = 0
    /// How many bytes are kept of the client's headers and messages.
    var keptInput = 0
    /// What the buffers for that take beyond what is in them. No client is to blame for it, but it is memory.
    var inputSlack = 0
    /// While that is much: the stream that gets credit all the same, and those that wait for theirs.
    var preferred: UInt32?
    var preferredTimer: TimerToken?
    var held = MessageQueue<UInt32>()
    /// How many bytes were inflated since the last slice.
    var inflatedNow = 0
    private var isResting = false
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
    /// How many times the limit a header block may be before its connection is closed for it.
    static let blockTolerance = 4
    /// How many bytes nghttp2 gets at once, and how many may be inflated from them before others have their turn.
    private static let sliceSize = 4 << 10
    private static let mostInflated = 1 << 20
    /// How long a stream gets credit before others while much is kept.
    static let turn = Duration.seconds(1)
    /// From then on an answer of which nothing was taken is not worth waiting for when its call has failed.
    static let stalled = Duration.milliseconds(100)
    /// What the ping of a drain carries.
    private static let drainPing: UInt64 = 0x62_61_63_6b_65_6e_64_64
    /// How long a client may take to answer it.
    private static let drainWait = Duration.seconds(1)

    init(connection: SocketConnection) {
        self.connection = connection
        environment = connection.environment
        budget = HTTP2FrameBudget(now: connection.loop.nowNanoseconds)
        framer.start(self, environment.http2, environment.configuration)
    }

    /// Whether nghttp2 must not go on.
    var stopsFramer: Bool { isOver || isBlockTooLarge }
    var heldInput: Int { keptInput + inputSlack }
    /// How many streams the client has open, as far as they cost something.
    var openCount: Int { streams.count + plainAnswers.count }
    var waitingOutput: Int { callOutput + plainAnswers.count * PlainAnswer.size }

    var openFrame: UInt64 { scanner.openUnit }
    /// Windows bound the data; but every request has an answer, and from who does not read those nothing more is read.
    var isOverBudget: Bool {
        isResting || connection.isOverHighMark || framer.waitingFrames > Self.mostWaitingFrames
    }
    var isIdle: Bool { openCount == 0 && !framer.wantsWrite }
    /// Without the client's credit no answer ends.
    var readsToEnd: Bool { true }

    func received(_ bytes: RawSpan) -> Int {
        guard !isOver else { return bytes.byteCount }
        var offset = 0
        while offset < bytes.byteCount && !isOver && !isResting {
            let slice = bytes.extracting(offset..<min(offset + Self.sliceSize, bytes.byteCount))
            offset += slice.byteCount
            take(slice)
        }
        if framer.wantsWrite || framer.isOver { connection.flushSoon() }
        return offset
    }

    /// Takes so few bytes that the frames in them, each of use, are within the budget.
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
            rest()
        }
    }

    /// Bytes that took long to look at are not followed by more of the same before others have had their turn.
    private func rest() {
        isResting = true
        connection.loop.execute { [bound = LoopBound(self, on: connection.loop)] in
            bound.withValue { session in
                session.isResting = false
                session.connection.updateInterest()
            }
        }
    }

    private func giveUp(_ verdict: HTTP2FrameBudget.Verdict) {
        environment.logger.debug(
            "closed a connection that sent too many frames",
            metadata: ["peer_pid": "\(connection.peer.pid)", "verdict": "\(verdict)"])
        let words =
            switch verdict {
            case .tooManyPings: "too_many_pings"
            case .tooManyHeaders: "too_many_headers"
            case .tooManyFrames, .tooManyResets, .fine: "too_many_frames"
            }
        giveUp(NGHTTP2_ENHANCE_YOUR_CALM, words)
    }

    private func giveUp(_ error: nghttp2_error_code, _ words: String = "") {
        isBlockTooLarge = false
        framer.goAway(error, words)
        finish()
    }

    /// Sends what nghttp2 has to say last and closes.
    private func finish() {
        prepareOutput()
        connection.close()
    }

    func prepareOutput() {
        guard !isOver else { return }
        if framer.wantsWrite && !connection.isOverHighMark, let box = connection.outputBox() {
            // The buffer is taken out for the time of its use, so that nothing a callback does can touch it.
            var buffer = ByteBuffer()
            swap(&buffer, &box.buffer)
            let goesOn = framer.produce(into: &buffer, upTo: environment.configuration.outputHighMark)
            swap(&buffer, &box.buffer)
            connection.outputAppended()
            guard goesOn else { return connection.close() }
            watchStalls()
        }
        resumeSenders()
        if framer.isOver && drainTimer == nil {
            // Either side has said goodbye and nothing is open; or the client broke the protocol and was told so.
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

    /// The client has brought something forward.
    func progressed() {
        budget.used()
    }

    /// A stream is over on both sides.
    func remember(_ id: UInt32) {
        if framer.hasInputEnded(id) { history.ended(id) }
    }

    /// A call has ended before its answer. nghttp2 is in the middle of something, so what follows has to wait.
    func resetReceived() {
        let verdict = budget.reset(now: connection.loop.nowNanoseconds)
        if verdict != .fine { resetVerdict = verdict }
    }

    func frameSent(_ id: UInt32, endsStream: Bool) {
        budget.sent()
        // A client that still sends is told that nobody listens; nothing went wrong.
        if endsStream && !framer.hasInputEnded(id) { framer.reset(id, NGHTTP2_NO_ERROR) }
    }
}

// The end of the connection.
extension HTTP2Session {
    /// A client of HTTP/2 that sends no more is gone.
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
        senders = []
        callOutput = 0
        for stream in open { abandon(stream, ServerStreams.Refusal.peerClosed.status) }
    }

    /// What the client sends until it knows of the drain is still served; then it is told which of its requests were.
    func drainingStarted() {
        guard !isOver, drainTimer == nil, !hasSentLast else { return }
        framer.announceEnd()
        environment.drainAnnounced()
        drainTimer = connection.loop.schedule(after: Self.drainWait) { [weak self] in self?.drainHeard() }
        connection.flushSoon()
    }

    /// The client's answer to a ping behind the announcement says that it has seen that.
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
        environment.drainHeard()
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

    /// Answers that are whole are not kept for a client that takes nothing of them.
    func watchStalls() {
        guard stallTimer == nil, waitingOutput > 0 || !plainAnswers.isEmpty else { return }
        let limit = environment.configuration.writeStallTimeout
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
