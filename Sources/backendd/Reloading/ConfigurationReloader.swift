// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import ConfigDocument
internal import Logging
internal import SocketRPCServer
internal import SystemIO

/// Reads the configuration again when it is asked to, and hands it to those who use it. Requests are served one after the other.
final class ConfigurationReloader: Sendable {
    private struct Request: Sendable {
        let isDryRun: Bool
        let reply: OneShot<Result<ReloadPlan, BackendError>>
    }

    private let loader: ConfigurationLoader
    private let registry: BackendRegistry
    private let logs: LogSettings
    private let logger: Logger
    private let notifier: ServiceNotifier
    private let current: Guarded<LoadedConfiguration>
    private let requests: AsyncStream<Request>
    private let postbox: AsyncStream<Request>.Continuation

    init(
        _ loaded: LoadedConfiguration, from loader: ConfigurationLoader, registry: BackendRegistry, logs: LogSettings,
        notifier: ServiceNotifier
    ) {
        self.loader = loader
        self.registry = registry
        self.logs = logs
        self.notifier = notifier
        logger = logs.logger
        current = Guarded(loaded)
        // Bounded by the calls in flight, each of which waits for its reply, and by the queue of signals.
        (requests, postbox) = AsyncStream.makeStream(of: Request.self)
    }

    /// What the daemon runs with now.
    var configuration: DaemonConfiguration { current.withLock { $0.configuration } }

    /// Reloads in turn, or only says what would change, and waits until that is decided.
    func reload(isDryRun: Bool) async throws(BackendError) -> ReloadPlan {
        let reply = OneShot<Result<ReloadPlan, BackendError>>()
        if case .terminated = postbox.yield(Request(isDryRun: isDryRun, reply: reply)) {
            throw .draining
        }
        guard let result = await reply.value() else { throw .reloadAbandoned }
        return try result.get()
    }

    /// Serves requests until ``finish()``. The server takes changed limits over with `setLimits`.
    func run(_ setLimits: @Sendable (ServerLimits) -> Void) async {
        for await request in requests {
            request.reply.set(await result(of: request, setLimits))
        }
    }

    func finish() { postbox.finish() }

    private func result(
        of request: Request, _ setLimits: @Sendable (ServerLimits) -> Void
    ) async -> Result<ReloadPlan, BackendError> {
        if registry.isDraining { return .failure(.draining) }
        if request.isDryRun { return await outcome(isDryRun: true) }
        notifier.tell(.reloading(nanoseconds: MonotonicClock.nowNanoseconds), logger)
        let limits = configuration.limits
        let result = await outcome(isDryRun: false)
        switch result {
        case .success(let plan):
            if configuration.limits != limits { setLimits(configuration.limits) }
            report(plan)
        case .failure(let error):
            logger.error(
                "the configuration was not reloaded; the daemon goes on with the old one",
                metadata: ["reason": "\(error.reason.rawValue)", "error": "\(error.message)"])
        }
        notifier.tell(.ready, logger)
        return result
    }

    private func outcome(isDryRun: Bool) async -> Result<ReloadPlan, BackendError> {
        do throws(BackendError) {
            return .success(try await carriedOut(isDryRun: isDryRun))
        } catch {
            return .failure(error)
        }
    }

    private func carriedOut(isDryRun: Bool) async throws(BackendError) -> ReloadPlan {
        let next = try await loaded()
        var plan: ReloadPlan
        do throws(ReloadFaults) {
            plan = try registry.reload(next.configuration.backends, isDryRun: isDryRun)
        } catch {
            throw .configurationInvalid(error.faults.flatMap { next.faults($0.error, at: $0.index) })
        }
        plan.keys = next.keys(changedFrom: current.withLock { $0 })
        if !isDryRun { take(next) }
        return plan
    }

    /// Reads the file on a thread of its own, because that may take long.
    private func loaded() async throws(BackendError) -> LoadedConfiguration {
        let (loader, last) = (loader, current.withLock { $0.file })
        let result: Result<LoadedConfiguration, ConfigurationError>
        do throws(SystemError) {
            result = try await BlockingWork.run("reload") {
                do throws(ConfigurationError) {
                    return .success(try loader.reload(after: last))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .configurationInvalid(["\(error): the configuration cannot be read"])
        }
        switch result {
        case .success(let loaded): return loaded
        case .failure(let error): throw .configurationInvalid(error.faults)
        }
    }

    /// Hands the keys over that can change while the daemon runs.
    private func take(_ next: LoadedConfiguration) {
        if let risk = next.file?.risk {
            logger.warning("another user could change the configuration", metadata: ["error": "\(risk)"])
        }
        logs.level = next.configuration.logLevel
        logs.format = next.configuration.logFormat
        registry.limitContexts(to: next.configuration.contextTimeout)
        current.withLock { $0 = next.keepingFixedKeys(of: $0) }
    }

    private func report(_ plan: ReloadPlan) {
        logger.notice(
            "the configuration was reloaded",
            metadata: [
                "added": "\(plan.count(of: .added))", "removed": "\(plan.count(of: .removed))",
                "changed": "\(plan.count(of: .changed))", "needs_restart": "\(plan.count(of: .needsRestart))",
                "unchanged": "\(plan.count(of: .unchanged))",
            ])
        for step in plan.steps { warn(about: step) }
        let fixed = plan.keys.filter(\.needsRestart).map(\.path)
        if !fixed.isEmpty {
            logger.warning(
                "changed keys need a restart of the daemon", metadata: ["keys": "\(fixed.joined(separator: ", "))"])
        }
    }

    private func warn(about step: ReloadPlan.Step) {
        if let holder = step.lockHolder {
            logger.warning(
                "a change waits for a start lock",
                metadata: ["backend": "\(step.name)", "pid": "\(holder.pid)", "uid": "\(holder.uid)"])
        }
        if !step.droppedOwners.isEmpty {
            logger.warning(
                "layers do not fit the configuration any more and are dropped",
                metadata: [
                    "backend": "\(step.name)", "owners": "\(step.droppedOwners.joined(separator: ", "))",
                ])
        }
        for name in step.unknownNames {
            logger.warning(
                "after \(BackendRegistry.orderWarning(about: name))", metadata: ["backend": "\(step.name)"])
        }
    }
}

extension BackendError {
    fileprivate static func configurationInvalid(_ faults: [String]) -> BackendError {
        BackendError(
            .invalidArgument, .configFileInvalid,
            "the configuration was not reloaded: \(faults.joined(separator: "; "))",
            violations: faults.map { FieldViolation(path: "file", description: $0) })
    }

    fileprivate static let draining = BackendError(
        .unavailable, .shuttingDown, "the daemon is stopping and does not reload its configuration")

    fileprivate static let reloadAbandoned = BackendError(
        .cancelled, .callerCancelled, "the caller gave up; the reload goes on")
}
