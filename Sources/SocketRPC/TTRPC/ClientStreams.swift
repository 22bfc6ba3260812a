// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The client's state of the calls on one ttrpc connection: which stream IDs are used, which calls wait for the server,
/// how many bytes wait for their callers.
///
/// Events go in, actions come out. A call whose caller has gone stays in the table until the server has ended it; its
/// frames are dropped. The protocol has no cancellation. backendd's server supports a frame for it, and other servers
/// ignore that frame. So a connection on which the server may work without a caller also *retires*: it accepts no new
/// calls and closes after the open ones, which cancels them on every server.
package struct ClientStreams: ~Copyable, Sendable {
    /// What one connection may use.
    package struct Limits: Hashable, Sendable {
        /// The number of calls that may be open at once.
        package var calls = 1000
        /// The number of calls without a caller that the server may have before the connection retires.
        package var abandonedCalls = 64
        /// The number of bytes that may wait for the reader of one call. One message may always wait.
        package var streamBytes = 1 << 20
        /// The number of bytes that may wait for all readers, with the same exception.
        package var connectionBytes = 32 << 20
        /// The last stream ID to use; it must be odd.
        package var lastID: UInt32 = 0x7fff_ffff

        package init() {}
    }

    /// What a waiting message costs in addition to its bytes.
    package static var messageOverhead: Int { 64 }

    private struct Stream: Hashable {
        let kind: RPCKind
        /// The offset of the request in all bytes of the connection.
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
    /// Whether everything is kept: the rest of a connection that has ended.
    private var isInputOver = false
    /// The number of frames that were dropped.
    package private(set) var droppedFrames = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether the stream IDs are used up, so that there will never be room for another call.
    package var isExhausted: Bool { nextID == nil }

    /// Whether there is room for a call now.
    package var hasRoom: Bool { streams.count < limits.calls && nextID != nil }

    /// The number of calls whose caller waits.
    package var openCount: Int { streams.count - abandonedCount }

    /// The number of bytes that wait for the reader of a call.
    package func waitingBytes(of id: UInt32) -> Int { streams[id]?.waitingBytes ?? 0 }
}

// What the callers do.
extension ClientStreams {
    /// A call is opened: its Request frame is appended after `offset` bytes.
    ///
    /// Returns its ID, nil if there is no room. IDs grow with the offset and are never reused.
    package mutating func callOpened(_ kind: RPCKind, at offset: UInt64) -> UInt32? {
        guard hasRoom, let id = nextID else { return nil }
        nextID = id < limits.lastID ? id + 2 : nil
        streams[id] = Stream(kind: kind, requestOffset: offset, isHalfClosed: !kind.clientStreams)
        return id
    }

    /// The caller has ended its half of the call. Returns whether to tell the server.
    package mutating func halfClosed(_ id: UInt32) -> Bool {
        guard let stream = streams[id], !stream.isHalfClosed else { return false }
        streams[id]?.isHalfClosed = true
        return true
    }

    /// The caller has stopped waiting: it was cancelled, or left a stream.
    package mutating func abandoned(_ id: UInt32) -> Aftermath {
        leave(id)
    }

    /// The deadline of a call passed. The server was told of it and ends the call by itself.
    package mutating func deadlinePassed(_ id: UInt32) -> Aftermath {
        leave(id).subtracting(abandonedCount > limits.abandonedCalls ? .cancel : [.cancel, .retire])
    }

    /// The reader of a call took `count` messages of `bytes` bytes in total.
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
        // A handler notices a half close. A caller that has sent its half close already can only leave.
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

    /// The reader of a call took nothing for too long while a frame for it, and those after it, waited.
    package mutating func readerStalled(_ id: UInt32) -> Action {
        guard let stream = streams[id], !stream.isAbandoned else { return .ignore }
        return fail(id, .readerTooSlow, isOver: false)
    }

    /// The server has ended its side. What was read before, at most the content of a socket's buffer, does not wait for
    /// a reader.
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

    /// The header of a frame came whose body is too long; the body is discarded.
    package mutating func oversizedReceived(_ header: FrameHeader) -> Action {
        let id = header.streamID
        let isOver = header.type == .response || header.flags.contains(.remoteClosed)
        guard let stream = streams[id], !stream.isAbandoned else {
            if isOver { _ = remove(id) }
            return drop()
        }
        return fail(id, .frameTooLong(header.length), isOver: isOver)
    }

    /// The connection is lost, after the kernel took `written` bytes.
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
