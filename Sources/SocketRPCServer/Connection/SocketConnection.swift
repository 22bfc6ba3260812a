// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// One connection: it moves bytes between the socket and the session of whichever protocol the first byte chose.
///
/// It reads once each time there is something to read, into the buffer that the loop's connections share, and keeps only the
/// rest that is no whole frame. Output is collected during a turn and written once at its end. It stops reading while too much
/// output waits for the peer, or too much input for the handlers. An idle connection holds no buffer.
///
/// It belongs to its loop and is never used elsewhere.
final class SocketConnection: EventHandler, Flushable {
    /// Open, then ending, then closed.
    enum Phase {
        case open
        /// No further call is taken; it closes when no call is open and the output is written.
        case ending
        case closed
    }

    let loop: EventLoop
    let environment: ServerLoop
    let peer: PeerCredentials
    /// What every call on this connection is refused with.
    let refusal: RPCStatus?
    /// Whether it waits to be told why, and has not said anything yet.
    var isRefusedInSilence: Bool { refusal != nil && session == nil }
    /// Its share of what the server keeps for handlers; nil until it keeps something.
    var inputShare: ServerBudget.Share?
    /// Nothing once it is closed.
    var socket: FileDescriptor?
    var registration: Registration?
    var session: (any WireSession)?
    var phase = Phase.open

    // Input.
    /// What was received and is not done with.
    var rest = ByteBuffer()
    var interest = Interest.read
    /// Reading goes on after something held it up, so what is left is looked at again at the end of the turn.
    var resumesInput = false
    /// A frame that is not whole began to arrive then; 0: there is none.
    var frameStart: UInt64 = 0
    var frameTimer: TimerToken?
    var firstByteTimer: TimerToken?

    // Output.
    /// What is to be written; nil: nothing.
    var output: OutputBox?
    var isFlushScheduled = false
    /// The socket took no more; the loop says when it does.
    var isWriteBlocked = false
    /// More output waits than reading goes on with, and has not shrunk enough since.
    var isOutputFull = false
    /// When the peer last took something.
    var lastProgress: UInt64 = 0
    var stallTimer: TimerToken?
    /// Its share of what waits for all clients; nil until something waits.
    var outputShare: ServerBudget.Share?
    /// Runs while the peer has its last time to read, because too much waits for it.
    var overdueTimer: TimerToken?

    init(
        socket: consuming FileDescriptor, peer: PeerCredentials, refusal: RPCStatus?, environment: ServerLoop
    ) throws(SystemError) {
        loop = environment.loop
        self.environment = environment
        self.peer = peer
        self.refusal = refusal
        let number = socket.rawValue
        self.socket = consume socket
        registration = try loop.register(number, interest: .read, handler: self)
        firstByteTimer = loop.schedule(after: environment.configuration.firstByteTimeout) { [weak self] in
            self?.firstByteTimer = nil
            self?.close()
        }
    }

    func ready(_ events: ReadyEvents) {
        if events.contains(.hangup) || events.contains(.error) { return close() }
        if events.contains(.writable) { write() }
        if events.contains(.readable) || events.contains(.peerClosedWrite) { read() }
    }

    /// Takes no further call and closes once the open ones have ended and their answers are written.
    func end() {
        guard phase == .open else { return }
        phase = .ending
        if !keepsInput { rest = ByteBuffer() }
        frameStart = 0
        session?.connectionEnding()
        updateInterest()
        flushSoon()
    }

    /// Closes at once. Handlers of open calls are cancelled; what was answered before is sent as far as the socket takes it.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        if let output, !isWriteBlocked {
            // When this fails the peer is gone, which is as good.
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
        if let output { environment.scratch.giveBack(output) }
        output = nil
        environment.connectionClosed(self)
    }

    /// Closes when it is ending and nothing is left to do.
    func closeIfDone() {
        guard phase == .ending, output == nil, session?.isIdle ?? true else { return }
        close()
    }

    /// Brings what the loop watches up to date. To be called after anything that may hold up reading or let it go on.
    func updateInterest() {
        guard phase != .closed, let registration else { return }
        var wanted: Interest = []
        if wantsInput { wanted.insert(.read) }
        if isWriteBlocked { wanted.insert(.write) }
        guard wanted != interest else { return }
        let resumesReading = wanted.contains(.read) && !interest.contains(.read)
        interest = wanted
        loop.update(registration, interest: wanted)
        guard resumesReading else { return }
        // The time in which we did not read is not the peer's fault.
        if frameStart != 0 { frameStart = loop.nowNanoseconds }
        // Whole frames may be among what is left. This may come from within the parser, so it goes on at the end of the turn.
        if !rest.isEmpty {
            resumesInput = true
            flushSoon()
        }
    }
}
