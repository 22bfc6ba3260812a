// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO
internal import TextKeys

/// Carries out what an ``InstanceMachine`` decides: starts and cancels the tasks of its instance.
///
/// It belongs to the task that runs the instance.
struct InstanceDriver {
    /// What happens to an instance, handled one event at a time.
    enum Event: Sendable {
        case start
        case adopt(AdoptedRun)
        /// An immediate stop follows when the caller of a stop was cancelled.
        case stop(isImmediate: Bool)
        case spawned(run: RunID, pid: Int32)
        case spawnFailed(run: RunID, BackendError)
        case exited(run: RunID, InstanceEnd)
        case treeEnded(run: RunID)
        case probed(run: RunID, InstanceMachine.ProbeKind, ProbeResult)
        case timer(InstanceMachine.Timer)
        case foundUnhealthy(String)
        case reconfigured
        case restart(RestartReply)
        case retry(RestartReply)
    }

    /// Set with the end of a restart: nil if the process is ready.
    typealias RestartReply = OneShot<BackendError?>

    private let instance: ProcessInstance
    private var machine: InstanceMachine
    private var timers: [InstanceMachine.Timer: Task<Void, Never>] = [:]
    private var probes: [Task<Void, Never>] = []
    /// Ends the tree of the current run.
    private var ending: Task<Void, Never>?
    private var restartReplies: [RestartReply] = []
    private(set) var isFinished = false

    init(_ instance: ProcessInstance) {
        self.instance = instance
        machine = InstanceMachine(
            name: instance.name, policy: instance.settings.policy, jitter: Double.random(in: 0...1))
    }

    mutating func take(_ event: Event) async {
        let actions = actions(for: event, at: instance.supervision.clock.uptime())
        // Before it is reported, and before the process is asked to end: a daemon that follows this one has to know as much.
        await instance.takeNote(machine)
        for action in actions { carryOut(action) }
    }

    private mutating func actions(for event: Event, at time: Duration) -> [InstanceMachine.Action] {
        switch event {
        case .start: return machine.start()
        case .adopt(let run): return machine.adopt(run)
        case .stop(let isImmediate): return machine.stop(isImmediate: isImmediate)
        case .spawned(let run, let pid): return machine.spawned(run: run, pid: pid)
        case .spawnFailed(let run, let error): return machine.spawnFailed(run: run, error: error, at: time)
        case .exited(let run, let end): return machine.exited(run: run, end: end, at: time)
        case .treeEnded(let run):
            ending = nil
            return machine.treeEnded(run: run, at: time)
        case .probed(let run, let kind, .success):
            return machine.probed(run: run, kind, isSuccess: true, at: time)
        case .probed(let run, let kind, .failure(let problem)):
            // A server whose output is not taken blocks.
            instance.shared.withLock { $0.tree }?.wake()
            return machine.probed(run: run, kind, isSuccess: false, problem: problem, at: time)
        case .timer(let timer):
            timers[timer] = nil
            return machine.timerFired(timer, at: time)
        case .foundUnhealthy(let problem): return machine.foundUnhealthy(problem, at: time)
        case .reconfigured:
            machine.policy = instance.settings.policy
            return []
        case .restart(let reply):
            restartReplies.append(reply)
            return machine.restartRequested()
        case .retry(let reply):
            restartReplies.append(reply)
            return machine.retryRequested()
        }
    }

    private mutating func carryOut(_ action: InstanceMachine.Action) {
        switch action {
        case .spawn(let run, let atAnotherPort):
            let (restarts, wasReady) = (machine.restarts, machine.wasReady)
            instance.tasks.spawn { [instance] in
                await instance.spawn(run, atAnotherPort: atAnotherPort, restarts: restarts, wasReady: wasReady)
            }
        case .end(let run): ending = instance.endTree(of: run, isImmediate: false)
        case .kill: ending?.cancel()
        case .clear(let run): ending = instance.endTree(of: run, isImmediate: true)
        case .probe(let run, let kind):
            if let probe = instance.probe(run, kind) { probes.append(probe) }
        case .endProbes:
            for probe in probes { probe.cancel() }
            probes = []
        case .setTimer(let timer, let duration): set(timer, duration)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
        case .report(let old, let new, let failure): instance.report(old, new, failure, machine)
        case .show(let failure): instance.shared.withLock { $0.snapshot.failure = failure }
        case .succeed: instance.started.set(.success(()))
        case .fail(let error): instance.started.set(.failure(error))
        case .answerRestart(let error):
            for reply in restartReplies { reply.set(error) }
            restartReplies = []
        case .giveUp(let failure): instance.gaveUp(failure)
        case .finish: isFinished = true
        }
    }

    private mutating func set(_ timer: InstanceMachine.Timer, _ duration: Duration) {
        timers[timer]?.cancel()
        timers[timer] = instance.tasks.spawn { [instance] in
            guard (try? await instance.supervision.clock.sleep(for: duration)) != nil else { return }
            instance.post(.timer(timer))
        }
    }
}

// MARK: Tasks

extension ProcessInstance {
    /// Ends the tree of the current run: with time to end by itself, or at once.
    fileprivate func endTree(of run: RunID, isImmediate: Bool) -> Task<Void, Never>? {
        let (tree, launch) = shared.withLock { ($0.tree, $0.launch) }
        guard let tree, let launch else { return nil }
        return tasks.spawn {
            if isImmediate {
                await tree.clear()
            } else {
                await self.end(tree, launch)
            }
            await self.log.pause()
            await self.releaseSocket()
            // The next daemon is told of it until the next run has begun, or the instance has ended.
            self.shared.withLock { ($0.tree, $0.lastTree) = (nil, tree) }
            self.post(.treeEnded(run: run))
        }
    }

    /// Asks a tree to end, by the stop command or the stop signal.
    private func end(_ tree: any ProcessTree, _ launch: LaunchedInstance) async {
        let deadline = ContinuousClock.now + settings.stopTimeout
        var signal: Signal? = settings.stopSignalNumber
        if !launch.stopCommand.isEmpty, settings.stopTimeout > .zero {
            signal = await run(launch.stopCommand, launch.program, for: tree) ? nil : .terminate
        }
        await tree.end(signal: signal, timeout: max(.zero, deadline - ContinuousClock.now))
    }

    /// Runs the stop command, and kills it after the stop timeout. Returns whether it succeeded.
    private func run(_ command: [String], _ program: ProgramSpec, for tree: any ProcessTree) async -> Bool {
        var helper = ProgramSpec(instance: name, arguments: command, environment: program.environment)
        helper.environment["BACKENDD_PID"] = "\(tree.pid)"
        do throws(BackendError) {
            let child = try await ChildTree.spawn(helper, on: supervision)
            let status = await child.exit(within: settings.stopTimeout)
            await child.clear()
            guard let status, status != .exited(0) else { return true }
            supervision.log.warning(
                "the stop command failed; SIGTERM is sent instead",
                metadata: ["instance": "\(name)", "status": "\(status)"])
        } catch {
            supervision.log.warning(
                "the stop command cannot be run; SIGTERM is sent instead",
                metadata: ["instance": "\(name)", "error": "\(error.message)"])
        }
        return false
    }

    /// Begins to probe; nil when the settings have no probe of the kind.
    fileprivate func probe(_ run: RunID, _ kind: InstanceMachine.ProbeKind) -> Task<Void, Never>? {
        guard let launch = shared.withLock({ $0.launch }) else { return nil }
        let probing = probing(launch) { self.post(.probed(run: run, $0, $1)) }
        let probe =
            switch kind {
            case .startup: settings.effectiveStartupProbe
            case .readiness: settings.readinessProbe
            case .liveness: settings.livenessProbe
            }
        if let probe { return tasks.spawn { await probing.keepProbing(kind, launch.expanded(probe)) } }
        guard kind == .readiness, let period = settings.listenerPeriod, let place = probing.place else { return nil }
        return tasks.spawn { await probing.keepCheckingAddress(at: place, every: period) }
    }

    func probing(
        _ launch: LaunchedInstance,
        _ report: @escaping @Sendable (InstanceMachine.ProbeKind, ProbeResult) -> Void = { _, _ in }
    ) -> InstanceProbing {
        InstanceProbing(
            settings: settings, launch: launch, log: log, supervision: supervision,
            tree: { self.shared.withLock { $0.tree } }, report: report)
    }
}
