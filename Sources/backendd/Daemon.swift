// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import BackendsServer
internal import ConfigDocument
internal import InstanceShims
internal import Logging
internal import SocketRPC
internal import SocketRPCServer
internal import SystemIO

/// The daemon: its backends, its socket, and its end.
struct Daemon: Sendable {
    private let configuration: DaemonConfiguration
    private let supervision: Supervision
    private let registry: BackendRegistry
    private let state: DaemonState?
    private let logger: Logger
    private let logs: LogSettings
    private let notifier: ServiceNotifier
    private let reloader: ConfigurationReloader
    /// Set at the second signal that asks for the end.
    private let endsAtOnce = Announcement<Void>()
    /// Why another user could change the configuration file.
    private let risk: String?

    /// Creates the backends of the configuration and of the state; nothing runs yet.
    init(
        _ loaded: LoadedConfiguration, from loader: ConfigurationLoader, state: DaemonState?, logs: LogSettings
    ) throws(ConfigurationError) {
        configuration = loaded.configuration
        self.state = state
        self.logs = logs
        risk = loaded.file?.risk
        logger = logs.logger
        notifier = ServiceNotifier()
        var limits = BackendLimits()
        limits.contextTimeout = configuration.contextTimeout
        let clock = SystemBackendClock()
        // Shims work in another directory than the daemon.
        let directory = ProcessInformation.absolutePath(
            configuration.instanceDirectory ?? SocketEndpoint.instanceDirectory(configuration.socketPath))
        supervision = Supervision(
            clock: clock, socketDirectory: directory + "/sockets",
            logDirectory: ProcessInformation.absolutePath(configuration.logDirectory ?? directory + "/logs"),
            log: logger,
            host: ShimHost(directory: directory + "/instances"))
        registry = BackendRegistry(
            types: .standard(on: supervision), serverInstance: Self.serverInstance(), clock: clock, limits: limits,
            store: state?.store, saved: state?.saved ?? SavedState(), log: logger)
        reloader = ConfigurationReloader(
            loaded, from: loader, registry: registry, logs: logs, notifier: notifier)
        var faults: [String] = []
        let plan = StatePlan(file: configuration.backends, saved: state?.saved.backends ?? [])
        let names = Set(plan.creations.map(\.definition.name))
        for (index, creation) in plan.creations.enumerated() {
            do throws(BackendError) {
                _ = try registry.create(creation.definition, alongside: names, restoring: creation.record)
            } catch {
                if creation.definition.origin == .file {
                    faults += loaded.faults(error, at: index)
                } else {
                    DaemonState.log(error, of: creation.definition, to: logger)
                }
            }
        }
        state?.forget(plan.forgotten, logger)
        logOrder(plan.brokenOrders)
        if registry.runsProcesses {
            faults += Self.lines(supervision.directoryProblems().filter { !$0.error.isAccessDenied }, loaded)
        }
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
    }

    /// Says which `after` no boot can follow.
    private func logOrder(_ broken: [StatePlan.BrokenOrder]) {
        for order in broken {
            logger.warning(
                "a saved backend does not come after another one any more, because the configuration file says the opposite",
                metadata: ["backend": "\(order.backend)", "after": "\(order.after)"])
        }
        for definition in configuration.backends {
            for warning in registry.orderWarnings(about: definition.name) {
                logger.warning(
                    "\(warning.path) \(warning.description)", metadata: ["backend": "\(definition.name)"])
            }
        }
    }

    /// What may not work in the configurations of the backends, as this host is now.
    func warnings(_ loaded: LoadedConfiguration) -> [String] {
        let shared = registry.sharedPlaces()
        return [SocketEndpoint.problem(configuration)].compactMap { $0 }
            + Self.lines(supervision.directoryProblems(), loaded)
            + configuration.backends.enumerated().flatMap { index, definition in
                let warnings =
                    registry.orderWarnings(about: definition.name) + registry.warnings(about: definition.name)
                    + shared[definition.name, default: []]
                return loaded.lines(warnings, at: index)
            }
    }

    /// Serves until a signal asks for the end, then drains.
    /// `loop` runs until the end of the process. With `descriptors` open at most, and with `memory` bytes for input and for output of clients if the process has a limit.
    func run(on loop: EventLoop, descriptors: Int, memory: Int?) async throws(DaemonExit) {
        let unreadable = Environment.malformedNames
        if !unreadable.isEmpty {
            logger.warning(
                "variables of the environment are not valid UTF-8, so that programs do not get them",
                metadata: ["names": "\(unreadable.joined(separator: ", "))"])
        }
        if let risk { logger.warning("another user could change the configuration", metadata: ["error": "\(risk)"]) }
        let room = ClientRoom(descriptors: descriptors, memory: memory)
        try state?.begin()
        let endpoint = try SocketEndpoint.open(configuration)
        try await adopt()
        let path = endpoint.path
        var server = ServerConfiguration()
        server.loops = configuration.loops
        server.maximumRefusals = room.refusedConnections
        server.limits = room.limits(configuration.limits, logger)
        let supervision = supervision
        let backends: BackendServer
        do throws(BackendServerError) {
            backends = try BackendServer(
                registry: registry, configuration: server, version: ProductVersion.current, socketPath: path,
                reload: { isDryRun async throws(BackendError) in try await reloader.reload(isDryRun: isDryRun) },
                lostOutput: { supervision.lostOutputBytes }, logger: logger)
        } catch {
            throw .fault(error.description)
        }
        try await serve(backends, endpoint, room)
        // A daemon that leaves its instances leaves this to the next one as well.
        if reloader.configuration.onShutdown != .leave {
            await supervision.waitUntilCleared(atMost: reloader.configuration.grace, isUrgent: endsAtOnce)
        }
        supervision.close()
        await state?.end(on: loop, isUrgent: endsAtOnce.current != nil, logger)
        logger.info("stopped")
        let format = logs.format
        LogOutput.standardError.finish { LineLogHandler.report(ofDropped: $0, format) }
    }

    private func serve(
        _ server: BackendServer, _ endpoint: SocketEndpoint, _ room: ClientRoom
    ) async throws(DaemonExit) {
        let path = endpoint.path
        await state?.waitUntilSaved()
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(8))
        do {
            try server.start()
            server.listen(on: try endpoint.takeListener(), refusesInDrain: endpoint.isOwn)
        } catch {
            throw .fault("\(error)")
        }
        LogOutput.standardError.retry(on: server.loop)
        let source = await server.loop.run { () -> LoopBound<SignalSource?> in
            let source = try? SignalSource([.terminate, .interrupt, .hangup], loop: server.loop) { signal in
                continuation.yield(signal)
            }
            return LoopBound(source, on: server.loop)
        }
        let keeper = await keepReachable(endpoint, server)
        logger.info(
            "listening",
            metadata: ["socket": "\(path)", "backends": "\(registry.count)", "version": "\(ProductVersion.current)"])
        registry.boot()
        notifier.tell(.ready, logger)
        await server.loop.run {
            _ = server.loop.schedule(after: Self.settling) { ProcessInformation.releaseCode() }
        }
        reviewDirectories()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await follow(signals, server) }
            group.addTask { await reloader.run { server.setLimits(room.limits($0, logger)) } }
            await server.run()
            continuation.finish()
            reloader.finish()
        }
        withExtendedLifetime((source, keeper)) {}
        endpoint.close()
    }

    private func keepReachable(_ endpoint: SocketEndpoint, _ server: BackendServer) async -> LoopBound<SocketKeeper?> {
        let logger = logger
        return await server.loop.run {
            do throws(SystemError) {
                return LoopBound(try SocketKeeper(endpoint, of: server, logger: logger), on: server.loop)
            } catch {
                logger.warning("a removal of the socket would not be noticed", metadata: ["error": "\(error)"])
                return LoopBound(nil, on: server.loop)
            }
        }
    }

    /// Shuts down at the first signal that asks for it, and ends at once at the second. Reloads the configuration at SIGHUP.
    private func follow(_ signals: AsyncStream<Signal>, _ server: BackendServer) async {
        await withTaskGroup(of: Void.self) { group in
            var isShuttingDown = false
            for await signal in signals {
                if signal == .hangup {
                    // What came of it is in the log.
                    group.addTask { _ = try? await reloader.reload(isDryRun: false) }
                } else if isShuttingDown {
                    logger.warning("ending at once")
                    endsAtOnce.set(())
                    server.shutDownNow()
                } else {
                    isShuttingDown = true
                    group.addTask { await shutDown(server) }
                }
            }
        }
    }

    private func shutDown(_ server: BackendServer) async {
        let current = reloader.configuration
        let grace = current.grace
        let left = await server.shutDown(grace: grace, leavesInstances: current.onShutdown == .leave) {
            logger.info("draining", metadata: ["grace": "\(ConfigDuration(grace) ?? .zero)"])
            notifier.tell(.stopping, logger)
        }
        for name in left {
            logger.error("a backend had not stopped when its processes were killed", metadata: ["backend": "\(name)"])
        }
    }

    /// Logs why instances could not be started, and removes, on a thread of its own, what backends have left in the log directory
    /// that are not configured any more.
    private func reviewDirectories() {
        for problem in supervision.directoryProblems() {
            logger.warning("instances cannot be started", metadata: ["error": "\(problem.error)"])
        }
        guard supervision.hasLogDirectory else { return }
        let (sweep, registry, logger, path) = (LogSweep(of: supervision), registry, logger, supervision.logDirectory)
        @Sendable func report(_ result: LogSweep.Result) {
            if result.removed > 0 {
                logger.info(
                    "removed old log files of backends that are not configured",
                    metadata: ["directory": "\(path)", "files": "\(result.removed)"])
            }
            if let fault = result.fault {
                logger.warning(
                    "old log files cannot be removed", metadata: ["directory": "\(path)", "error": "\(fault)"])
            }
        }
        do throws(SystemError) {
            try BlockingWork.start("log sweep") { report(sweep.run { registry.hasBackend($0) }) }
        } catch {
            report(LogSweep.Result(fault: error))
        }
    }

    /// After this time, most of what only the start needs is over.
    private static let settling = Duration.seconds(1)

    /// How long clients wait at most for the backends that an earlier daemon has left.
    private static let adoptionPatience = Duration.seconds(2)

    /// Takes over what an earlier daemon has left: backends that were started, or have instances, are started. Instances of backends
    /// that are not configured any more are ended.
    private func adopt() async throws(DaemonExit) {
        var names: Set<String> = []
        do throws(BackendError) {
            names = try await supervision.recover()
        } catch {
            // Two daemons must not work in one directory. What else is wrong with it does not matter before an instance is started.
            if registry.runsProcesses, error.kind == .unavailable { throw .socket(error.message) }
            if supervision.directoryProblems().isEmpty {
                logger.warning("instances cannot be started", metadata: ["error": "\(error.message)"])
            }
        }
        let left = names.union(registry.leftStarted).sorted()
        guard !left.isEmpty else { return }
        let (registry, supervision, logger) = (registry, supervision, logger)
        let adopted = Announcement<Void>()
        supervision.clear {
            await withTaskGroup(of: Void.self) { group in
                for name in left {
                    group.addTask {
                        if registry.hasBackend(name) {
                            await registry.adopt(name)
                        } else {
                            logger.warning(
                                "instances of a backend that is not configured any more are stopped",
                                metadata: ["backend": "\(name)"])
                        }
                        // Those that the backend has not taken over.
                        await supervision.endRecovered(of: name)
                    }
                }
            }
            adopted.set(())
        }
        await firstOf({ _ = await adopted.value() }, { try? await Background.sleep(for: Self.adoptionPatience) })
    }

    /// An ID of this run: sixteen random hexadecimal digits.
    private static func serverInstance() -> String {
        (0..<8).map { _ in
            let digits = String(UInt8.random(in: .min ... .max), radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Why instances cannot be started, with the places of the keys in the file.
    private static func lines(
        _ problems: [(key: String, error: SystemError)], _ loaded: LoadedConfiguration
    ) -> [String] {
        loaded.lines(
            problems.map { problem in
                ConfigViolation(path: [.key(problem.key)], message: "instances cannot be started: \(problem.error)")
            })
    }
}

extension ServiceNotifier {
    /// Sends a message; the daemon goes on if that fails.
    func tell(_ message: Message, _ logger: Logger) {
        do throws(SystemError) {
            try send(message)
        } catch {
            logger.warning("the service manager was not notified", metadata: ["error": "\(error)"])
        }
    }
}

// MARK: Before the first thread

extension Daemon {
    /// Fewer descriptors are too few for the daemon and one backend.
    private static let leastDescriptors = 64

    /// Raises the limit of open descriptors as far as it goes, and returns it.
    static func raiseDescriptorLimit() throws(DaemonExit) -> Int {
        let limit: Int
        do throws(SystemError) {
            limit = try ProcessInformation.raiseDescriptorLimit()
        } catch {
            throw .fault(error.description)
        }
        guard limit >= leastDescriptors else {
            throw .fault(
                "cannot start: the limit of open descriptors (ulimit -n) is \(limit), and at least \(leastDescriptors) are"
                    + " needed; raise its hard limit")
        }
        return limit
    }
}
