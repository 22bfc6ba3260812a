// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One supervised process: carries out what its ``InstanceMachine`` decides.
///
/// Everything that happens to it goes through one mailbox, which one task empties; what it has under way puts its results there.
/// ``run()`` is that task: it ends when the instance is stopped and nothing of it is left.
final class ProcessInstance: Sendable {
    /// What others may look at.
    private struct Shared {
        var snapshot: InstanceSnapshot
        var tree: ChildTree?
        var endpoint: ModelEndpoint?
        var launch: InstanceLaunch?
        var lease: PortLease?
    }

    /// How many lines of standard error an error quotes.
    private static let quotedLines = 20

    let name: String
    let model: String?
    let log: InstanceLog
    private let backend: String
    private let settings: ProcessSettings
    private let host: BackendHost
    private let listener: Listener
    private let shared: Guarded<Shared>
    private let started = Announcement<Result<ModelEndpoint, BackendError>>()
    private let finished = Announcement<Void>()
    private let mailbox: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    private let effects = OwnedTasks()

    init(
        name: String, model: String?, backend: String, settings: ProcessSettings, host: BackendHost, log: InstanceLog,
        listener: Listener
    ) {
        self.name = name
        self.model = model
        self.backend = backend
        self.settings = settings
        self.host = host
        self.log = log
        self.listener = listener
        shared = Guarded(Shared(snapshot: InstanceSnapshot(name: name, model: model, state: .starting)))
        // What is under way bounds it: each effect posts a few events and ends.
        (mailbox, post) = AsyncStream.makeStream(of: Event.self)
    }

    // MARK: Asking

    /// Where it is reached, while it is ready.
    var endpoint: ModelEndpoint? { shared.withLock { $0.endpoint } }

    /// Why it does not serve now, without looking at its processes.
    func notReady() -> BackendError {
        let snapshot = shared.withLock { $0.snapshot }
        let retry = snapshot.state == .backoff ? snapshot.retryTime : nil
        var words = "\(snapshot.state)" + (retry.map { " until \($0)" } ?? "")
        var metadata = ["backend": backend, "state": "\(snapshot.state)"]
        if let retry { metadata["retry_time"] = "\(retry)" }
        if let failure = snapshot.failure, snapshot.state != .ready, snapshot.state != .starting {
            words += ": \(failure.message.prefix { $0 != "\n" })"
            metadata["failure"] = failure.reason
        }
        let rest = retry.map { $0.since(host.clock.now()) } ?? .zero
        return BackendError(
            .unavailable, .instanceNotReady, "the process of backend \(backend) is not ready now (\(words)); try again",
            metadata: metadata, retryAfter: max(.seconds(1), rest))
    }

    var snapshot: InstanceSnapshot {
        let (snapshot, tree) = shared.withLock { ($0.snapshot, $0.tree) }
        var measured = snapshot
        measured.logFailure = log.failure
        guard let tree else { return measured }
        let usage = tree.usage
        (measured.residentBytes, measured.processorTime) = (usage.residentBytes, usage.processorTime)
        return measured
    }

    /// What measures its processes; nil where that is not due.
    var measuring: (@Sendable () -> Void)? {
        guard let tree = shared.withLock({ $0.tree }), tree.isMeasuringDue else { return nil }
        return { tree.measure() }
    }

    /// Waits until it is ready first, or cannot be. Cancelling gives up the wait.
    func waitUntilStarted() async throws(BackendError) -> ModelEndpoint {
        guard let result = await started.value() else { throw .callerCancelled }
        return try result.get()
    }

    /// Stops it for good and waits until nothing of it is left. Cancelling kills at once.
    func stop() async {
        post.yield(.stop)
        if await finished.value() != nil { return }
        post.yield(.kill)
        await Task { _ = await finished.value() }.value
    }

    /// Looks at once whether it is well, and has it restarted where not.
    func examine() async -> FailureVerdict {
        let (state, launch) = shared.withLock { ($0.snapshot.state, $0.launch) }
        guard state == .ready, let launch else { return .notReady }
        guard let probe = settings.livenessProbe ?? settings.readinessProbe ?? settings.effectiveStartupProbe else {
            return .healthy
        }
        if case .logLine = probe.kind { return .healthy }
        let probing = probing(launch) { _, _ in }
        guard case .failure(let words)? = await probing.result(of: launch.expanded(probe)) else { return .healthy }
        post.yield(.foundIll(words))
        return .restarted
    }

    // MARK: Running

    /// Tells that its output is not kept in its files any more, or is again.
    private func logChanged(_ failure: BackendFailure?) {
        let snapshot = shared.withLock { $0.snapshot }
        listener.changed(
            InstanceChange(
                instance: name, model: model, oldState: snapshot.state, newState: snapshot.state, pid: snapshot.pid,
                restarts: snapshot.restarts, failure: snapshot.failure, retryTime: snapshot.retryTime,
                log: failure.map { .lost($0) } ?? .kept))
    }

    /// Runs it, from its first start until it is stopped. To be called once.
    func run() async {
        var driver = Driver(
            machine: InstanceMachine(name: name, policy: settings.policy, jitter: Double.random(in: 0...1)))
        log.onChange { [weak self] in self?.logChanged($0) }
        post.yield(.start)
        for await event in mailbox {
            let actions = driver.take(event, at: host.clock.uptime(), instance: self)
            for action in actions { carryOut(action, &driver) }
            if driver.isFinished { break }
        }
        post.finish()
        effects.cancelAll()
        await effects.waitForAll()
        shared.withLock { $0.lease = nil }
        await releaseSocket()
        await log.close()
        finished.set(())
    }

    private func carryOut(_ action: InstanceMachine.Action, _ driver: inout Driver) {
        switch action {
        case .spawn(let run, let atAnotherPort):
            effects.spawn { await self.spawn(run, atAnotherPort: atAnotherPort) }
        case .end(let run):
            driver.end(run, instance: self)
        case .clear(let run):
            driver.clear(run, instance: self)
        case .probe(let run, let kind):
            beginProbing(run, kind, &driver)
        case .endProbes:
            driver.endProbes()
        case .setTimer(let timer, let duration):
            driver.timers[timer]?.cancel()
            driver.timers[timer] = effects.spawn {
                guard (try? await self.host.clock.sleep(for: duration)) != nil else { return }
                self.post.yield(.timer(timer))
            }
        case .cancelTimer(let timer):
            driver.timers.removeValue(forKey: timer)?.cancel()
        case .report(let old, let new, let failure):
            report(old, new, failure, driver.machine)
        case .succeed:
            guard let endpoint = shared.withLock({ $0.launch?.endpoint }) else { return }
            started.set(.success(endpoint))
        case .fail(let error):
            started.set(.failure(error))
        case .giveUp(let failure):
            listener.gaveUp(failure)
        case .finish:
            driver.isFinished = true
        }
    }

    private func report(
        _ old: InstanceState?, _ new: InstanceState?, _ failure: BackendFailure?, _ machine: InstanceMachine
    ) {
        let isReady = new == .ready
        let retryTime = machine.retryTime.flatMap { time in
            new == .backoff ? host.clock.now() + max(.zero, time - host.clock.uptime()) : nil
        }
        let endpoint = shared.withLock { shared -> ModelEndpoint? in
            shared.snapshot.retryTime = retryTime
            shared.snapshot.state = new ?? shared.snapshot.state
            shared.snapshot.pid = machine.pid
            shared.snapshot.restarts = machine.restarts
            shared.snapshot.failure = failure ?? machine.failure
            if machine.pid == nil {
                shared.tree = nil
                (shared.snapshot.startTime, shared.snapshot.address) = (nil, nil)
            }
            shared.endpoint = isReady ? shared.launch?.endpoint : nil
            return shared.endpoint
        }
        listener.changed(
            InstanceChange(
                instance: name, model: model, oldState: old, newState: new, pid: machine.pid,
                restarts: machine.restarts, failure: failure, retryTime: retryTime))
        if isReady != (old == .ready) { listener.moved(endpoint) }
    }
}

// MARK: Effects

extension ProcessInstance {
    private func spawn(_ run: InstanceMachine.RunID, atAnotherPort: Bool) async {
        do throws(BackendError) {
            let port = try port(isAnother: atAnotherPort)
            let socket = try await preparedSocket()
            let launch = try InstanceLaunch(
                settings, backend: backend, instance: name, model: model, port: port?.port, socket: socket)
            try ListeningPlace.requireFree(
                settings.fixedPlaces(address: launch.endpoint.address, target: launch.target), for: name)
            let files = try await log.open(searches: settings.searches)
            let start = log.end
            port?.letGo()
            let tree = try await ChildTree.spawn(
                launch.plan, output: .descriptor(files.output.rawValue), error: .descriptor(files.error.rawValue),
                host: host)
            log.began()
            shared.withLock { shared in
                shared.tree = tree
                shared.launch = launch
                shared.snapshot.address = launch.endpoint.address
                shared.snapshot.startTime = host.clock.now()
            }
            // First, so that nobody hears of the end of a tree that is not known yet.
            post.yield(.spawned(run: run, tree, launch))
            effects.spawn { await self.watch(run, tree, port?.port, start) }
        } catch {
            post.yield(.spawnFailed(run: run, error))
        }
    }

    /// Waits for the end of the process and looks for its reason.
    private func watch(_ run: InstanceMachine.RunID, _ tree: ChildTree, _ port: UInt16?, _ start: UInt64) async {
        guard let status = await tree.exit() else { return }
        await log.catchUp()
        let lines = log.lastErrorLines(Self.quotedLines, after: start)
        // What is left of its own may have the port still.
        let isAlone = tree.members()?.isEmpty == true
        let isPortTaken = port.map { PortAllocator.isTaken($0, lines, isAlone) } ?? false
        post.yield(.exited(run: run, InstanceEnd(status: status, lastLines: lines, isPortTaken: isPortTaken)))
    }

    private func port(isAnother: Bool) throws(BackendError) -> PortLease? {
        guard settings.usesPort else { return nil }
        if !isAnother, let lease = shared.withLock({ $0.lease }), lease.hold() { return lease }
        let lease = try host.ports.take(from: settings.portRange)
        shared.withLock { $0.lease = lease }
        return lease
    }

    /// A path that fits the address of a socket, whatever the name of the instance.
    private var socket: String? {
        settings.usesSocket ? "\(host.socketDirectory)/\(FileName.short(name)).sock" : nil
    }

    private func preparedSocket() async throws(BackendError) -> String? {
        guard let socket else { return nil }
        let sockets: LoopBound<InstanceSockets>
        do throws(SystemError) {
            sockets = try await host.instanceSockets()
        } catch {
            throw .cannotSupervise(name, error)
        }
        do throws(SystemError) {
            let words = "the directory of its socket, \(host.socketDirectory), was removed or replaced"
            try await sockets.loop.run { () throws(SystemError) in
                try sockets.withValue { (sockets) throws(SystemError) in
                    try sockets.hold(ObjectIdentifier(self)) { self.post.yield(.foundIll(words)) }
                }
            }
            try File.remove(socket)
        } catch {
            throw .directoryUnusable(name, "cannot have its socket", error, key: "instance_directory")
        }
        return socket
    }

    private func releaseSocket() async {
        guard let socket else { return }
        if let sockets = try? await host.instanceSockets() {
            await sockets.loop.run { sockets.withValue { $0.release(ObjectIdentifier(self)) } }
        }
        try? File.remove(socket)
    }

    func end(_ run: InstanceMachine.RunID, _ tree: ChildTree, _ launch: InstanceLaunch) -> Task<Void, Never> {
        effects.spawn {
            let signal = Signal(rawValue: ProcessSettings.signals[self.settings.stopSignal] ?? 15)
            await tree.end(
                signal: signal, timeout: self.settings.stopTimeout, command: launch.stopCommand,
                environment: launch.plan.environment)
            await self.treeEnded(run)
        }
    }

    func clear(_ run: InstanceMachine.RunID, _ tree: ChildTree) -> Task<Void, Never> {
        effects.spawn {
            await tree.clear()
            await self.treeEnded(run)
        }
    }

    private func treeEnded(_ run: InstanceMachine.RunID) async {
        await log.pause()
        await releaseSocket()
        post.yield(.treeEnded(run: run))
    }

    private func probe(_ kind: InstanceMachine.ProbeKind) -> Probe? {
        switch kind {
        case .startup: settings.effectiveStartupProbe
        case .readiness: settings.readinessProbe
        case .liveness: settings.livenessProbe
        }
    }

    private func beginProbing(
        _ run: InstanceMachine.RunID, _ kind: InstanceMachine.ProbeKind, _ driver: inout Driver
    ) {
        guard let launch = shared.withLock({ $0.launch }) else { return }
        let probing = probing(launch) { self.post.yield(.probed(run: run, $0, $1)) }
        if let probe = probe(kind) {
            driver.probes.append(effects.spawn { await probing.keepProbing(kind, launch.expanded(probe)) })
        } else if kind == .readiness, let period = settings.listenerPeriod, let place = probing.place {
            driver.probes.append(effects.spawn { await probing.keepLooking(at: place, every: period) })
        }
    }
    private func probing(
        _ launch: InstanceLaunch, _ report: @escaping @Sendable (InstanceMachine.ProbeKind, ProbeResult) -> Void
    ) -> InstanceProbing {
        InstanceProbing(
            settings: settings, launch: launch, log: log, host: host, tree: { self.shared.withLock { $0.tree } },
            report: report)
    }
}
