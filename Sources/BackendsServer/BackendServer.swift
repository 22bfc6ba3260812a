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
    private let processes = PeerProcesses()
    /// Set when a drain has begun.
    private let drainBegan = Announcement<Void>()
    /// Set when a drain is to end at once.
    private let immediateStop = Announcement<Void>()

    /// A server that does not run yet. `version` and `socketPath` are what `GetServerInfo` reports; `reload` reads the configuration file
    /// again, if there is one.
    ///
    /// There may be no descriptor left for it; that is the error.
    package init(
        registry: BackendRegistry, configuration: ServerConfiguration = ServerConfiguration(),
        policy: AccessPolicy = AccessPolicy(), version: String, socketPath: String,
        reload: ConfigurationReload? = nil, lostOutput: @escaping @Sendable () -> UInt64 = { 0 }, logger: Logger
    ) throws(BackendServerError) {
        self.registry = registry
        let figures = ServerFigures(lostOutput: lostOutput)
        let information = ServerInformation(
            version: version, startTime: SystemBackendClock().now(), pid: ProcessInformation.pid,
            socketPath: socketPath, figures: figures)
        let audit = AuditLog(logger)
        let services = [
            BackendTypeHandler(registry: registry).rpcService,
            BackendConfigHandler(registry: registry).rpcService.audited(by: audit),
            ConfigurationHandler(registry: registry, reload: reload).rpcService.audited(by: audit),
            LifecycleHandler(registry: registry, processes: processes).rpcService.audited(by: audit),
            RuntimeContextHandler(registry: registry).rpcService,
            ModelHandler(registry: registry, audit: audit, processes: processes).rpcService.audited(by: audit),
            ObserveHandler(registry: registry, information: information).rpcService,
            HealthHandler(registry: registry, drainBegan: drainBegan).rpcService,
        ].map { service in service.mappingFailures { $0.isAboutText(of: "model_id") ? RPCStatus(ModelID.notText) : $0 }
        }
        let reflection = ReflectionService(of: services) { DescriptorSet.daemon }
        do {
            rpc = try RPCServer(
                configuration: configuration, router: try Router(services + reflection.rpcServices),
                authorize: { (peer) throws(RPCStatus) in try policy.authorize(peer) }, logger: logger)
        } catch {
            throw BackendServerError("the server cannot be made: \(error)")
        }
        figures.watch(rpc)
    }

    /// The loop that listens, for signals of the same program.
    package var loop: EventLoop { rpc.loop }

    /// Begins to serve what `listen` brings.
    package func start() throws(SystemError) {
        try rpc.start()
    }

    /// Accepts connections from a listening socket that does not block. The server closes it.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - replacing: Whether the sockets that it listened on before are closed.
    ///   - refusesInDrain: Whether connections that come during a drain are told so, or left to the next server of the socket.
    package func listen(on socket: consuming FileDescriptor, replacing: Bool = false, refusesInDrain: Bool = true) {
        rpc.listen(on: socket, replacing: replacing, refusesInDrain: refusesInDrain)
    }

    /// Changes limits while the server runs; see ``RPCServer/setLimits(_:)``.
    package func setLimits(_ limits: ServerLimits) { rpc.setLimits(limits) }

    /// Waits until the server was shut down and everything it began has ended. To be called once.
    package func run() async {
        await rpc.run()
        await registry.finish()
    }

    /// Ends the service in two steps. First new calls get `UNAVAILABLE SERVER_DRAINING`, and what is held (start locks and uses
    /// of models) stays until its clients let go, for `grace` at most. Then backends are stopped, the last in priority order
    /// first, for `grace` at most; calls that are still open end with that. So it takes twice `grace` at most, and the time of
    /// the processes that have to be killed.
    ///
    /// - Parameters:
    ///   - grace: How long each of the two steps may take.
    ///   - leavesInstances: Whether both steps are left out: what is held ends at once, and backends are not stopped: their processes run on for the next daemon.
    ///   - onDrain: Called once new calls are refused.
    /// - Returns: The backends that could not be stopped.
    @discardableResult
    package func shutDown(
        grace: Duration, leavesInstances: Bool = false, onDrain: @escaping @Sendable () -> Void = {}
    ) async -> [String] {
        // Callers that wait for a start lock are refused before its holder lets go of it.
        registry.drain()
        drainBegan.set(())
        rpc.beginGracefulShutdown(grace: grace + grace, held: true, onDrain: onDrain)
        // Uses and locks end with this daemon; only a stop takes what they use away.
        if !leavesInstances {
            await firstOf(
                { await self.processes.waitUntilNoneHolds() },
                { try? await Background.sleep(for: grace) },
                { _ = await self.immediateStop.value() })
        }
        processes.release.set(())
        let left =
            leavesInstances
            ? registry.leave() : await registry.shutDown(grace: grace, immediateStop: immediateStop)
        rpc.releaseShutdown()
        return left
    }

    /// Ends every call and every process at once, after `shutDown` has begun.
    package func shutDownNow() {
        immediateStop.set(())
        rpc.shutdownNow()
    }
}

/// Why a server could not be made.
package struct BackendServerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
