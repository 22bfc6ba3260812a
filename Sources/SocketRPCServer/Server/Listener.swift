// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

/// Accepts connections from one listening socket and distributes them over the loops.
///
/// If no descriptor is left, it pauses accepting, first for a millisecond and finally for a second; connections wait in
/// the backlog. If that continues, they are accepted with a spare descriptor, told the reason, and closed.
final class Listener: EventHandler {
    private static let acceptsPerTurn = 256
    private static let shortestPause = Duration.milliseconds(1)
    private static let longestPause = Duration.seconds(1)
    private static let shedsPerPause = 64

    private let server: ServerLoop
    private let loops: [LoopBound<ServerLoop>]
    let refusesInDrain: Bool
    private var socket: FileDescriptor?
    private var registration: Registration?
    private var spare: FileDescriptor?
    private var pause = Listener.shortestPause
    private var pauseTimer: TimerToken?
    private var next = 0

    init(
        _ socket: consuming FileDescriptor, server: ServerLoop, loops: [LoopBound<ServerLoop>],
        refusesInDrain: Bool
    ) throws(SystemError) {
        self.server = server
        self.loops = loops
        self.refusesInDrain = refusesInDrain
        spare = try? socket.duplicate()
        self.socket = consume socket
        try watch()
    }

    func ready(_ events: ReadyEvents) {
        for _ in 0..<Self.acceptsPerTurn {
            do throws(SystemError) {
                switch try accept() {
                case .accepted(let connection):
                    pause = Self.shortestPause
                    deal(connection)
                case .wouldBlock: return
                case .tooManyFiles: return outOfDescriptors()
                case .transient: continue
                }
            } catch {
                server.logger.error("a listener failed", metadata: ["error": "\(error)"])
                return rest()
            }
        }
    }

    /// Accepts connections from the backlog, within the limit of one turn.
    func sweep() {
        ready(.readable)
    }

    /// Stops listening. Connections in the backlog are closed.
    func close() {
        if let pauseTimer { server.loop.cancel(pauseTimer) }
        pauseTimer = nil
        unwatch()
        socket = nil
        spare = nil
    }

    private func accept() throws(SystemError) -> AcceptResult {
        guard let result = try socket?.accepted() else { return .wouldBlock }
        return result
    }

    private func deal(_ connection: consuming FileDescriptor) {
        let target = loops[next]
        next = (next + 1) % loops.count
        if target.loop.isCurrent {
            let number = connection.release()
            target.withValue { $0.connected(FileDescriptor(adopting: number)) }
        } else {
            let number = connection.release()
            target.loop.execute { target.withValue { $0.connected(FileDescriptor(adopting: number)) } }
        }
    }

    private func outOfDescriptors() {
        server.logger.warning(
            "no descriptor is left to accept a connection; raise the limit of open files",
            metadata: ["pause": "\(pause)"])
        if pause >= Self.longestPause { shed() }
        rest()
    }

    /// Pauses accepting.
    private func rest() {
        unwatch()
        pauseTimer = server.loop.schedule(after: pause) { [weak self] in
            guard let self else { return }
            pauseTimer = nil
            do throws(SystemError) {
                try watch()
            } catch {
                server.logger.error("a listener failed", metadata: ["error": "\(error)"])
                rest()
            }
        }
        pause = min(pause * 2, Self.longestPause)
    }

    /// Accepts connections one at a time with the spare descriptor, and tells those that have sent a request why they
    /// are closed.
    private func shed() {
        spare = nil
        for _ in 0..<Self.shedsPerPause {
            guard case .accepted(let connection) = try? accept() else { break }
            ConnectionRefusal.answer(
                connection,
                RPCStatus(
                    .resourceExhausted, reason: "TOO_MANY_CONNECTIONS",
                    "the server has no descriptor left; try again later"))
        }
        spare = try? socket?.duplicate()
    }

    private func watch() throws(SystemError) {
        guard registration == nil, let number = socket?.rawValue else { return }
        registration = try server.loop.register(number, interest: .read, handler: self)
    }

    private func unwatch() {
        if let registration { server.loop.deregister(registration) }
        registration = nil
    }
}

extension FileDescriptor {
    /// Accepts one connection.
    fileprivate borrowing func accepted() throws(SystemError) -> AcceptResult {
        try UnixSocket.accept(self)
    }
}

/// Refuses connections without keeping any state.
enum ConnectionRefusal {
    /// Answers the first request, if it is there already and is ttrpc. A gRPC client sees that the connection is closed
    /// without an answer, and retries.
    static func answer(_ socket: borrowing FileDescriptor, _ status: RPCStatus) {
        var input = ByteBuffer()
        guard let result = try? socket.read(into: &input, atMost: FrameHeader.byteCount), case .bytes = result,
            input.count == FrameHeader.byteCount, input.bytes.byte(at: 0) == 0
        else { return }
        var output = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: FrameHeader(reading: input.bytes).streamID, status: status, to: &output)
        _ = try? socket.write(&output)
    }
}
