// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// Tells a peer why it is not served, in its own protocol, and closes the connection.
///
/// It reads only the headers of frames: no header block, envelope or message of such a peer is decoded or kept. So the
/// answer over HTTP/2 uses literal headers only, and every request gets it, whatever its path and content type.
final class RefusedSession: WireSession {
    enum Wire {
        case ttrpc
        case http2
    }

    /// The number of HTTP/2 frames that may come before the first request.
    private static let mostFrames = 100

    private let connection: SocketConnection
    private let refusal: RPCStatus
    private let wire: Wire
    private var scanner = HTTP2FrameScanner()
    private var frameCount = 0
    /// The requests to answer that were found in the current input.
    private var requests: [HTTP2FrameScanner.Frame] = []
    private var highestID: UInt32 = 0
    private var acknowledges = 0
    private var hasAnswered = false
    /// The number of bytes of an answered ttrpc frame that are still to come.
    private var bodyRest = 0
    private var isDone = false
    private var timer: TimerToken?

    init(connection: SocketConnection, refusal: RPCStatus, wire: Wire) {
        self.connection = connection
        self.refusal = refusal
        self.wire = wire
        if wire == .http2 { append(type: HTTP2FrameScanner.Frame.settings, stream: 0, []) }
        // A peer that wants to know why it is refused sends a request soon, or not at all.
        timer = connection.loop.schedule(after: connection.server.configuration.firstByteTimeout) { [weak self] in
            self?.timer = nil
            self?.finish()
        }
    }

    var openFrame: UInt64 { wire == .http2 ? scanner.openUnit : bodyRest > 0 ? 1 : 0 }
    var heldInput: Int { 0 }
    var isOverBudget: Bool { isDone }
    var isIdle: Bool { true }
    var readsToEnd: Bool { false }

    func received(_ bytes: RawSpan) -> Int {
        guard !isDone else { return bytes.byteCount }
        return wire == .http2 ? receivedHTTP2(bytes) : receivedTTRPC(bytes)
    }

    // The peer may be in the middle of writing a frame, so the frame is read to its end: otherwise the peer would not
    // see the answer.
    private func receivedTTRPC(_ bytes: RawSpan) -> Int {
        if hasAnswered {
            bodyRest -= min(bodyRest, bytes.byteCount)
        } else {
            guard bytes.byteCount >= FrameHeader.byteCount else { return 0 }
            let header = FrameHeader(reading: bytes)
            hasAnswered = true
            bodyRest = max(header.length - (bytes.byteCount - FrameHeader.byteCount), 0)
            guard let output = connection.outputForAppending() else { return bytes.byteCount }
            ResponseEnvelope.writeFrame(streamID: header.streamID, status: refusal, to: &output.buffer)
            connection.outputAppended()
            if header.length >= FrameDecoder.hostileLength { bodyRest = 0 }
        }
        if bodyRest == 0 { finish() }
        return bytes.byteCount
    }

    private func receivedHTTP2(_ bytes: RawSpan) -> Int {
        scanner.scan(bytes) { frame in
            frameReceived(frame)
            return frameCount <= Self.mostFrames
        }
        for _ in 0..<acknowledges {
            append(type: HTTP2FrameScanner.Frame.settings, flags: HTTP2FrameScanner.Frame.acknowledges, stream: 0, [])
        }
        acknowledges = 0
        for request in requests { answer(request) }
        requests = []
        let isOver = frameCount > Self.mostFrames || scanner.isPaddingMalformed
        if isOver || (hasAnswered && scanner.openUnit == 0) { finish() }
        return bytes.byteCount
    }

    private func frameReceived(_ frame: HTTP2FrameScanner.Frame) {
        typealias Frame = HTTP2FrameScanner.Frame
        frameCount += 1
        guard frameCount <= Self.mostFrames else { return }
        if frame.type == Frame.settings, frame.flags & Frame.acknowledges == 0 { acknowledges += 1 }
        guard frame.type == Frame.headers, frame.stream & 1 == 1, frame.stream > highestID else { return }
        highestID = frame.stream
        requests.append(frame)
    }

    private func answer(_ request: HTTP2FrameScanner.Frame) {
        typealias Frame = HTTP2FrameScanner.Frame
        hasAnswered = true
        append(
            type: Frame.headers, flags: Frame.endsStream | Frame.endsHeaders, stream: request.stream,
            HeaderBlock.trailersOnly(refusal, nil).literals)
        guard request.flags & Frame.endsStream == 0 else { return }
        // The client still sends: the rest is not read, but there is no error.
        append(type: Frame.resetStream, stream: request.stream, [0, 0, 0, 0])
    }

    private func append(type: UInt8, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8]) {
        guard let output = connection.outputForAppending() else { return }
        output.buffer.append(bigEndian: UInt32(payload.count) << 8 | UInt32(type))
        output.buffer.append(flags)
        output.buffer.append(bigEndian: stream)
        output.buffer.append(contentsOf: payload)
        connection.outputAppended()
    }

    /// Sends the end of the connection and closes it.
    private func finish() {
        guard !isDone else { return }
        isDone = true
        if wire == .http2 {
            var last = ByteBuffer()
            last.append(bigEndian: highestID)
            last.append(bigEndian: 0)
            append(type: HTTP2FrameScanner.Frame.goAway, stream: 0, last.copied())
        }
        connection.end()
    }

    func connectionLost() {
        isDone = true
        if let timer { connection.loop.cancel(timer) }
        timer = nil
    }

    // There are no calls.
    func prepareOutput() {}
    func outputResumed() {}
    func inputEnded() {}
    func connectionEnding() {}
    func drainingStarted() {}
    func graceEnded() {}
    func giveWay(_ status: RPCStatus) {}
}
