// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import BackendsAPI
package import Logging
internal import SocketRPC
package import SocketRPCServer
package import SystemIO

/// The service of the host: the domain behind a socket.
///
/// `start`, `listen`, then `run` until `shutDown`. Tests and the daemon use it alike.
package final class BackendServer: Sendable {
    private let registry: BackendRegistry
    private let rpc: RPCServer
    private let drain = DrainSignal()

    /// A server that does not run yet. `version` and `socketPath` are what `GetServerInfo` tells.
    ///
    /// There may be no descriptor left for it; that is the error.
    package init(
        registry: BackendRegistry, configuration: ServerConfiguration = ServerConfiguration(),
        policy: AccessPolicy = AccessPolicy(), version: String, socketPath: String, logger: Logger
    ) throws(BackendServerError) {
        self.registry = registry
        let connections = ConnectionCounter()
        let information = ServerInformation(
            version: version, startTime: SystemBackendClock().now(), pid: ProcessInformation.pid,
            socketPath: socketPath, connections: { connections.count })
        let audit = AuditLog(logger)
        let processes = PeerProcesses()
        let services = [
            BackendTypeHandler(registry: registry).rpcService,
            BackendConfigHandler(registry: registry, audit: audit).rpcService,
            LifecycleHandler(registry: registry, audit: audit, processes: processes, drain: drain).rpcService,
            RuntimeContextHandler(registry: registry).rpcService,
            ModelHandler(registry: registry, audit: audit, processes: processes, drain: drain).rpcService,
            ObserveHandler(registry: registry, information: information).rpcService,
            HealthHandler(registry: registry, drain: drain).rpcService,
        ]
        let reflection = ReflectionService(of: services) { DescriptorSet.daemon }
        do {
            rpc = try RPCServer(
                configuration: configuration, router: try Router(services + reflection.rpcServices),
                authorize: { (peer) throws(RPCStatus) in try policy.authorize(peer) }, logger: logger)
        } catch {
            throw BackendServerError("the server cannot be made: \(error)")
        }
        connections.watch(rpc)
    }

    /// The loop that listens, for signals of the same program.
    package var loop: EventLoop { rpc.loop }

    /// Begins to serve what `listen` brings.
    package func start() throws(SystemError) {
        try rpc.start()
    }

    /// Accepts connections from a listening socket that does not block. The server closes it.
    ///
    /// - Parameter replacing: Whether the sockets that it listened on before are closed.
    package func listen(on socket: consuming FileDescriptor, replacing: Bool = false) {
        rpc.listen(on: socket, replacing: replacing)
    }

    /// Waits until the server was shut down and everything it began has ended. To be called once.
    package func run() async {
        await rpc.run()
        await registry.finish()
    }

    /// Ends the service: new calls get `UNAVAILABLE`, running ones may finish, backends are stopped, the last in priority
    /// order first. What is not done after `grace` is ended.
    ///
    /// - Returns: The backends that could not be stopped.
    @discardableResult
    package func shutDown(grace: Duration) async -> [String] {
        rpc.beginGracefulShutdown(grace: grace)
        // Who waits for a start lock is refused before its holder lets go of it.
        registry.drain()
        drain.begin()
        return await registry.shutDown(grace: grace)
    }

    /// Ends every call at once, after `shutDown` began and somebody lost patience.
    package func shutDownNow() {
        rpc.shutdownNow()
    }
}
