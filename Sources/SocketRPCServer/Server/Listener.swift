// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SocketRPC
internal import SystemIO

/// Accepts connections from one listening socket and deals them out to the loops.
///
/// Without descriptors left it waits, at first a millisecond, at last a second, with the listener unwatched; connections wait in
/// the backlog. When that lasts, they are taken with a descriptor kept for it, told so, and closed.
final class Listener: EventHandler {
    private static let acceptsPerTurn = 256
    private static let shortestPause = Duration.milliseconds(1)
    private static let longestPause = Duration.seconds(1)
    private static let shedsPerPause = 64

    private let environment: ServerLoop
    private let parts: [LoopBound<ServerLoop>]
    let refusesInDrain: Bool
    private var socket: FileDescriptor?
    private var registration: Registration?
    private var spare: FileDescriptor?
    private var pause = Listener.shortestPause
    private var pauseTimer: TimerToken?
    private var next = 0

    init(
        _ socket: consuming FileDescriptor, environment: ServerLoop, parts: [LoopBound<ServerLoop>],
        refusesInDrain: Bool
    ) throws(SystemError) {
        self.environment = environment
        self.parts = parts
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
                environment.logger.error("a listener failed", metadata: ["error": "\(error)"])
                return rest()
            }
        }
    }

    /// Accepts what waits in the backlog, as far as that goes in one turn.
    func sweep() {
        ready(.readable)
    }

    /// Stops listening; whoever waits in the backlog is disconnected.
    func close() {
        if let pauseTimer { environment.loop.cancel(pauseTimer) }
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
        let part = parts[next]
        next = (next + 1) % parts.count
        if part.loop.isCurrent {
            let number = connection.release()
            part.withValue { $0.connected(FileDescriptor(adopting: number)) }
        } else {
            let number = connection.release()
            part.loop.execute { part.withValue { $0.connected(FileDescriptor(adopting: number)) } }
        }
    }

    private func outOfDescriptors() {
        environment.logger.warning(
            "no descriptor is left to accept a connection; raise the limit of open files",
            metadata: ["pause": "\(pause)"])
        if pause >= Self.longestPause { shed() }
        rest()
    }

    /// Lets the connections wait for a while.
    private func rest() {
        unwatch()
        pauseTimer = environment.loop.schedule(after: pause) { [weak self] in
            guard let self else { return }
            pauseTimer = nil
            do throws(SystemError) {
                try watch()
            } catch {
                environment.logger.error("a listener failed", metadata: ["error": "\(error)"])
                rest()
            }
        }
        pause = min(pause * 2, Self.longestPause)
    }

    /// Accepts connections one at a time with the spare descriptor and tells those that have sent a request why they are closed.
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
        registration = try environment.loop.register(number, interest: .read, handler: self)
    }

    private func unwatch() {
        if let registration { environment.loop.deregister(registration) }
        registration = nil
    }
}

extension FileDescriptor {
    /// Accepts one connection.
    fileprivate borrowing func accepted() throws(SystemError) -> AcceptResult {
        try UnixSocket.accept(self)
    }
}
