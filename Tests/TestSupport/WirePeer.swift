// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
internal import SystemIO

/// A client that writes and reads ttrpc frames by hand.
package struct WirePeer: Sendable {
    package struct Received: Equatable {
        package let header: FrameHeader
        package let body: [UInt8]

        /// The payload of an OK answer, nil for everything else.
        package var payload: [UInt8]? {
            guard header.type == .response, let envelope = try? ResponseEnvelope(reading: ByteBuffer(body).bytes),
                envelope.status == nil
            else { return nil }
            return Array(body[envelope.payload])
        }

        package var status: RPCStatus? {
            guard header.type == .response else { return nil }
            return (try? ResponseEnvelope(reading: ByteBuffer(body).bytes))?.status
        }

        package var isEndOfStream: Bool {
            header.type == .data && header.flags == [.remoteClosed, .noData] && header.length == 0
        }
    }

    package let raw: RawPeer

    package init(_ raw: RawPeer) {
        self.raw = raw
    }

    package static func frame(
        _ id: UInt32, _ type: FrameType, _ flags: FrameFlags = [], _ body: [UInt8] = []
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameHeader(length: body.count, streamID: id, type: type, flags: flags).write(to: &buffer)
        buffer.append(contentsOf: body)
        return buffer.copied()
    }

    package static func request(
        _ id: UInt32, _ method: String, _ payload: [UInt8] = [], service: String = "test.Echo", flags: FrameFlags = [],
        timeoutNano: Int64 = 0, metadata: RPCMetadata = RPCMetadata()
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        RequestEnvelope.write(
            service: service, method: method, payloadSize: payload.count, timeoutNano: timeoutNano, metadata: metadata,
            to: &buffer)
        buffer.append(contentsOf: payload)
        return frame(id, .request, flags, buffer.copied())
    }

    package static func data(_ id: UInt32, _ payload: [UInt8], _ flags: FrameFlags = []) -> [UInt8] {
        frame(id, .data, flags, payload)
    }

    package static func halfClose(_ id: UInt32) -> [UInt8] {
        frame(id, .data, [.remoteClosed, .noData])
    }

    package func send(_ bytes: [UInt8]...) async throws {
        try await raw.send(bytes.flatMap { $0 })
    }

    package func receive() async throws -> Received {
        try await receive(1)[0]
    }

    /// Receives `count` frames.
    package func receive(_ count: Int) async throws -> [Received] {
        try await onThread { try (0..<count).map { _ in try receiveBlocking() } }
    }

    /// Receives a frame, for a caller that has a thread of its own.
    package func receiveBlocking() throws -> Received {
        let header = FrameHeader(reading: ByteBuffer(try raw.receiveBlocking(FrameHeader.byteCount)).bytes)
        return Received(header: header, body: try raw.receiveBlocking(header.length))
    }

    /// Whether the server closes the connection without another byte.
    package func isClosed() async throws -> Bool {
        try await raw.receiveToEnd().isEmpty
    }

    /// Sends a request and receives the next frame.
    package func call(_ bytes: [UInt8]) async throws -> Received {
        try await send(bytes)
        return try await receive()
    }
}
