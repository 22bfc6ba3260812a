// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport

/// A connection of one of the protocols that makes one call after the other and blocks its thread.
final class MixedCaller {
    /// How a call ended.
    enum Outcome {
        case answered
        /// The server refused the call; it did not run.
        case refused
        /// The connection is closed; the call did not run, or was answered before.
        case closed
    }

    private let raw: RawPeer
    private let wire: WirePeer
    private let http: HTTP2Peer
    private let isGRPC: Bool
    private var id: UInt32 = 1
    private var isOpen = true

    init(_ path: String, isGRPC: Bool) throws {
        raw = try RawPeer(path: path)
        wire = WirePeer(raw)
        http = HTTP2Peer(raw)
        self.isGRPC = isGRPC
        if isGRPC { try raw.sendBlocking(HTTP2Frame.preface + HTTP2Frame.settings().bytes) }
    }

    func begin() {
        do {
            let payload = try message("\(id)")
            guard isGRPC else { return try raw.sendBlocking(WirePeer.request(id, "Async", payload)) }
            try raw.sendBlocking(
                HTTP2Frame.request(id, "/test.Echo/Async").bytes
                    + HTTP2Frame.data(id, HTTP2Frame.message(payload), endStream: true).bytes)
        } catch {
            // What the server said before it closed may still be read.
            isOpen = false
        }
    }

    func end() -> Outcome {
        defer { id += 2 }
        do {
            let outcome = isGRPC ? try endGRPC() : try endTTRPC()
            return isOpen ? outcome : .closed
        } catch {
            return .closed
        }
    }

    private func endTTRPC() throws -> Outcome {
        let answer = try wire.receiveBlocking()
        return answer.status == nil ? .answered : .refused
    }

    private func endGRPC() throws -> Outcome {
        var answer = HTTP2Answer()
        while true {
            let frame = try http.receiveBlocking()
            switch frame.type {
            case HTTP2Frame.ping where frame.flags == 0:
                // A caller that comes late finds the server gone, but its answers still waiting.
                try? raw.sendBlocking(
                    HTTP2Frame(HTTP2Frame.ping, HTTP2Frame.acknowledge, stream: 0, frame.payload).bytes)
            case HTTP2Frame.goAway where frame.number(at: 0) < id: return .closed
            case HTTP2Frame.headers, HTTP2Frame.data:
                try http.take(frame, into: &answer)
                if frame.endsStream { return answer.status == 0 ? .answered : .refused }
            default: break
            }
        }
    }
}
