// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One supervised process, as its backend sees it: ``InstanceDriver`` carries out what its ``InstanceMachine`` decides.
///
/// Everything that happens to the instance goes through one mailbox, which ``run()`` empties. Tasks that ``run()`` owns do the work
/// and post their results there.
final class ProcessInstance: Sendable {
    /// The receiver of an instance's reports. Its functions must not block.
    struct Listener: Sendable {
        var changed: @Sendable (InstanceChange) -> Void
        /// The endpoint has changed; nil while the instance does not serve.
        var moved: @Sendable (ModelEndpoint?) -> Void
        /// The instance is not restarted.
        var gaveUp: @Sendable (BackendFailure) -> Void
    }

    /// What other tasks may look at.
    struct Shared {
        /// The state that was last reported. Usage, address and log failure are added when it is read.
        var snapshot: InstanceSnapshot
        /// What the current run, or else the last one, was started with.
        var launch: LaunchedInstance?
        /// The processes of the current run, from their start until nothing is left of them.
        var tree: (any ProcessTree)?
        /// The processes of the run before, of which nothing is left.
        var lastTree: (any ProcessTree)?
        /// What the next daemon is told about the current run.
        var note: InstanceNote?
        var lease: PortLease?
    }

    let name: String
    let model: String?
    let log: InstanceLog
    let backend: String
    private let configured: Guarded<ProcessSettings>
    let supervision: Supervision
    let spawner: ProcessSpawner
    let shared: Guarded<Shared>
    let started = Announcement<Result<Void, BackendError>>()
    let tasks = OwnedTasks()
    private let listener: Listener
    /// The run that an earlier daemon has left of this instance.
    private let recovered: RecoveredRun?
    private let finished = Announcement<Void>()
    private let mailbox: AsyncStream<InstanceDriver.Event>
    private let postbox: AsyncStream<InstanceDriver.Event>.Continuation

    init(
        name: String, model: String?, backend: String, settings: ProcessSettings, supervision: Supervision,
        log: InstanceLog, spawner: @escaping ProcessSpawner, recovered: RecoveredRun? = nil, listener: Listener
    ) {
        self.name = name
        self.model = model
        self.backend = backend
        configured = Guarded(settings)
        self.supervision = supervision
        self.log = log
        self.spawner = spawner
        self.listener = listener
        self.recovered = recovered
        shared = Guarded(Shared(snapshot: InstanceSnapshot(name: name, model: model, state: .starting)))
        // Bounded by the tasks under way: each posts a few events and ends.
        (mailbox, postbox) = AsyncStream.makeStream(of: InstanceDriver.Event.self)
    }

    func post(_ event: InstanceDriver.Event) { postbox.yield(event) }
}

// MARK: Asking

extension ProcessInstance {
    /// The address and credentials for clients, while the instance is ready.
    var endpoint: ModelEndpoint? {
        shared.withLock { $0.snapshot.state == .ready ? $0.launch?.endpoint : nil }
    }

    /// What its next run is started with, and by which rules it runs.
    var settings: ProcessSettings { configured.withLock { $0 } }

    /// The digest of the configuration that its current run was started with.
    var digest: UInt64? { shared.withLock { $0.note?.configuration } }

    /// Goes on by other rules. What the process was started with is the same.
    func reconfigure(_ settings: ProcessSettings) {
        configured.withLock { $0 = settings }
        post(.reconfigured)
    }

    /// Whether it waits for its restart.
    var isInBackoff: Bool { shared.withLock { $0.snapshot.state == .backoff } }

    /// Why the instance does not serve now. Does not look at its processes.
    func notReady() -> BackendError {
        let snapshot = shared.withLock { $0.snapshot }
        let retry = snapshot.state == .backoff ? snapshot.retryTime : nil
        var condition = "\(snapshot.state)" + (retry.map { " until \($0)" } ?? "")
        var metadata = ["backend": backend, "state": "\(snapshot.state)"]
        if let retry { metadata["retry_time"] = "\(retry)" }
        if let failure = snapshot.failure, snapshot.state != .ready, snapshot.state != .starting {
            condition += ": \(failure.message.prefix { $0 != "\n" })"
            metadata["failure"] = failure.reason
        }
        let rest = retry.map { $0.since(supervision.clock.now()) } ?? .zero
        return BackendError(
            .unavailable, .instanceNotReady,
            "the process of backend \(backend) is not ready now (\(condition)); try again",
            metadata: metadata, retryAfter: max(.seconds(1), rest))
    }

    var snapshot: InstanceSnapshot {
        let (reported, launch, tree) = shared.withLock { ($0.snapshot, $0.launch, $0.tree) }
        var snapshot = reported
        (snapshot.logFailure, snapshot.lostOutputBytes) = (log.failure, log.lostBytes)
        snapshot.address = snapshot.pid == nil ? nil : launch?.endpoint.address
        guard let usage = tree?.usage else { return snapshot }
        (snapshot.residentBytes, snapshot.processorTime) = (usage.residentBytes, usage.processorTime)
        return snapshot
    }

    /// A function that measures what the processes use; nil when that is not due.
    var measuring: (@Sendable () -> Void)? {
        guard let tree = shared.withLock({ $0.tree }), tree.isMeasuringDue else { return nil }
        return { tree.measure() }
    }

    /// Waits until the instance is ready for the first time, or cannot be. Cancelling gives up the wait.
    func waitUntilStarted() async throws(BackendError) -> ModelEndpoint {
        guard let result = await started.value() else { throw .callerCancelled }
        try result.get()
        guard let launch = shared.withLock({ $0.launch }) else { throw notReady() }
        return launch.endpoint
    }

    /// Stops the instance for good and waits until nothing is left of it. Cancelling kills its processes at once.
    func stop() async {
        post(.stop(isImmediate: false))
        if await finished.value() != nil { return }
        post(.stop(isImmediate: true))
        await Background.task { _ = await self.finished.value() }.value
    }

    /// Restarts the process, as a person asks for it, and waits until it is ready. Cancelling gives up the wait.
    func restart() async throws(BackendError) {
        try await outcome { .restart($0) }
    }

    /// Starts the process without the rest of the pause, if it waits for its restart, and waits until it is ready.
    func retry() async throws(BackendError) {
        try await outcome { .retry($0) }
    }

    private func outcome(of event: (InstanceDriver.RestartReply) -> InstanceDriver.Event) async throws(BackendError) {
        let (reply, finished) = (InstanceDriver.RestartReply(), finished)
        post(event(reply))
        // An instance that is stopped does not take the event in.
        let error = await firstOf(
            { await reply.value() ?? .callerCancelled },
            { await finished.value() == nil ? .callerCancelled : .instanceEnded(self.name) })
        // An end soon after the answer may be heard of first.
        if let error = reply.current ?? error { throw error }
    }

    /// Probes the instance at once, and restarts it if the probe fails.
    func examine() async -> FailureVerdict {
        let (state, launch) = shared.withLock { ($0.snapshot.state, $0.launch) }
        guard state == .ready, let launch else { return .notReady }
        guard let probe = settings.livenessProbe ?? settings.readinessProbe ?? settings.effectiveStartupProbe else {
            return .healthy
        }
        if case .logLine = probe.kind { return .healthy }
        guard case .failure(let problem)? = await probing(launch).result(of: launch.expanded(probe)) else {
            return .healthy
        }
        post(.foundUnhealthy(problem))
        return .restarted
    }
}

// MARK: Running

extension ProcessInstance {
    /// Runs the instance, from its first start until it is stopped. Call once.
    func run() async {
        var driver = InstanceDriver(self)
        log.onChange { [weak self] in self?.logChanged($0) }
        let isAdopted = if let recovered { await adopt(recovered) } else { false }
        if !isAdopted { post(.start) }
        for await event in mailbox {
            await driver.take(event)
            if driver.isFinished { break }
        }
        postbox.finish()
        tasks.cancelAll()
        await tasks.waitForAll()
        let last = shared.withLock { shared in
            shared.lease = nil
            return shared.lastTree.take()
        }
        await last?.forget()
        await releaseSocket()
        await log.close()
        finished.set(())
    }

    func report(
        _ old: InstanceState?, _ new: InstanceState?, _ failure: BackendFailure?, _ machine: InstanceMachine
    ) {
        let now = supervision.clock.now()
        let retryTime = machine.retryTime.flatMap { time in
            new == .backoff ? now + max(.zero, time - supervision.clock.uptime()) : nil
        }
        shared.withLock { shared in
            shared.snapshot.retryTime = retryTime
            shared.snapshot.state = new ?? shared.snapshot.state
            if machine.pid != shared.snapshot.pid {
                shared.snapshot.startTime = machine.pid.map { _ in shared.note?.startTime ?? now }
            }
            shared.snapshot.pid = machine.pid
            shared.snapshot.restarts = machine.restarts
            shared.snapshot.failure = failure ?? machine.failure
        }
        listener.changed(
            InstanceChange(
                instance: name, model: model, oldState: old, newState: new, pid: machine.pid,
                restarts: machine.restarts, failure: failure, retryTime: retryTime))
        if (new == .ready) != (old == .ready) { listener.moved(endpoint) }
    }

    func gaveUp(_ failure: BackendFailure) { listener.gaveUp(failure) }

    /// Reports that the output is not kept in its files, or is kept again.
    private func logChanged(_ failure: BackendFailure?) {
        let snapshot = shared.withLock { $0.snapshot }
        listener.changed(
            InstanceChange(
                instance: name, model: model, oldState: snapshot.state, newState: snapshot.state, pid: snapshot.pid,
                restarts: snapshot.restarts, failure: snapshot.failure, retryTime: snapshot.retryTime,
                log: failure.map { .lost($0) } ?? .kept))
    }
}
