// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// One connection: it moves bytes between the socket and the session of the protocol that the first byte chose.
///
/// It reads once whenever there is something to read, into the buffer that the loop's connections share, and keeps only
/// an incomplete frame at the end. Output is collected during a turn and written once at its end. Reading pauses while
/// too much output waits for the peer, or too much input for the handlers. An idle connection has no buffer.
///
/// It belongs to its loop, which holds it until it is closed. Timers hold it too, because a weak reference would make each of the others
/// cost several times as much; closing cancels them.
final class SocketConnection: EventHandler, Flushable {
    /// Open, then ending, then closed.
    enum Phase {
        case open
        /// No further call is accepted; it closes when no call is open and the output is written.
        case ending
        case closed
    }

    let loop: EventLoop
    let server: ServerLoop
    let peer: PeerCredentials
    /// The status that every call on this connection is refused with.
    let refusal: RPCStatus?
    /// Whether it is refused, and the peer has not sent anything yet.
    var isRefusedInSilence: Bool { refusal != nil && session == nil }
    /// Its share of the server's input budget; nil until it keeps something.
    var inputShare: ServerBudget.Share?
    /// Nil once it is closed.
    var socket: FileDescriptor?
    var registration: Registration?
    var session: (any WireSession)?
    var phase = Phase.open

    // Input.
    /// Input that was received and is not parsed yet.
    var rest = ByteBuffer()
    var interest = Interest.read
    /// Other connections have their turn before more input is parsed.
    private(set) var isResting = false
    private var mayRest = true
    /// What was done for the input since parsing began, see ``spend(_:)``.
    var spentWork = 0
    /// Reading continues after a pause, so the rest of the input is parsed at the end of the turn.
    var resumesInput = false
    /// When an incomplete frame began to arrive; 0: there is none.
    var frameStart: UInt64 = 0
    var frameTimer: TimerToken?
    var firstByteTimer: TimerToken?

    // Output.
    /// Output to be written; nil: none.
    var output: OutputBox?
    var isFlushScheduled = false
    /// The socket takes no more output; the loop tells when it does.
    var isWriteBlocked = false
    /// Waiting output has paused reading, until it has shrunk below the low-water mark.
    var isOutputFull = false
    /// When the peer last read something.
    var lastProgress: UInt64 = 0
    var stallTimer: TimerToken?
    /// Its share of the server's output budget; nil until something waits.
    var outputShare: ServerBudget.Share?
    /// Runs while the peer has a last chance to read, because too much waits for it.
    var overdueTimer: TimerToken?

    init(
        socket: consuming FileDescriptor, peer: PeerCredentials, refusal: RPCStatus?, server: ServerLoop
    ) throws(SystemError) {
        loop = server.loop
        self.server = server
        self.peer = peer
        self.refusal = refusal
        let number = socket.rawValue
        self.socket = consume socket
        registration = try loop.register(number, interest: .read, handler: self)
        firstByteTimer = loop.schedule(after: server.configuration.firstByteTimeout) { [self] in
            firstByteTimer = nil
            close()
        }
    }

    func ready(_ events: ReadyEvents) {
        if events.contains(.hangup) || events.contains(.error) { return close() }
        if events.contains(.writable) { write() }
        if events.contains(.readable) || events.contains(.peerClosedWrite) { read() }
    }

    /// Accepts no further call and closes once the open ones have ended and their answers are written.
    func end() {
        guard phase == .open else { return }
        phase = .ending
        if !keepsInput { rest = ByteBuffer() }
        frameStart = 0
        session?.connectionEnding()
        updateInterest()
        flushSoon()
    }

    /// Closes at once. Handlers of open calls are cancelled; answers from before are sent as far as the socket takes
    /// them.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        if let output, !isWriteBlocked {
            // If this fails, the peer has gone, which makes no difference.
            _ = try? socket?.write(&output.buffer)
        }
        let session = self.session
        self.session = nil
        session?.connectionLost()
        inputShare = nil
        outputShare = nil
        for timer in [firstByteTimer, frameTimer, stallTimer, overdueTimer] {
            if let timer { loop.cancel(timer) }
        }
        if let registration { loop.deregister(registration) }
        registration = nil
        socket = nil
        rest = ByteBuffer()
        if let output { server.scratch.giveBack(output) }
        output = nil
        server.connectionClosed(self)
    }

    /// Closes if it is ending and nothing is left to do.
    func closeIfDone() {
        guard phase == .ending, output == nil, session?.isIdle ?? true else { return }
        close()
    }

    /// Updates what the loop watches. Call after anything that may pause or resume reading.
    func updateInterest() {
        guard phase != .closed, let registration else { return }
        var wanted = Interest.none
        if isReadable { wanted = .read }
        if isWriteBlocked { wanted = Interest(rawValue: wanted.rawValue | Interest.write.rawValue) }
        guard wanted.rawValue != interest.rawValue else { return }
        let resumesReading = wanted.contains(.read) && !interest.contains(.read)
        interest = wanted
        loop.update(registration, interest: wanted)
        guard resumesReading else { return }
        // The time during which the connection was not read does not count against the peer.
        if frameStart != 0 { frameStart = loop.nowNanoseconds }
        // The rest may contain complete frames. This may be called from within the parser, so parsing continues at the
        // end of the turn.
        if !rest.isEmpty {
            resumesInput = true
            flushSoon()
        }
    }

    /// Stops parsing, and goes on in the next turn of the loop.
    func restUntilNextTurn() {
        guard !isResting, mayRest else { return }
        isResting = true
        // A timer of the next turn, which comes after what is ready then. One that was set now would still be called in this turn.
        loop.execute { [bound = LoopBound(self, on: loop)] in
            bound.loop.schedule(after: .zero) {
                bound.withValue { connection in
                    connection.isResting = false
                    connection.inputResumed()
                }
            }
        }
    }

    /// Parses what waits for its turn, and runs a closure, without a rest.
    func withoutRest(_ body: () -> Void = {}) {
        isResting = false
        mayRest = false
        defer { mayRest = true }
        inputResumed()
        body()
    }
}
