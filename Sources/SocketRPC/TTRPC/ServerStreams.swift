// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The server's state of the calls on one ttrpc connection: which stream IDs are used, which calls are open, how many
/// bytes wait for their handlers.
///
/// Events go in, actions come out. Exactly one frame ends a call, whatever races: a call that was ended by a deadline,
/// a limit or a drain stays in the table until its handler has returned, and what the handler returns is dropped. A
/// unary call that is answered inline never enters the table: only the highest ID changes.
package struct ServerStreams: ~Copyable, Sendable {
    /// What one connection may use.
    package struct Limits: Hashable, Sendable {
        /// The number of calls that may be open, or have a handler that still runs.
        package var streams = 1024
        /// The number of bytes that may wait for one call's handler. One message may always wait.
        package var streamBytes = 1 << 20
        /// The number of bytes that may wait for all handlers before the connection is not read any more.
        package var connectionBytes = 8 << 20
        /// The number of consecutive frames of unknown types.
        package var strayFrames = 100

        package init() {}
    }

    /// What a waiting message costs in addition to its bytes.
    package static var messageOverhead: Int { 64 }

    private static var keptCapacity: Int { 16 }

    private enum Phase: Hashable {
        /// The client may send. Next: `halfClosed`, `ended`.
        case open
        /// The client has sent everything. Next: `ended`.
        case halfClosed
        /// The frame that ends the call was sent, the handler still runs. Next: out of the table.
        case ended
    }

    private struct Stream: Hashable {
        let kind: RPCKind
        var phase: Phase
        var waitingBytes = 0
    }

    private let limits: Limits
    private var highestID: UInt32 = 0
    private var streams: [UInt32: Stream] = [:]
    private var strayFrames = 0
    private var isDraining = false
    /// The number of calls that have not ended, except for inline ones.
    package private(set) var openCount = 0
    /// The number of bytes that wait for handlers.
    package private(set) var waitingBytes = 0
    /// The number of frames that were dropped without an answer.
    package private(set) var droppedFrames = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether the input that waits for handlers has reached its limit, so that reading should stop.
    package var isOverBudget: Bool { waitingBytes >= limits.connectionBytes }

    /// The number of running handlers, including those of ended calls.
    package var handlerCount: Int { streams.count }
}

// Frames.
extension ServerStreams {
    /// A Request frame came, which is not parsed yet.
    package mutating func requestReceived(_ id: UInt32) -> Action {
        guard id & 1 == 1 else { return .refuse(id, .evenStreamID) }
        strayFrames = 0
        guard id > highestID else { return .refuse(id, .reusedStreamID) }
        highestID = id
        guard !isDraining else { return .refuse(id, .draining) }
        return .dispatch(id)
    }

    /// A dispatched call is not answered inline: its handler runs as a task.
    package mutating func handlerNeeded(_ id: UInt32, kind: RPCKind) -> Action {
        guard streams.count < limits.streams else { return .refuse(id, .tooManyStreams) }
        streams[id] = Stream(kind: kind, phase: .open)
        openCount += 1
        return .run(id)
    }

    /// A Data frame came with `length` bytes.
    package mutating func dataReceived(_ id: UInt32, flags: FrameFlags, length: Int) -> Action {
        guard id & 1 == 1 else { return .refuse(id, .evenStreamID) }
        strayFrames = 0
        guard var stream = streams[id], stream.phase != .ended else { return .refuse(id, .inactiveStream) }
        guard stream.kind != .unary else { return drop() }
        let hasMessage = !flags.contains(.noData)
        let closes = flags.contains(.remoteClosed)
        if stream.phase == .halfClosed {
            return hasMessage ? end(id, .dataAfterHalfClose) : .ignore
        }
        if hasMessage {
            let cost = length + Self.messageOverhead
            guard stream.waitingBytes == 0 || stream.waitingBytes + cost <= limits.streamBytes else {
                return end(id, .streamOverBudget)
            }
            stream.waitingBytes += cost
            waitingBytes += cost
        }
        if closes { stream.phase = .halfClosed }
        streams[id] = stream
        switch (hasMessage, closes) {
        case (true, true): return .deliverLast(id)
        case (true, false): return .deliver(id)
        case (false, true): return .halfClose(id)
        case (false, false): return .ignore
        }
    }

    /// The client cancels a call. The answer confirms that the call is over.
    package mutating func cancelReceived(_ id: UInt32) -> Action {
        // A cancellation that crossed the answer finds no call, and counts as a stray frame.
        guard let stream = streams[id], stream.phase != .ended else { return strayReceived(id) }
        strayFrames = 0
        return end(id, .callCancelled)
    }

    /// A frame of a type that clients do not send came.
    package mutating func strayReceived(_ id: UInt32) -> Action {
        guard id & 1 == 1 else { return .refuse(id, .evenStreamID) }
        strayFrames += 1
        guard strayFrames <= limits.strayFrames else { return .closeConnection }
        return drop()
    }

    /// The header of a frame came whose body is too long; the body is discarded.
    package mutating func oversizedReceived(_ header: FrameHeader) -> Action {
        let refusal = Refusal.frameTooLong(header.length)
        guard header.type == .data, let stream = streams[header.streamID], stream.phase != .ended else {
            return .refuse(header.streamID, refusal)
        }
        return stream.kind == .unary ? drop() : end(header.streamID, refusal)
    }

    private mutating func drop() -> Action {
        droppedFrames += 1
        return .ignore
    }
}

// Handlers and time.
extension ServerStreams {
    /// A handler took a message of `length` bytes.
    package mutating func messageTaken(_ id: UInt32, length: Int) {
        let cost = length + Self.messageOverhead
        guard var stream = streams[id], stream.waitingBytes >= cost else { return }
        stream.waitingBytes -= cost
        streams[id] = stream
        waitingBytes -= cost
    }

    /// A handler returned or threw.
    package mutating func handlerFinished(_ id: UInt32) -> Action {
        guard let stream = streams.removeValue(forKey: id) else { return .ignore }
        // The memory of a busy time is not kept for an idle one.
        if streams.isEmpty && streams.capacity > Self.keptCapacity { streams = [:] }
        guard stream.phase != .ended else { return .ignore }
        openCount -= 1
        waitingBytes -= stream.waitingBytes
        return .finish(id)
    }

    /// The deadline of a call passed.
    package mutating func deadlinePassed(_ id: UInt32) -> Action {
        guard let stream = streams[id], stream.phase != .ended else { return .ignore }
        return end(id, .deadlineExceeded)
    }

    /// The server keeps too much: ends the call for whose handler the most waits.
    package mutating func largestEnded() -> Action {
        let waiting = streams.filter { $0.value.waitingBytes > 0 }
        guard let largest = waiting.max(by: { $0.value.waitingBytes < $1.value.waitingBytes }) else { return .ignore }
        return end(largest.key, .serverOverBudget)
    }

    /// Too much output waits for all clients, and most of it for the client of this call.
    package mutating func outputOverBudget(_ id: UInt32) -> Action {
        guard let stream = streams[id], stream.phase != .ended else { return .ignore }
        return end(id, .outputOverBudget)
    }

    /// The server is shutting down: new calls are refused from here on.
    package mutating func drainingStarted() {
        isDraining = true
    }

    /// The grace period of a drain is over.
    package mutating func graceEnded() -> [Action] {
        isDraining = true
        return openIDs.map { end($0, .shutDown) }
    }

    /// The client has ended its half of the connection. Returns the streams that this half closes.
    package mutating func inputEnded() -> [UInt32] {
        let ended = streams.filter { $0.value.phase == .open && $0.value.kind != .unary }.keys.sorted()
        for id in ended { streams[id]?.phase = .halfClosed }
        return ended
    }

    /// The connection is lost. Returns the calls whose handlers must be cancelled.
    package mutating func peerClosed() -> [UInt32] {
        let lost = openIDs
        for id in lost { _ = end(id, .peerClosed) }
        return lost
    }

    private var openIDs: [UInt32] {
        streams.filter { $0.value.phase != .ended }.keys.sorted()
    }

    private mutating func end(_ id: UInt32, _ refusal: Refusal) -> Action {
        guard let stream = streams[id] else { return .ignore }
        waitingBytes -= stream.waitingBytes
        openCount -= 1
        streams[id]?.waitingBytes = 0
        streams[id]?.phase = .ended
        return .end(id, refusal)
    }
}

extension ServerStreams {
    /// What a connection must do.
    package enum Action: Hashable, Sendable {
        /// Nothing.
        case ignore
        /// Parse the request.
        case dispatch(UInt32)
        /// Start the handler.
        case run(UInt32)
        /// Give the frame's body to the handler.
        case deliver(UInt32)
        /// Give the frame's body to the handler, then the end of the stream.
        case deliverLast(UInt32)
        /// Give the end of the stream to the handler.
        case halfClose(UInt32)
        /// Answer with a status. This changes no call.
        case refuse(UInt32, Refusal)
        /// End an open call with a status, and cancel its handler.
        case end(UInt32, Refusal)
        /// Send what the handler returned.
        case finish(UInt32)
        case closeConnection
    }
}
