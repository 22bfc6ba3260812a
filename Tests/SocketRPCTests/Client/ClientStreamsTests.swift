// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import Testing

@Suite struct ClientStreamsTests {
    @Test func `IDs are odd and grow`() {
        var streams = ClientStreams()
        let ids = [RPCKind.unary, .bidirectionalStreaming, .unary].map { streams.callOpened($0, at: 0) }
        #expect(ids == [1, 3, 5])
        #expect(streams.openCount == 3)
    }

    @Test func `an ID is never used again`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.unary, at: 0)
        #expect(streams.responseReceived(1) == .answer(1))
        #expect(streams.callOpened(.unary, at: 40) == 3)
    }

    @Test func `after the last ID there is no room`() {
        var limits = ClientStreams.Limits()
        limits.lastID = 3
        var streams = ClientStreams(limits: limits)
        #expect(streams.callOpened(.unary, at: 0) == 1)
        #expect(streams.isExhausted == false)
        #expect(streams.callOpened(.unary, at: 0) == 3)
        #expect(streams.isExhausted == true)
        #expect(streams.callOpened(.unary, at: 0) == nil)
        #expect(streams.responseReceived(3) == .answer(3))
        #expect(streams.hasRoom == false)
    }

    @Test func `the highest ID there is does not wrap`() {
        var limits = ClientStreams.Limits()
        limits.lastID = 1
        var streams = ClientStreams(limits: limits)
        #expect(streams.callOpened(.unary, at: 0) == 1)
        #expect(streams.callOpened(.unary, at: 0) == nil)
    }

    @Test func `calls beyond the limit wait for room`() {
        var limits = ClientStreams.Limits()
        limits.calls = 1
        var streams = ClientStreams(limits: limits)
        #expect(streams.callOpened(.unary, at: 0) == 1)
        #expect(streams.callOpened(.unary, at: 0) == nil)
        #expect(streams.isExhausted == false)
        #expect(streams.responseReceived(1) == .answer(1))
        #expect(streams.callOpened(.unary, at: 0) == 3)
    }

    @Test(arguments: [2, 3, 0, 77] as [UInt32])
    func `frames for calls that do not exist are dropped`(id: UInt32) {
        var streams = ClientStreams()
        _ = streams.callOpened(.unary, at: 0)
        #expect(streams.responseReceived(id) == .ignore)
        #expect(streams.dataReceived(id, flags: .remoteClosed, length: 3) == .ignore)
        #expect(streams.strayReceived(id, type: FrameType(rawValue: 9)) == .ignore)
        #expect(
            streams.oversizedReceived(FrameHeader(length: 5 << 20, streamID: id, type: .response)) == .ignore)
        #expect(streams.droppedFrames == 4)
        #expect(streams.responseReceived(1) == .answer(1))
    }

    @Test func `messages are delivered until the end of the stream`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.serverStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 3) == .deliver(1))
        #expect(streams.dataReceived(1, flags: [], length: 0) == .deliver(1))
        #expect(streams.dataReceived(1, flags: .noData, length: 0) == .ignore)
        #expect(streams.dataReceived(1, flags: [.remoteClosed, .noData], length: 0) == .end(1))
        #expect(streams.openCount == 0)
        #expect(streams.dataReceived(1, flags: [], length: 3) == .ignore)
    }

    @Test func `the end of a stream may have a message`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 3) == .deliverLast(1))
        #expect(streams.openCount == 0)
    }

    @Test(arguments: [RPCKind.unary, .clientStreaming, .serverStreaming, .bidirectionalStreaming])
    func `a response ends a call of any kind, once`(kind: RPCKind) {
        var streams = ClientStreams()
        _ = streams.callOpened(kind, at: 0)
        #expect(streams.responseReceived(1) == .answer(1))
        #expect(streams.responseReceived(1) == .ignore)
    }

    @Test func `a message on a unary call breaks that call alone`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.unary, at: 0)
        _ = streams.callOpened(.unary, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 3) == .fail(1, .unexpectedFrame(.data), []))
        #expect(streams.responseReceived(3) == .answer(3))
    }

    @Test func `a frame of an unknown type breaks its call`() {
        var streams = ClientStreams()
        let type = FrameType(rawValue: 16)
        _ = streams.callOpened(.unary, at: 0)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.strayReceived(1, type: type) == .fail(1, .unexpectedFrame(type), []))
        #expect(streams.strayReceived(3, type: type) == .fail(3, .unexpectedFrame(type), .halfClose))
        #expect(streams.openCount == 0)
    }

    @Test func `an oversized answer fails its call alone`() {
        var streams = ClientStreams()
        for kind in [RPCKind.unary, .unary, .bidirectionalStreaming] { _ = streams.callOpened(kind, at: 0) }
        let length = FrameHeader.maximumLength + 1
        #expect(
            streams.oversizedReceived(FrameHeader(length: length, streamID: 1, type: .response))
                == .fail(1, .frameTooLong(length), []))
        #expect(
            streams.oversizedReceived(FrameHeader(length: length, streamID: 5, type: .data))
                == .fail(5, .frameTooLong(length), .halfClose))
        #expect(streams.responseReceived(3) == .answer(3))
    }

    @Test func `a message over its reader's budget waits until there is room`() {
        var limits = ClientStreams.Limits()
        limits.streamBytes = 1000
        var streams = ClientStreams(limits: limits)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 900) == .deliver(1))
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 100) == .wait(1))
        #expect(streams.dataReceived(3, flags: [], length: 900) == .deliver(3))
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 100) == .wait(1))
        streams.messagesTaken(1, count: 1, bytes: 900)
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 100) == .deliverLast(1))
    }

    @Test func `a reader that takes nothing loses its call, others go on`() {
        var limits = ClientStreams.Limits()
        limits.streamBytes = 1000
        var streams = ClientStreams(limits: limits)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 900) == .deliver(1))
        #expect(streams.dataReceived(1, flags: [], length: 100) == .wait(1))
        #expect(streams.readerStalled(1) == .fail(1, .readerTooSlow, .halfClose))
        #expect(streams.readerStalled(1) == .ignore)
        #expect(streams.dataReceived(1, flags: [], length: 100) == .ignore)
        #expect(streams.dataReceived(3, flags: [], length: 900) == .deliver(3))
    }

    @Test func `what was read before the end of the connection waits for no reader`() {
        var limits = ClientStreams.Limits()
        limits.streamBytes = 1000
        var streams = ClientStreams(limits: limits)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 900) == .deliver(1))
        #expect(streams.dataReceived(1, flags: [], length: 100) == .wait(1))
        streams.inputEnded()
        #expect(streams.dataReceived(1, flags: [], length: 100) == .deliver(1))
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 900) == .deliverLast(1))
    }

    @Test func `one message may wait, however long it is`() {
        var limits = ClientStreams.Limits()
        limits.streamBytes = 10
        limits.connectionBytes = 10
        var streams = ClientStreams(limits: limits)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 4 << 20) == .deliver(1))
        streams.messagesTaken(1, count: 1, bytes: 4 << 20)
        #expect(streams.waitingBytes(of: 1) == 0)
        #expect(streams.dataReceived(1, flags: [], length: 4 << 20) == .deliver(1))
    }

    @Test func `the budget of all readers counts too`() {
        var limits = ClientStreams.Limits()
        limits.connectionBytes = 1000
        var streams = ClientStreams(limits: limits)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.dataReceived(1, flags: [], length: 800) == .deliver(1))
        #expect(streams.dataReceived(3, flags: [], length: 800) == .deliver(3))
        #expect(streams.dataReceived(3, flags: [], length: 1) == .wait(3))
        streams.messagesTaken(1, count: 1, bytes: 800)
        #expect(streams.dataReceived(3, flags: [], length: 1) == .deliver(3))
    }

    @Test func `the half close is sent once`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.bidirectionalStreaming, at: 0)
        #expect(streams.halfClosed(1) == true)
        #expect(streams.halfClosed(1) == false)
        #expect(streams.abandoned(1) == [])
    }

    @Test(arguments: [RPCKind.unary, .serverStreaming])
    func `a request is its own half close`(kind: RPCKind) {
        var streams = ClientStreams()
        _ = streams.callOpened(kind, at: 0)
        #expect(streams.halfClosed(1) == false)
    }

    @Test(arguments: [RPCKind.clientStreaming, .bidirectionalStreaming])
    func `an abandoned call is half closed and its frames are dropped`(kind: RPCKind) {
        var streams = ClientStreams()
        _ = streams.callOpened(kind, at: 0)
        #expect(streams.abandoned(1) == .halfClose)
        #expect(streams.abandoned(1) == [])
        #expect(streams.openCount == 0)
        #expect(streams.dataReceived(1, flags: [], length: 3) == .ignore)
        #expect(streams.responseReceived(1) == .ignore)
    }

    @Test(arguments: [RPCKind.unary, .serverStreaming])
    func `an abandoned call without a half close is cancelled, and retires the connection`(kind: RPCKind) {
        var streams = ClientStreams()
        _ = streams.callOpened(kind, at: 0)
        #expect(streams.abandoned(1) == [.cancel, .retire])
    }

    @Test(arguments: [RPCKind.unary, .serverStreaming])
    func `a deadline needs no retirement, for the server knows it`(kind: RPCKind) {
        var streams = ClientStreams()
        _ = streams.callOpened(kind, at: 0)
        #expect(streams.deadlinePassed(1) == [])
        #expect(streams.responseReceived(1) == .ignore)
        #expect(streams.openCount == 0)
    }

    @Test func `a connection with too many abandoned calls retires`() {
        var limits = ClientStreams.Limits()
        limits.abandonedCalls = 2
        var streams = ClientStreams(limits: limits)
        for _ in 0..<4 { _ = streams.callOpened(.unary, at: 0) }
        #expect(streams.deadlinePassed(1) == [])
        #expect(streams.deadlinePassed(3) == [])
        #expect(streams.responseReceived(1) == .ignore)
        #expect(streams.deadlinePassed(5) == [])
        #expect(streams.deadlinePassed(7) == .retire)
    }

    @Test func `a lost connection tells of each call whether it was written`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.unary, at: 0)
        _ = streams.callOpened(.unary, at: 100)
        _ = streams.callOpened(.unary, at: 200)
        _ = streams.callOpened(.bidirectionalStreaming, at: 300)
        _ = streams.abandoned(5)
        #expect(
            streams.connectionLost(written: 101) == [
                ClientStreams.Loss(id: 1, wasWritten: true), ClientStreams.Loss(id: 3, wasWritten: true),
                ClientStreams.Loss(id: 7, wasWritten: false),
            ])
        #expect(streams.openCount == 0)
        #expect(streams.callOpened(.unary, at: 400) == nil)
    }

    @Test func `a request that begins at the byte where writing stopped was not written`() {
        var streams = ClientStreams()
        _ = streams.callOpened(.unary, at: 100)
        #expect(streams.connectionLost(written: 100) == [ClientStreams.Loss(id: 1, wasWritten: false)])
    }
}
