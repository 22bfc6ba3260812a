// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SystemIO
import TestSupport

/// A socket that accepts when it is told to, and whose connections are written and read by hand.
final class ScriptedServer: Sendable {
    private let directory: TemporaryDirectory?
    private let listener: FileDescriptor
    let path: String

    init(backlog: Int32 = 16) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        path = directory.file("s")
        listener = try UnixSocket.listen(path: path, backlog: backlog)
    }

    /// Listens on a path that the caller owns.
    init(path: String) throws {
        directory = nil
        self.path = path
        listener = try UnixSocket.listen(path: path)
    }

    /// The next connection.
    func accept() async throws -> WirePeer {
        try await onThread { [self] in try acceptBlocking() }
    }

    /// The same for a caller that has a thread of its own.
    func acceptBlocking() throws -> WirePeer {
        guard !(try listener.wait(for: .read, timeout: .seconds(20))).isEmpty else {
            throw RawPeer.Failure(description: "no client connected")
        }
        switch try UnixSocket.accept(listener) {
        case .accepted(let socket): return WirePeer(try RawPeer(adopting: socket))
        case .wouldBlock: throw RawPeer.Failure(description: "the connection is gone")
        case .tooManyFiles: throw RawPeer.Failure(description: "there is no descriptor left")
        case .transient: throw RawPeer.Failure(description: "the connection broke")
        }
    }

    /// Fills the backlog with connections that are not accepted, and returns them.
    func fillBacklog() throws -> [RawPeer] {
        var peers: [RawPeer] = []
        for _ in 0..<64 {
            switch try UnixSocket.connect(path: path) {
            case .connected(let socket): peers.append(try RawPeer(adopting: socket))
            case .backlogFull: return peers
            }
        }
        throw RawPeer.Failure(description: "the backlog has no end")
    }
}

extension WirePeer {
    static func answer(_ id: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        var buffer = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: id, payloadSize: payload.count, to: &buffer)
        buffer.append(contentsOf: payload)
        return buffer.copied()
    }

    static func answer(_ id: UInt32, _ status: RPCStatus) -> [UInt8] {
        var buffer = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: id, status: status, to: &buffer)
        return buffer.copied()
    }

    /// Answers the next request with the message that came with it. Returns its ID.
    @discardableResult
    func echo() async throws -> UInt32 {
        let request = try await receive()
        try await send(Self.answer(request.header.streamID, try request.requestPayload))
        return request.header.streamID
    }
}

extension WirePeer.Received {
    var requestPayload: [UInt8] {
        get throws { Array(body[try RequestEnvelope(reading: ByteBuffer(body).bytes).payload]) }
    }

    var timeoutNano: Int64 {
        get throws { try RequestEnvelope(reading: ByteBuffer(body).bytes).timeoutNano }
    }

    var metadata: RPCMetadata {
        get throws {
            let buffer = ByteBuffer(body)
            return try RequestEnvelope(reading: buffer.bytes).metadata(in: buffer.bytes)
        }
    }
}
