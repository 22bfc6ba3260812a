// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
package import SocketRPC
package import SystemIO

/// Serves services on Unix sockets.
///
/// `start` runs its loops, and `run` waits until it has been shut down by `beginGracefulShutdown(grace:)`, which may be
/// called from anywhere. Connections are distributed over the loops; a connection and its handlers stay on one.
package final class RPCServer: Sendable {
    /// The loops, which the program may use for timers and descriptors too. They end with `run`.
    package let loops: [EventLoop]
    private let servers: [LoopBound<ServerLoop>]
    private let state: ServerState

    /// Creates a server, which does not run yet.
    ///
    /// `authorize` is called before anything is read from a connection; the status it throws answers the first request.
    /// Throws if no descriptor is left.
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
        var servers: [LoopBound<ServerLoop>] = []
        for index in 0..<count {
            let loop = try EventLoop(name: "rpc-\(index)", spin: configuration.spin)
            let server = ServerLoop(
                loop: loop, configuration: configuration, router: router, interceptors: interceptors,
                authorize: authorize, logger: logger, state: state)
            loops.append(loop)
            servers.append(LoopBound(sending: server, on: loop))
        }
        self.loops = loops
        self.servers = servers
        self.state = state
    }

    /// The loop that listens, and the only one by default.
    package var loop: EventLoop { loops[0] }

    /// The number of open connections, without refused ones.
    package var connectionCount: Int { state.connectionCount }

    /// The budget of all clients' requests that wait for handlers.
    package var inputBudget: ServerBudget { state.inputBudget }

    /// The budget of output that waits for all clients.
    package var outputBudget: ServerBudget { state.outputBudget }

    /// Runs the loops, each on a thread of its own. Call once.
    package func start() throws(SystemError) {
        for loop in loops { try loop.start() }
    }

    /// Accepts connections from a listening socket that does not block. The server closes it.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - replacing: Whether the sockets that it has listened on so far are closed.
    ///   - refusesInDrain: Whether connections that come during a drain are refused. Otherwise they wait in the
    ///     backlog for the next server of the socket.
    package func listen(
        on socket: consuming FileDescriptor, replacing: Bool = false, refusesInDrain: Bool = true
    ) {
        let (server, servers) = (self.servers[0], self.servers)
        let number = socket.release()
        server.loop.execute {
            server.withValue { server in
                let socket = FileDescriptor(adopting: number)
                guard !server.isEnding else { return }
                if replacing {
                    for listener in server.listeners { listener.close() }
                    server.listeners = []
                }
                do throws(SystemError) {
                    server.listeners.append(
                        try Listener(socket, server: server, loops: servers, refusesInDrain: refusesInDrain))
                    if server.isDraining { server.closeListeners(inDrain: true) }
                } catch {
                    server.logger.error("cannot listen", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Serves one connected socket that does not block.
    package func serve(_ connection: consuming FileDescriptor) {
        let server = servers[0]
        let number = connection.release()
        server.loop.execute { server.withValue { $0.connected(FileDescriptor(adopting: number)) } }
    }

    /// Changes limits while the server runs. Connections that are open stay so, and keep their limit of streams; the other limits apply to
    /// what comes next.
    package func setLimits(_ limits: ServerLimits) {
        (state.inputBudget.limit, state.outputBudget.limit) = (limits.inputBytes, limits.outputBytes)
        for server in servers {
            server.loop.execute { server.withValue { $0.setLimits(limits) } }
        }
    }

    /// Begins a graceful shutdown: new connections and calls get `UNAVAILABLE`, running calls may finish for `grace`,
    /// then every connection closes. A further call can only shorten the grace period. Returns at once.
    ///
    /// - Parameters:
    ///   - grace: How long running calls may continue.
    ///   - held: Whether the server keeps refusing calls after the last call has ended, until ``releaseShutdown()``
    ///     or the end of the grace period.
    ///   - onDrain: Called on one of the loops, once all of them refuse new calls.
    package func beginGracefulShutdown(
        grace: Duration, held: Bool = false, onDrain: @escaping @Sendable () -> Void = {}
    ) {
        let left = Guarded(servers.count)
        for server in servers {
            server.loop.execute {
                server.withValue { $0.drain(grace: grace, held: held) }
                let isLast = left.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isLast { onDrain() }
            }
        }
    }

    /// Lets a held shutdown end as soon as no call is open.
    package func releaseShutdown() {
        for server in servers {
            server.loop.execute { server.withValue { $0.releaseDrain() } }
        }
    }

    /// Ends every call with `UNAVAILABLE` and closes every connection.
    package func shutdownNow() {
        beginGracefulShutdown(grace: .zero)
    }

    /// Waits until the server has been shut down, then ends its loops. Call once, and not on one of the loops.
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
