// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The life of one supervised process: when it counts as ready, when it is restarted, how it is ended, and when it is given up.
///
/// A value without clocks, tasks or processes: events go in, and each returns the ``Action``s to carry out, in order. An event that
/// names a run other than the current one is stale and changes nothing.
///
/// The first boot of a start has to succeed: its errors go to the caller at once. Once the instance was ready for the first time, its
/// policy decides about restarts.
package struct InstanceMachine: Equatable, Sendable {
    let name: String
    let policy: InstancePolicy
    /// How far backoff pauses deviate, from 0 to 1.
    private let jitter: Double
    var phase = Phase.idle
    var tree = Tree.none
    var run = RunID.none
    /// Nil before the start and after the end.
    package private(set) var state: InstanceState?
    package internal(set) var pid: Int32?
    /// Restarts since the start.
    package internal(set) var restarts = 0
    /// Why the process last ended by itself.
    package internal(set) var failure: BackendFailure?
    /// When the next restart is due, while the instance is in backoff.
    package internal(set) var retryTime: Duration?
    /// Whether the instance was ready since the start.
    package internal(set) var wasReady = false
    /// Whether trees are killed without time to end.
    private var isImmediate = false
    var hasTriedAnotherPort = false
    /// Restarts since the backoff was last reset.
    var consecutive = 0
    /// The times of the restarts that count against the limit.
    var restartTimes: [Duration] = []
    /// Whether callers wait for a restart.
    var isRestartAwaited = false
    private var failures: [ProbeKind: Int] = [:]
    /// What the last probe saw that keeps this run from being ready.
    private var probed: BackendFailure?

    package init(name: String, policy: InstancePolicy, jitter: Double = 0) {
        self.name = name
        self.policy = policy
        self.jitter = jitter
    }
}

// MARK: Commands

extension InstanceMachine {
    /// Starts the first run. Call once; does nothing after a stop.
    package mutating func start() -> [Action] {
        guard phase == .idle else { return [] }
        return change(to: .starting) + boot(atAnotherPort: false)
    }

    /// Stops the instance for good. An immediate stop kills the tree, also after a stop that only asked it to end.
    package mutating func stop(isImmediate: Bool = false) -> [Action] {
        if isImmediate { self.isImmediate = true }
        let quiet: [Action] =
            [.endProbes, .cancelTimer(.load), .cancelTimer(.restart), .cancelTimer(.healthy)] + bootTimerEnd
        retryTime = nil
        switch phase {
        case .finished:
            return []
        case .idle:
            phase = .finished
            return [.fail(startCancelled), .finish]
        case .backoff, .over:
            phase = .finished
            return quiet + change(to: nil) + [.finish]
        case .booting:
            phase = .ending(.finish)
            return quiet + callerFailure(startCancelled) + change(to: .stopping) + endTree()
        case .running:
            phase = .ending(.finish)
            return quiet + change(to: .stopping) + endTree()
        case .ending(let next):
            phase = .ending(.finish)
            var actions = quiet
            switch next {
            case .failStart(let error): actions += callerFailure(error)
            case .anotherPort, .startAgain: actions += callerFailure(startCancelled)
            case .restart, .giveUp, .finish: break
            }
            return actions + change(to: .stopping) + killIfImmediate()
        }
    }

    /// Restarts a running process that a check outside of its probes found unhealthy.
    package mutating func foundUnhealthy(_ problem: String, at time: Duration) -> [Action] {
        guard phase == .running else { return [] }
        return endUnhealthy(problem, at: time)
    }
}

// MARK: Events

extension InstanceMachine {
    package mutating func spawned(run: RunID, pid: Int32) -> [Action] {
        guard run == self.run, tree == .spawning else { return [] }
        self.pid = pid
        tree = .running
        guard phase == .booting else { return endTree() }
        // Reports the process ID, although the state stays the same.
        let report: [Action] = [.report(from: state, to: state, failure: nil)]
        let next: Action =
            policy.hasStartupProbe ? .probe(run: run, .startup) : .setTimer(.started(run), policy.startedAfter)
        return report + [next]
    }

    /// The process could not be started: there is nothing to end.
    package mutating func spawnFailed(run: RunID, error: BackendError, at time: Duration) -> [Action] {
        guard run == self.run, tree == .spawning else { return [] }
        tree = .none
        switch phase {
        case .ending:
            return treeEnded(run: run, at: time)
        case .booting:
            phase = .ending(wasReady ? afterTrouble(BackendFailure(error), at: time) : .failStart(error))
            return [.cancelTimer(.load)] + treeEnded(run: run, at: time)
        case .idle, .running, .backoff, .over, .finished:
            return []
        }
    }

    /// The process has ended by itself, or was killed.
    package mutating func exited(run: RunID, end: InstanceEnd, at time: Duration) -> [Action] {
        guard run == self.run else { return [] }
        pid = nil
        switch phase {
        case .booting:
            phase = .ending(afterBoot(end, at: time))
        case .running:
            phase = .ending(afterExit(end, at: time))
        case .idle, .ending, .backoff, .over, .finished:
            return []
        }
        failures = [:]
        tree = .clearing
        let quiet: [Action] = [.endProbes, .cancelTimer(.load), .cancelTimer(.healthy)] + bootTimerEnd
        return quiet + changeForEnd(at: time) + [.clear(run: run)]
    }

    /// Nothing is left of the process and its descendants.
    package mutating func treeEnded(run: RunID, at time: Duration) -> [Action] {
        guard run == self.run, case .ending(let next) = phase else { return [] }
        pid = nil
        tree = .none
        switch next {
        case .anotherPort:
            return boot(atAnotherPort: true)
        case .startAgain:
            return bootAgain()
        case .failStart(let error):
            phase = .over
            failure = BackendFailure(error)
            return change(to: .failed, failure) + [.fail(error)] + restartEnded(error)
        case .restart(let failure):
            phase = .backoff
            let pause = max(.zero, retryTime(at: time) - time)
            return change(to: .backoff, failure) + [.setTimer(.restart, pause)] + restartFailed(failure)
        case .giveUp(let failure):
            phase = .over
            self.failure = failure
            let failed = change(to: failure.instanceReason == .exited ? .exited : .failed, failure)
            return failed + [.giveUp(failure)] + restartFailed(failure)
        case .finish:
            phase = .finished
            return change(to: nil) + restartEnded(startCancelled) + [.finish]
        }
    }

    package mutating func probed(
        run: RunID, _ kind: ProbeKind, isSuccess: Bool, problem: String = "", at time: Duration
    ) -> [Action] {
        guard run == self.run else { return [] }
        switch (phase, kind) {
        case (.booting, .startup):
            let shown = saw(kind, isSuccess, problem)
            guard isSuccess else { return shown }
            return policy.awaitsReadiness ? shown + [.probe(run: run, .readiness)] : becomeReady()
        case (.booting, .readiness):
            let shown = saw(kind, isSuccess, problem)
            return isSuccess ? becomeReady() : shown
        case (.running, .readiness):
            let count = isSuccess ? 0 : (failures[.readiness] ?? 0) + 1
            failures[.readiness] = count
            if isSuccess { return state == .unready ? change(to: .ready) : [] }
            guard count >= policy.readinessFailures, state == .ready else { return [] }
            return change(
                to: .unready,
                BackendFailure(.readinessFailed, "it does not serve: \(problem.isEmpty ? "no answer" : problem)"))
        case (.running, .liveness):
            let count = isSuccess ? 0 : (failures[.liveness] ?? 0) + 1
            failures[.liveness] = count
            return count >= policy.livenessFailures ? endUnhealthy(problem, at: time) : []
        case (_, .startup), (_, .readiness), (_, .liveness):
            return []
        }
    }

    /// Takes in what a probe of a starting process saw.
    private mutating func saw(_ kind: ProbeKind, _ isSuccess: Bool, _ problem: String) -> [Action] {
        let before = probed
        probed =
            isSuccess
            ? nil
            : BackendFailure(
                .probeFailed, "the last result of its \(kind) probe: \(problem.isEmpty ? "no answer" : problem)")
        return probed == before ? [] : [.show(probed ?? failure)]
    }

    package mutating func timerFired(_ timer: Timer, at time: Duration) -> [Action] {
        switch (timer, phase) {
        case (.load, .booting):
            let failure = BackendFailure(
                .loadTimeout,
                "it was not ready within \(policy.loadTimeout.exactText) of its start"
                    + (probed.map { "; \($0.message)" } ?? ""))
            self.failure = failure
            phase = .ending(
                wasReady
                    ? afterTrouble(failure, at: time)
                    : .failStart(error(.deadlineExceeded, .loadTimeout, failure)))
            return [.endProbes] + bootTimerEnd + endTree()
        case (.started(run), .booting):
            return becomeReady()
        case (.restart, .backoff):
            restarts += 1
            restartTimes.append(time)
            retryTime = nil
            return change(to: .starting) + boot(atAnotherPort: failure?.instanceReason == .portInUse)
        case (.healthy, .running):
            consecutive = 0
            return []
        case (.load, _), (.restart, _), (.healthy, _), (.started, _):
            return []
        }
    }
}

// MARK: Steps

extension InstanceMachine {
    mutating func boot(atAnotherPort: Bool) -> [Action] {
        run = run.next
        (phase, tree) = (.booting, .spawning)
        failures = [:]
        probed = nil
        if atAnotherPort { hasTriedAnotherPort = true }
        return [.setTimer(.load, policy.loadTimeout), .spawn(run: run, atAnotherPort: atAnotherPort)]
    }

    private mutating func becomeReady() -> [Action] {
        phase = .running
        let isFirst = !wasReady
        wasReady = true
        hasTriedAnotherPort = false
        return [.cancelTimer(.load), .setTimer(.healthy, policy.healthyAfter)] + change(to: .ready)
            + (isFirst ? [.succeed] : []) + restartEnded(nil)
            + (policy.awaitsReadiness ? [] : [.probe(run: run, .readiness)])
            + [.probe(run: run, .liveness)]
    }

    /// Ends the wait for a process without a startup probe.
    var bootTimerEnd: [Action] { policy.hasStartupProbe ? [] : [.cancelTimer(.started(run))] }

    /// Begins to end the tree. Does nothing while it is being spawned; ``spawned(run:pid:)`` comes back to it.
    mutating func endTree() -> [Action] {
        guard tree == .running else { return [] }
        tree = isImmediate ? .clearing : .ending
        return [isImmediate ? .clear(run: run) : .end(run: run)]
    }

    private mutating func killIfImmediate() -> [Action] {
        guard isImmediate, tree == .ending else { return [] }
        tree = .clearing
        return [.kill(run: run)]
    }

    private mutating func endUnhealthy(_ problem: String, at time: Duration) -> [Action] {
        let failure = BackendFailure(
            .livenessFailed, "its liveness probe failed: \(problem.isEmpty ? "no answer" : problem)")
        phase = .ending(afterTrouble(failure, at: time))
        return [.endProbes, .cancelTimer(.healthy)] + change(to: .stopping, failure) + endTree()
    }

    private mutating func afterBoot(_ end: InstanceEnd, at time: Duration) -> Next {
        if end.isPortTaken, !hasTriedAnotherPort {
            hasTriedAnotherPort = true
            return .anotherPort
        }
        var failure = end.failure
        if end.isPortTaken {
            failure = BackendFailure(.portInUse, "its port was already in use\(end.quotedLines)")
        }
        if wasReady { return afterTrouble(failure, at: time) }
        let kind: BackendError.Reason =
            end.isPortTaken ? .portInUse : failure.instanceReason == .killed ? .killed : .exited
        return .failStart(error(.internal, kind, failure))
    }

    private mutating func afterExit(_ end: InstanceEnd, at time: Duration) -> Next {
        switch policy.restart {
        case .never: return .giveUp(end.failure)
        case .onFailure where end.isSuccess: return .giveUp(end.failure)
        case .onFailure, .always: return afterTrouble(end.failure, at: time)
        }
    }

    /// A restart, unless the limit of restarts is reached.
    private mutating func afterTrouble(_ failure: BackendFailure, at time: Duration) -> Next {
        self.failure = failure
        if policy.restart == .never { return .giveUp(failure) }
        restartTimes.removeAll { time - $0 > policy.restartWindow }
        guard restartTimes.count >= policy.maxRestarts else { return .restart(failure) }
        let (count, window) = (restartTimes.count, policy.restartWindow.exactText)
        let restarts = count == 1 ? "1 restart" : "\(count) restarts"
        return .giveUp(
            BackendFailure(
                .crashLoop,
                "it failed again after \(restarts) within \(window): \(failure.message)"))
    }

    /// Counts the pause from the end of the process, however long its tree takes to end.
    private mutating func retryTime(at time: Duration) -> Duration {
        let known = retryTime ?? time + nextPause()
        retryTime = known
        return known
    }

    private mutating func nextPause() -> Duration {
        let doubled = policy.backoff * (1 << min(consecutive, 20))
        consecutive += 1
        return min(doubled, policy.backoffLimit) * (1 + jitter / 10)
    }

    /// Reports the end of a process at once, before the rest of its tree is killed.
    private mutating func changeForEnd(at time: Duration) -> [Action] {
        guard case .ending(let next) = phase else { return [] }
        switch next {
        case .restart(let failure):
            self.failure = failure
            _ = retryTime(at: time)
            return change(to: .backoff, failure)
        case .giveUp(let failure):
            self.failure = failure
            return change(to: failure.instanceReason == .exited ? .exited : .failed, failure)
        case .anotherPort, .startAgain, .failStart, .finish:
            return []
        }
    }

    mutating func change(to new: InstanceState?, _ failure: BackendFailure? = nil) -> [Action] {
        let old = state
        guard new != old else { return [] }
        state = new
        return [.report(from: old, to: new, failure: failure)]
    }

    /// The answer to the caller of the start; none once the instance was ready, because the caller has its answer then.
    private func callerFailure(_ error: BackendError) -> [Action] { wasReady ? [] : [.fail(error)] }

    func error(
        _ kind: BackendError.Kind, _ reason: BackendError.Reason, _ failure: BackendFailure
    ) -> BackendError {
        BackendError(
            kind, reason, "instance \(name) could not be started: \(failure.message)", metadata: ["instance": name])
    }

    private var startCancelled: BackendError {
        BackendError(
            .aborted, .startCancelled, "the start of instance \(name) was cancelled by its stop",
            metadata: ["instance": name])
    }
}
