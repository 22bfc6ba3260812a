// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import Testing

@Suite struct ServerStreamsTests {
    /// A table with one call of a kind, on stream 1.
    private func streams(
        with kind: RPCKind, limits: ServerStreams.Limits = ServerStreams.Limits()
    ) -> ServerStreams {
        var streams = ServerStreams(limits: limits)
        #expect(streams.requestReceived(1) == .dispatch(1))
        #expect(streams.handlerNeeded(1, kind: kind) == .run(1))
        return streams
    }

    private static func limits(_ change: (inout ServerStreams.Limits) -> Void) -> ServerStreams.Limits {
        var limits = ServerStreams.Limits()
        change(&limits)
        return limits
    }

    // Row 2.
    @Test func `an oversized frame is refused on its ID`() {
        var streams = ServerStreams()
        let header = FrameHeader(length: 5 << 20, streamID: 8, type: .request)
        #expect(streams.oversizedReceived(header) == .refuse(8, .frameTooLong(5 << 20)))
    }

    @Test func `an oversized message ends its stream`() {
        var streams = streams(with: .bidirectionalStreaming)
        let header = FrameHeader(length: 5 << 20, streamID: 1, type: .data)
        #expect(streams.oversizedReceived(header) == .end(1, .frameTooLong(5 << 20)))
        #expect(streams.openCount == 0)
        #expect(streams.handlerFinished(1) == .ignore)
    }

    @Test func `oversized data does not harm a unary call`() {
        var streams = streams(with: .unary)
        #expect(streams.oversizedReceived(FrameHeader(length: 5 << 20, streamID: 1, type: .data)) == .ignore)
        #expect(streams.handlerFinished(1) == .finish(1))
    }

    // Row 3.
    @Test(arguments: [0, 2, 4, 0xffff_fffe] as [UInt32])
    func `an even ID is refused whatever the frame is`(id: UInt32) {
        var streams = ServerStreams()
        #expect(streams.requestReceived(id) == .refuse(id, .evenStreamID))
        #expect(streams.dataReceived(id, flags: [], length: 0) == .refuse(id, .evenStreamID))
        #expect(streams.strayReceived(id) == .refuse(id, .evenStreamID))
    }

    // Row 4.
    @Test func `data for a stream that was never opened is refused`() {
        var streams = ServerStreams()
        #expect(streams.dataReceived(1, flags: [], length: 0) == .refuse(1, .inactiveStream))
    }

    @Test func `data for a stream that has ended is refused`() {
        var streams = streams(with: .bidirectionalStreaming)
        #expect(streams.handlerFinished(1) == .finish(1))
        #expect(streams.dataReceived(1, flags: [], length: 0) == .refuse(1, .inactiveStream))
    }

    @Test func `data for an ended stream whose handler still runs is refused`() {
        var streams = streams(with: .bidirectionalStreaming)
        #expect(streams.deadlinePassed(1) == .end(1, .deadlineExceeded))
        #expect(streams.dataReceived(1, flags: [], length: 0) == .refuse(1, .inactiveStream))
    }

    // Row 5.
    @Test func `data for a unary call in flight is dropped and counted`() {
        var streams = streams(with: .unary)
        #expect(streams.dataReceived(1, flags: [], length: 3) == .ignore)
        #expect(streams.droppedFrames == 1)
        #expect(streams.handlerFinished(1) == .finish(1))
    }

    // Row 6.
    @Test(arguments: [0, 5])
    func `data is delivered, empty or not`(length: Int) {
        var streams = streams(with: .clientStreaming)
        #expect(streams.dataReceived(1, flags: [], length: length) == .deliver(1))
    }

    @Test func `data after the half close ends the stream`() {
        var streams = streams(with: .bidirectionalStreaming)
        #expect(streams.dataReceived(1, flags: [.remoteClosed, .noData], length: 0) == .halfClose(1))
        #expect(streams.dataReceived(1, flags: [], length: 1) == .end(1, .dataAfterHalfClose))
        #expect(streams.handlerFinished(1) == .ignore)
    }

    @Test func `a second half close changes nothing`() {
        var streams = streams(with: .bidirectionalStreaming)
        #expect(streams.dataReceived(1, flags: [.remoteClosed, .noData], length: 0) == .halfClose(1))
        #expect(streams.dataReceived(1, flags: [.remoteClosed, .noData], length: 0) == .ignore)
        #expect(streams.handlerFinished(1) == .finish(1))
    }

    // Row 7.
    @Test func `data that says it has none delivers nothing`() {
        var streams = streams(with: .clientStreaming)
        #expect(streams.dataReceived(1, flags: .noData, length: 4) == .ignore)
        #expect(streams.waitingBytes == 0)
    }

    // Row 8.
    @Test func `the half close may bring a last message`() {
        var streams = streams(with: .clientStreaming)
        #expect(streams.dataReceived(1, flags: .remoteClosed, length: 4) == .deliverLast(1))
    }

    // Row 9.
    @Test func `an ID is used once and IDs grow`() {
        var streams = ServerStreams()
        #expect(streams.requestReceived(5) == .dispatch(5))
        #expect(streams.requestReceived(5) == .refuse(5, .reusedStreamID))
        #expect(streams.requestReceived(3) == .refuse(3, .reusedStreamID))
        #expect(streams.requestReceived(.max) == .dispatch(.max))
        #expect(streams.requestReceived(7) == .refuse(7, .reusedStreamID))
    }

    @Test func `a reused ID does not touch the live stream`() {
        var streams = streams(with: .unary)
        #expect(streams.requestReceived(1) == .refuse(1, .reusedStreamID))
        #expect(streams.handlerFinished(1) == .finish(1))
    }

    // Row 12.
    @Test func `frames of unknown type are ignored until they are too many`() {
        var streams = ServerStreams()
        for _ in 0..<100 { #expect(streams.strayReceived(1) == .ignore) }
        #expect(streams.droppedFrames == 100)
        #expect(streams.strayReceived(1) == .closeConnection)
    }

    @Test func `a valid frame resets the count of strays`() {
        var streams = ServerStreams()
        for round in 0..<3 {
            for _ in 0..<100 { #expect(streams.strayReceived(1) == .ignore) }
            #expect(streams.requestReceived(UInt32(round * 2 + 1)) == .dispatch(UInt32(round * 2 + 1)))
        }
    }

    @Test(arguments: [RPCKind.unary, .serverStreaming])
    func `a cancelled call ends once, and its late result is dropped`(kind: RPCKind) {
        var streams = streams(with: kind)
        #expect(streams.cancelReceived(1) == .end(1, .callCancelled))
        #expect(streams.cancelReceived(1) == .ignore)
        #expect(streams.openCount == 0)
        #expect(streams.handlerFinished(1) == .ignore)
    }

    @Test func `cancelling what is not there is ignored until it is too often`() {
        var streams = ServerStreams()
        #expect(streams.cancelReceived(2) == .refuse(2, .evenStreamID))
        for _ in 0..<100 { #expect(streams.cancelReceived(1) == .ignore) }
        #expect(streams.cancelReceived(1) == .closeConnection)
    }

    // Budgets.
    @Test func `a stream over its budget ends alone`() {
        var streams = streams(with: .clientStreaming, limits: Self.limits { $0.streamBytes = 1000 })
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .clientStreaming) == .run(3))
        #expect(streams.dataReceived(1, flags: [], length: 900) == .deliver(1))
        #expect(streams.dataReceived(1, flags: [], length: 100) == .end(1, .streamOverBudget))
        #expect(streams.waitingBytes == 0)
        #expect(streams.dataReceived(3, flags: [], length: 900) == .deliver(3))
    }

    @Test func `one message may be longer than the budget`() {
        var streams = streams(with: .clientStreaming, limits: Self.limits { $0.streamBytes = 1000 })
        #expect(streams.dataReceived(1, flags: [], length: 4 << 20) == .deliver(1))
        streams.messageTaken(1, length: 4 << 20)
        #expect(streams.waitingBytes == 0)
        #expect(streams.dataReceived(1, flags: [], length: 4 << 20) == .deliver(1))
    }

    @Test func `empty messages use up the budget too`() {
        var streams = streams(with: .clientStreaming, limits: Self.limits { $0.streamBytes = 1000 })
        for _ in 0..<(1000 / ServerStreams.messageOverhead) {
            #expect(streams.dataReceived(1, flags: [], length: 0) == .deliver(1))
        }
        #expect(streams.dataReceived(1, flags: [], length: 0) == .end(1, .streamOverBudget))
    }

    @Test func `the budget of the connection covers all streams`() {
        var streams = streams(with: .clientStreaming, limits: Self.limits { $0.connectionBytes = 1000 })
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .clientStreaming) == .run(3))
        #expect(streams.dataReceived(1, flags: [], length: 500) == .deliver(1))
        #expect(streams.isOverBudget == false)
        #expect(streams.dataReceived(3, flags: [], length: 500) == .deliver(3))
        #expect(streams.isOverBudget == true)
        streams.messageTaken(1, length: 500)
        #expect(streams.isOverBudget == false)
    }

    @Test func `what waited for a finished handler does not count any more`() {
        var streams = streams(with: .clientStreaming)
        #expect(streams.dataReceived(1, flags: [], length: 500) == .deliver(1))
        #expect(streams.handlerFinished(1) == .finish(1))
        #expect(streams.waitingBytes == 0)
    }

    // Limits, deadlines, the end.
    @Test func `calls over the limit are refused`() {
        var streams = streams(with: .unary, limits: Self.limits { $0.streams = 2 })
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .unary) == .run(3))
        #expect(streams.requestReceived(5) == .dispatch(5))
        #expect(streams.handlerNeeded(5, kind: .unary) == .refuse(5, .tooManyStreams))
        #expect(streams.handlerFinished(1) == .finish(1))
        #expect(streams.requestReceived(7) == .dispatch(7))
        #expect(streams.handlerNeeded(7, kind: .unary) == .run(7))
    }

    @Test func `a handler that outlives its call counts as one`() {
        var streams = streams(with: .unary, limits: Self.limits { $0.streams = 1 })
        #expect(streams.deadlinePassed(1) == .end(1, .deadlineExceeded))
        #expect(streams.openCount == 0)
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .unary) == .refuse(3, .tooManyStreams))
    }

    @Test func `a deadline ends a call once and the late result is dropped`() {
        var streams = streams(with: .unary)
        #expect(streams.deadlinePassed(1) == .end(1, .deadlineExceeded))
        #expect(streams.deadlinePassed(1) == .ignore)
        #expect(streams.handlerFinished(1) == .ignore)
        #expect(streams.handlerFinished(1) == .ignore)
        #expect([streams.openCount, streams.handlerCount, streams.waitingBytes] == [0, 0, 0])
    }

    @Test func `a deadline after the answer changes nothing`() {
        var streams = streams(with: .unary)
        #expect(streams.handlerFinished(1) == .finish(1))
        #expect(streams.deadlinePassed(1) == .ignore)
    }

    @Test func `while draining new calls are refused and open ones finish`() {
        var streams = streams(with: .unary)
        streams.drainingStarted()
        #expect(streams.requestReceived(3) == .refuse(3, .draining))
        #expect(streams.requestReceived(3) == .refuse(3, .reusedStreamID))
        #expect(streams.handlerFinished(1) == .finish(1))
    }

    @Test func `at the end of the grace every open call ends`() {
        var streams = streams(with: .unary)
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .bidirectionalStreaming) == .run(3))
        #expect(streams.deadlinePassed(1) == .end(1, .deadlineExceeded))
        #expect(streams.graceEnded() == [.end(3, .shutDown)])
        #expect(streams.graceEnded().isEmpty)
        #expect(streams.openCount == 0)
    }

    @Test func `the end of all input closes the client's half of each stream once`() {
        var streams = streams(with: .bidirectionalStreaming)
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .unary) == .run(3))
        #expect(streams.inputEnded() == [1])
        #expect(streams.inputEnded().isEmpty)
        #expect(streams.handlerFinished(1) == .finish(1))
        #expect(streams.handlerFinished(3) == .finish(3))
    }

    @Test(arguments: [
        (ServerStreams.Refusal.evenStreamID, "StreamID must be odd for client initiated streams"),
        (.inactiveStream, "StreamID is no longer active"),
        (.reusedStreamID, "StreamID cannot be re-used and must increment"),
    ])
    func `the texts for wrong IDs are those of the reference`(refusal: ServerStreams.Refusal, text: String) {
        #expect(refusal.status.code == .invalidArgument)
        #expect(refusal.status.message == text)
    }

    @Test func `a lost peer cancels every open call and gets no answer`() {
        var streams = streams(with: .unary)
        #expect(streams.requestReceived(3) == .dispatch(3))
        #expect(streams.handlerNeeded(3, kind: .bidirectionalStreaming) == .run(3))
        #expect(streams.peerClosed() == [1, 3])
        #expect(streams.handlerFinished(1) == .ignore)
        #expect(streams.handlerFinished(3) == .ignore)
        #expect(streams.handlerCount == 0)
    }
}
