// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
package import SocketRPC
package import SystemIO

/// Serves services on Unix sockets.
///
/// `start` runs its loops, `run` waits until it has been shut down, from anywhere, by `beginGracefulShutdown(grace:)`. Connections are
/// dealt out over the loops; a connection and its handlers live on one.
package final class RPCServer: Sendable {
    /// The loops, for timers and descriptors of the same program. They end with `run`.
    package let loops: [EventLoop]
    private let parts: [LoopBound<ServerLoop>]
    private let state: ServerState

    /// A server that does not run yet.
    ///
    /// `authorize` decides about a connection before anything is read from it; the status it throws answers the first request.
    /// Throws when there is no descriptor left.
    package init(
        configuration: ServerConfiguration = ServerConfiguration(), router: Router,
        interceptors: [any ServerInterceptor] = [],
        authorize: @escaping @Sendable (PeerCredentials) throws(RPCStatus) -> Void = { _ in },
        logger: Logger
    ) throws(SystemError) {
        let count = max(configuration.loops, 1)
        let state = ServerState(
            loops: count, callsPerPeer: configuration.callsPerPeer, inputBytes: configuration.inputBytes,
            outputBytes: configuration.outputBytes)
        var loops: [EventLoop] = []
        var parts: [LoopBound<ServerLoop>] = []
        for index in 0..<count {
            let loop = try EventLoop(name: "rpc-\(index)", spin: configuration.spin)
            let part = ServerLoop(
                loop: loop, configuration: configuration, router: router, interceptors: interceptors,
                authorize: authorize, logger: logger, state: state)
            loops.append(loop)
            parts.append(LoopBound(sending: part, on: loop))
        }
        self.loops = loops
        self.parts = parts
        self.state = state
    }

    /// The loop that listens, and the only one by default.
    package var loop: EventLoop { loops[0] }

    /// How many connections are open, refused ones apart.
    package var connectionCount: Int { state.connectionCount }

    /// What is kept of all clients' requests until handlers take it.
    package var inputBudget: ServerBudget { state.inputBudget }

    /// What waits for all clients to read it.
    package var outputBudget: ServerBudget { state.outputBudget }

    /// Runs the loops, each on a thread of its own. To be called once.
    package func start() throws(SystemError) {
        for loop in loops { try loop.start() }
    }

    /// Accepts connections from a listening socket that does not block. The server closes it.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - replacing: Whether the sockets that it listened on before are closed.
    ///   - refusesInDrain: Whether connections that come during a drain are told so. Otherwise they wait in the backlog for the
    ///     next server of the socket.
    package func listen(
        on socket: consuming FileDescriptor, replacing: Bool = false, refusesInDrain: Bool = true
    ) {
        let (part, parts) = (self.parts[0], self.parts)
        let number = socket.release()
        part.loop.execute {
            part.withValue { part in
                let socket = FileDescriptor(adopting: number)
                guard !part.isEnding else { return }
                if replacing {
                    for listener in part.listeners { listener.close() }
                    part.listeners = []
                }
                do throws(SystemError) {
                    part.listeners.append(
                        try Listener(socket, environment: part, parts: parts, refusesInDrain: refusesInDrain))
                    if part.isDraining { part.closeListeners(inDrain: true) }
                } catch {
                    part.logger.error("cannot listen", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Serves one connected socket that does not block.
    package func serve(_ connection: consuming FileDescriptor) {
        let part = parts[0]
        let number = connection.release()
        part.loop.execute { part.withValue { $0.connected(FileDescriptor(adopting: number)) } }
    }

    /// Begins the end: new connections and calls get `UNAVAILABLE`, running calls may finish for `grace`, then every connection
    /// closes. Another call can only shorten the time. Returns at once.
    ///
    /// - Parameters:
    ///   - grace: How long calls may run on.
    ///   - held: Whether the server goes on to refuse calls when no call is open any more, until ``releaseShutdown()`` or the end
    ///     of the grace.
    ///   - onDrain: Called once every loop refuses new calls, on one of them.
    package func beginGracefulShutdown(
        grace: Duration, held: Bool = false, onDrain: @escaping @Sendable () -> Void = {}
    ) {
        let left = Guarded(parts.count)
        for part in parts {
            part.loop.execute {
                part.withValue { $0.drain(grace: grace, held: held) }
                let isLast = left.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isLast { onDrain() }
            }
        }
    }

    /// Lets a shutdown that is held end as soon as no call is open.
    package func releaseShutdown() {
        for part in parts {
            part.loop.execute { part.withValue { $0.releaseDrain() } }
        }
    }

    /// Ends every call with `UNAVAILABLE` and closes every connection.
    package func shutdownNow() {
        beginGracefulShutdown(grace: .zero)
    }

    /// Waits until the server was shut down, then ends its loops. To be called once, and not on one of the loops.
    ///
    /// Cancelling the caller shuts the server down at once.
    package func run() async {
        await withTaskCancellationHandler {
            await state.waitForLoops()
        } onCancel: {
            shutdownNow()
        }
        for loop in loops { loop.stop() }
        for loop in loops { loop.join() }
    }
}
