// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The calls of one ttrpc connection as the client sees them: which stream IDs are used, which calls wait for the server, how many
/// bytes wait for their callers.
///
/// What happened goes in, what to do comes out. A call whose caller has gone stays in the table until the server has ended
/// it: its frames are dropped. The protocol cannot cancel. backendd's server knows a frame that does, and others ignore it, so
/// a connection on which the server may work without a caller also *retires*: it takes no new calls and closes after the others,
/// which is what cancels at every server.
package struct ClientStreams: ~Copyable, Sendable {
    /// What one connection may use.
    package struct Limits: Hashable, Sendable {
        /// How many calls may be open at once.
        package var calls = 1000
        /// How many calls without a caller the server may be left with before the connection retires.
        package var abandonedCalls = 64
        /// How many bytes may wait for the reader of one call. One message may always wait.
        package var streamBytes = 1 << 20
        /// How many bytes may wait for all readers, under the same rule.
        package var connectionBytes = 32 << 20
        /// The last stream ID that is used; it is odd.
        package var lastID: UInt32 = 0x7fff_ffff

        package init() {}
    }

    /// What a waiting message costs beside its bytes.
    package static var messageOverhead: Int { 64 }

    private struct Stream: Hashable {
        let kind: RPCKind
        /// Where in all bytes of the connection the request begins.
        let requestOffset: UInt64
        var isHalfClosed: Bool
        var isAbandoned = false
        var waitingBytes = 0
    }

    private let limits: Limits
    private var nextID: UInt32? = 1
    private var streams: [UInt32: Stream] = [:]
    private var abandonedCount = 0
    private var waitingBytes = 0
    /// Whether all that comes is kept: the rest of a connection that has ended.
    private var isInputOver = false
    /// How many frames were dropped.
    package private(set) var droppedFrames = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether there is room for a call, now or later when others have ended.
    package var isExhausted: Bool { nextID == nil }

    /// Whether there is room for a call now.
    package var hasRoom: Bool { streams.count < limits.calls && nextID != nil }

    /// How many calls have a caller that waits for them.
    package var openCount: Int { streams.count - abandonedCount }

    /// How many bytes wait for the reader of a call.
    package func waitingBytes(of id: UInt32) -> Int { streams[id]?.waitingBytes ?? 0 }
}

// What the callers do.
extension ClientStreams {
    /// A call is opened: its Request frame follows what was appended before, which is `offset` bytes.
    ///
    /// Returns its ID, nil when there is no room. IDs grow with the offset and are never used again.
    package mutating func callOpened(_ kind: RPCKind, at offset: UInt64) -> UInt32? {
        guard hasRoom, let id = nextID else { return nil }
        nextID = id < limits.lastID ? id + 2 : nil
        streams[id] = Stream(kind: kind, requestOffset: offset, isHalfClosed: !kind.clientStreams)
        return id
    }

    /// The caller sends nothing more. Returns whether that is to be told to the server.
    package mutating func halfClosed(_ id: UInt32) -> Bool {
        guard let stream = streams[id], !stream.isHalfClosed else { return false }
        streams[id]?.isHalfClosed = true
        return true
    }

    /// The caller does not wait any longer: it was cancelled, or gave up on a stream.
    package mutating func abandoned(_ id: UInt32) -> Aftermath {
        leave(id)
    }

    /// The deadline of a call passed. The server was told of it and ends the call by itself.
    package mutating func deadlinePassed(_ id: UInt32) -> Aftermath {
        leave(id).subtracting(abandonedCount > limits.abandonedCalls ? .cancel : [.cancel, .retire])
    }

    /// The reader of a call took so many messages that have so many bytes together.
    package mutating func messagesTaken(_ id: UInt32, count: Int, bytes: Int) {
        guard let stream = streams[id] else { return }
        let cost = min(stream.waitingBytes, bytes + count * Self.messageOverhead)
        streams[id]?.waitingBytes -= cost
        waitingBytes -= cost
    }

    private mutating func leave(_ id: UInt32) -> Aftermath {
        guard let stream = streams[id], !stream.isAbandoned else { return [] }
        streams[id]?.isAbandoned = true
        abandonedCount += 1
        dropMessages(of: id)
        var aftermath: Aftermath = halfClosed(id) ? .halfClose : []
        // A half close is something a handler notices. Who has nothing more to close can only leave.
        if !stream.kind.clientStreams { aftermath.formUnion([.cancel, .retire]) }
        if abandonedCount > limits.abandonedCalls { aftermath.insert(.retire) }
        return aftermath
    }
}

// What the server does.
extension ClientStreams {
    /// A Response frame came.
    package mutating func responseReceived(_ id: UInt32) -> Action {
        guard let stream = remove(id), !stream.isAbandoned else { return drop() }
        return .answer(id)
    }

    /// A Data frame came with `length` bytes.
    package mutating func dataReceived(_ id: UInt32, flags: FrameFlags, length: Int) -> Action {
        guard let stream = streams[id] else { return drop() }
        let closes = flags.contains(.remoteClosed)
        guard !stream.isAbandoned else {
            if closes { _ = remove(id) }
            return drop()
        }
        guard stream.kind != .unary else {
            _ = remove(id)
            return .fail(id, .unexpectedFrame(.data), [])
        }
        let hasMessage = !flags.contains(.noData)
        if hasMessage {
            let cost = length + Self.messageOverhead
            let fits =
                stream.waitingBytes + cost <= limits.streamBytes && waitingBytes + cost <= limits.connectionBytes
            guard stream.waitingBytes == 0 || fits || isInputOver else { return .wait(id) }
            streams[id]?.waitingBytes += cost
            waitingBytes += cost
        }
        if closes { _ = remove(id) }
        switch (hasMessage, closes) {
        case (true, true): return .deliverLast(id)
        case (true, false): return .deliver(id)
        case (false, true): return .end(id)
        case (false, false): return drop()
        }
    }

    /// A whole frame came.
    package mutating func received(_ header: FrameHeader) -> Action {
        switch header.type {
        case .response: responseReceived(header.streamID)
        case .data: dataReceived(header.streamID, flags: header.flags, length: header.length)
        default: strayReceived(header.streamID, type: header.type)
        }
    }

    /// The reader of a call took nothing for too long while a frame for it, and those behind it, waited.
    package mutating func readerStalled(_ id: UInt32) -> Action {
        guard let stream = streams[id], !stream.isAbandoned else { return .ignore }
        return fail(id, .readerTooSlow, isOver: false)
    }

    /// The server has ended its side. What was read before is at most what a socket holds, and does not wait for a reader.
    package mutating func inputEnded() {
        isInputOver = true
    }

    /// A frame of a type that servers do not send came.
    package mutating func strayReceived(_ id: UInt32, type: FrameType) -> Action {
        guard let stream = streams[id], !stream.isAbandoned else { return drop() }
        guard stream.kind == .unary else { return fail(id, .unexpectedFrame(type), isOver: false) }
        _ = remove(id)
        return .fail(id, .unexpectedFrame(type), [])
    }

    /// The header of a frame came whose body is too long; the body is thrown away.
    package mutating func oversizedReceived(_ header: FrameHeader) -> Action {
        let id = header.streamID
        let isOver = header.type == .response || header.flags.contains(.remoteClosed)
        guard let stream = streams[id], !stream.isAbandoned else {
            if isOver { _ = remove(id) }
            return drop()
        }
        return fail(id, .frameTooLong(header.length), isOver: isOver)
    }

    /// The connection is gone, after so many bytes were handed to the kernel.
    ///
    /// Returns the calls that had a caller, in the order they were sent.
    package mutating func connectionLost(written: UInt64) -> [Loss] {
        let lost = streams.filter { !$0.value.isAbandoned }.sorted { $0.key < $1.key }
        streams = [:]
        abandonedCount = 0
        waitingBytes = 0
        nextID = nil
        return lost.map { Loss(id: $0.key, wasWritten: $0.value.requestOffset < written) }
    }

    private mutating func fail(_ id: UInt32, _ failure: Failure, isOver: Bool) -> Action {
        guard !isOver else {
            _ = remove(id)
            return .fail(id, failure, [])
        }
        return .fail(id, failure, leave(id))
    }

    private mutating func remove(_ id: UInt32) -> Stream? {
        dropMessages(of: id)
        guard let stream = streams.removeValue(forKey: id) else { return nil }
        if stream.isAbandoned { abandonedCount -= 1 }
        return stream
    }

    private mutating func dropMessages(of id: UInt32) {
        guard let waiting = streams[id]?.waitingBytes, waiting > 0 else { return }
        waitingBytes -= waiting
        streams[id]?.waitingBytes = 0
    }

    private mutating func drop() -> Action {
        droppedFrames += 1
        return .ignore
    }
}
