// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A client that writes and reads frames of HTTP/2 by hand.
package struct HTTP2Peer: Sendable {
    package let raw: RawPeer
    private let inflater = HeaderInflater()

    package init(_ raw: RawPeer) {
        self.raw = raw
    }

    /// A peer that has sent its preface and settings, and has the server's.
    package static func connect(_ path: String, settings: [(UInt16, UInt32)] = []) async throws -> HTTP2Peer {
        let peer = HTTP2Peer(try RawPeer(path: path))
        try await peer.raw.send(HTTP2Frame.preface + HTTP2Frame.settings(settings).bytes)
        _ = try await peer.receive(HTTP2Frame.settings)
        try await peer.send(HTTP2Frame(HTTP2Frame.settings, HTTP2Frame.acknowledge))
        return peer
    }

    package func send(_ frames: HTTP2Frame...) async throws {
        try await raw.send(frames.flatMap(\.bytes))
    }

    /// The next frame, whatever it is.
    package func receive() async throws -> HTTP2Frame {
        try await onThread { try receiveBlocking() }
    }

    /// The next frame of a type.
    package func receive(_ type: UInt8) async throws -> HTTP2Frame {
        try await onThread {
            while true {
                let frame = try receiveBlocking()
                if frame.type == type { return frame }
            }
        }
    }

    package func receiveBlocking() throws -> HTTP2Frame {
        let header = try raw.receiveBlocking(9)
        let length = header[..<3].reduce(0) { $0 << 8 | Int($1) }
        let stream = header[5...].reduce(0) { $0 << 8 | UInt32($1) }
        return HTTP2Frame(header[3], header[4], stream: stream, try raw.receiveBlocking(length))
    }

    /// Everything that arrives on a stream until its end. Frames of other streams are skipped, so read one answer at a time.
    package func answer(_ stream: UInt32) async throws -> HTTP2Answer {
        try await answers([stream])[stream] ?? HTTP2Answer()
    }

    /// Everything that arrives on some streams until all of them have ended.
    package func answers(_ streams: Set<UInt32>) async throws -> [UInt32: HTTP2Answer] {
        try await onThread {
            var answers: [UInt32: HTTP2Answer] = [:]
            var open = streams
            while !open.isEmpty {
                let frame = try receiveBlocking()
                if frame.type == HTTP2Frame.headers || frame.type == HTTP2Frame.data || frame.type == HTTP2Frame.reset {
                    try take(frame, into: &answers[frame.stream, default: HTTP2Answer()])
                    if frame.endsStream || frame.type == HTTP2Frame.reset { open.remove(frame.stream) }
                }
            }
            return answers
        }
    }

    /// Adds a frame to what has arrived on its stream.
    package func take(_ frame: HTTP2Frame, into answer: inout HTTP2Answer) throws {
        switch frame.type {
        case HTTP2Frame.headers:
            let fields = try inflater.decode(frame.payload)
            if answer.blocks == 0 { answer.headers = fields }
            answer.trailers = fields
            answer.blocks += 1
        case HTTP2Frame.data: answer.body += frame.payload
        case HTTP2Frame.reset: answer.reset = frame.number(at: 0)
        default: break
        }
    }

    /// Calls a unary method with one message.
    package func call(
        _ stream: UInt32, _ path: String, _ payload: [UInt8] = [], _ fields: [(String, String)] = []
    ) async throws -> HTTP2Answer {
        try await send(
            .request(stream, path, fields), .data(stream, HTTP2Frame.message(payload), endStream: true))
        return try await answer(stream)
    }

    /// The error code and text of the GOAWAY that ends the connection; expects the connection to be closed after it.
    package func goneAway() async throws -> (code: UInt32, words: String) {
        try await onThread {
            var last: HTTP2Frame?
            while let frame = try? receiveBlocking() {
                if frame.type == HTTP2Frame.goAway { last = frame }
            }
            guard let last else { throw RawPeer.Failure(description: "the connection closed without GOAWAY") }
            return (last.number(at: 4), String(decoding: last.payload[8...], as: UTF8.self))
        }
    }

    /// Sends the same body on many streams in turn, as far as the windows allow, and returns the answers.
    package func sendAtOnce(
        _ streams: [UInt32], _ body: [UInt8], window: Int, connection: Int
    ) async throws -> [UInt32: HTTP2Answer] {
        try await onThread {
            var room = Dictionary(uniqueKeysWithValues: streams.map { ($0, window) })
            var sent = Dictionary(uniqueKeysWithValues: streams.map { ($0, 0) })
            var answers: [UInt32: HTTP2Answer] = [:]
            var (connection, ended) = (connection, 0)
            while ended < streams.count {
                var hasSent = false
                for stream in streams {
                    let (offset, free) = (sent[stream] ?? 0, min(room[stream] ?? 0, connection, 5_000))
                    let count = min(free, body.count - offset)
                    guard count > 0 else { continue }
                    let isLast = offset + count == body.count
                    try raw.sendBlocking(
                        HTTP2Frame.data(stream, Array(body[offset..<offset + count]), endStream: isLast).bytes)
                    sent[stream] = offset + count
                    room[stream, default: 0] -= count
                    connection -= count
                    hasSent = true
                }
                // Wait for input only when the windows do not allow to send.
                if hasSent { continue }
                let frame = try receiveBlocking()
                if frame.type == HTTP2Frame.windowUpdate {
                    let credit = Int(frame.number(at: 0))
                    if frame.stream == 0 { connection += credit } else { room[frame.stream, default: 0] += credit }
                } else if frame.stream > 0 {
                    try take(frame, into: &answers[frame.stream, default: HTTP2Answer()])
                    if frame.endsStream || frame.type == HTTP2Frame.reset { ended += 1 }
                }
            }
            return answers
        }
    }

    /// Sends a body and its end as the server's windows allow. Returns the number of updates of the stream's window.
    package func sendInWindow(
        _ stream: UInt32, _ body: [UInt8], window: Int, credit: Int = 65_535
    ) async throws -> (updates: Int, left: Int) {
        var (offset, room, credit, updates) = (0, window, credit, 0)
        while offset < body.count {
            let count = min(16_384, room, credit, body.count - offset)
            if count == 0 {
                let frame = try await receive(HTTP2Frame.windowUpdate)
                if frame.stream == 0 { credit += Int(frame.number(at: 0)) }
                if frame.stream == stream {
                    room += Int(frame.number(at: 0))
                    updates += 1
                }
                continue
            }
            try await send(.data(stream, Array(body[offset..<offset + count]), endStream: offset + count == body.count))
            offset += count
            room -= count
            credit -= count
        }
        return (updates, room)
    }
}

/// Everything that arrived on one stream until its end.
package struct HTTP2Answer: Sendable {
    /// The headers of the first block.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// The headers of the last block; those of the first if there is only one.
    package var trailers: [(name: String, value: String)] = []
    package var blocks = 0
    /// The code of a reset.
    package var reset: UInt32?

    package init() {}

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    package func trailer(_ name: String) -> String? { trailers.first { $0.name == name }?.value }
    package var httpStatus: String? { header(":status") }
    package var status: Int? { trailer("grpc-status").flatMap { Int($0) } }
    package var isTrailersOnly: Bool { blocks == 1 && body.isEmpty }

    /// The messages in the body: each flag with its bytes.
    package var messages: [(flag: UInt8, payload: [UInt8])] {
        var messages: [(flag: UInt8, payload: [UInt8])] = []
        var offset = 0
        while offset + 5 <= body.count {
            let length = body[offset + 1..<offset + 5].reduce(0) { $0 << 8 | Int($1) }
            guard offset + 5 + length <= body.count else { break }
            messages.append((body[offset], Array(body[offset + 5..<offset + 5 + length])))
            offset += 5 + length
        }
        return messages
    }
}
