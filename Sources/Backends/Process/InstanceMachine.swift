// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The life of one supervised process: when it counts as ready, when it is restarted, and when not any more.
///
/// A value without clocks, tasks or processes: events go in, ``Action`` comes out, and the driver carries the actions out in order.
/// Events that name another run than the current one are stale and change nothing.
///
/// The first boot of a start has to succeed: an error there is the caller's to see, at once. Once it has been ready it is restarted as
/// its policy says.
package struct InstanceMachine: Equatable, Sendable {
    package typealias RunID = UInt64

    /// What comes after the end of a process's tree.
    enum Next: Equatable, Sendable {
        case anotherPort
        case failStart(BackendError)
        case restart(BackendFailure)
        case giveUp(BackendFailure)
        case finish
    }

    enum Phase: Equatable, Sendable {
        case idle
        /// The process is being started, or runs and is not ready.
        case booting
        /// It has been ready in this run.
        case running
        /// The process is being ended, or is dead and what it has left is being cleared away.
        case ending(Next)
        case backoff
        /// Not to be restarted.
        case over
    }

    let name: String
    let policy: InstancePolicy
    /// From 0 to 1: how far pauses deviate, given from outside.
    private let jitter: Double
    private(set) var phase = Phase.idle
    private(set) var run: RunID = 0
    /// Nil before the start and after the end.
    package private(set) var state: InstanceState?
    package private(set) var pid: Int32?
    /// Since the start.
    package private(set) var restarts = 0
    /// Why its process last ended by itself.
    package private(set) var failure: BackendFailure?
    /// When it is started again, while it is in backoff.
    package private(set) var retryTime: Duration?
    /// Whether it was ready since the start.
    private var wasReady = false
    private var hasTriedAnotherPort = false
    /// Restarts since it was last without trouble for a while.
    private var consecutive = 0
    /// When the restarts were that count against the limit.
    private var restartTimes: [Duration] = []
    private var failures: [ProbeKind: Int] = [:]
    /// What the probe that keeps this run from being ready saw last, as the rest of a message.
    private var probeWords = ""

    package init(name: String, policy: InstancePolicy, jitter: Double = 0) {
        self.name = name
        self.policy = policy
        self.jitter = jitter
    }
}

// MARK: Commands

extension InstanceMachine {
    /// To be called once.
    package mutating func start() -> [Action] {
        change(to: .starting) + boot(atAnotherPort: false)
    }

    /// Stops it for good, whatever it does.
    package mutating func stop() -> [Action] {
        let quiet: [Action] =
            [.endProbes, .cancelTimer(.load), .cancelTimer(.restart), .cancelTimer(.healthy)] + bootTimerEnd
        switch phase {
        case .idle, .over, .backoff:
            phase = .over
            return quiet + change(to: nil) + [.finish]
        case .booting:
            let error = startCancelled
            phase = .ending(.finish)
            return quiet + [.fail(error)] + change(to: .stopping) + [.end(run: run)]
        case .running:
            phase = .ending(.finish)
            return quiet + change(to: .stopping) + [.end(run: run)]
        case .ending(let next):
            phase = .ending(.finish)
            var actions = quiet
            switch next {
            case .failStart(let error): actions.append(.fail(error))
            case .anotherPort: actions.append(.fail(startCancelled))
            case .restart, .giveUp, .finish: break
            }
            return actions + change(to: .stopping)
        }
    }

    /// Somebody has found out that it is ill.
    package mutating func foundIll(_ words: String, at time: Duration) -> [Action] {
        guard phase == .running else { return [] }
        return endIll(words, at: time)
    }
}

// MARK: Events

extension InstanceMachine {
    package mutating func spawned(run: RunID, pid: Int32) -> [Action] {
        guard run == self.run else { return [] }
        self.pid = pid
        guard phase == .booting else { return [] }
        // Told with the number, also where the state stays.
        let told: [Action] = [.report(from: state, to: state, failure: nil)]
        let next: Action =
            policy.hasStartupProbe ? .probe(run: run, .startup) : .setTimer(.started(run), policy.startedAfter)
        return told + [next]
    }

    /// The process could not be started: there is nothing to end.
    package mutating func spawnFailed(run: RunID, error: BackendError, at time: Duration) -> [Action] {
        guard run == self.run else { return [] }
        pid = nil
        switch phase {
        case .ending:
            return treeEnded(run: run, at: time)
        case .booting:
            phase = .ending(wasReady ? afterTrouble(BackendFailure(error), at: time) : .failStart(error))
            return [.cancelTimer(.load)] + treeEnded(run: run, at: time)
        case .idle, .running, .backoff, .over:
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
        case .idle, .ending, .backoff, .over:
            return []
        }
        failures = [:]
        let quiet: [Action] = [.endProbes, .cancelTimer(.load), .cancelTimer(.healthy)] + bootTimerEnd
        return quiet + changeForEnd(at: time) + [.clear(run: run)]
    }

    /// Nothing is left of the process and its descendants.
    package mutating func treeEnded(run: RunID, at time: Duration) -> [Action] {
        guard run == self.run, case .ending(let next) = phase else { return [] }
        pid = nil
        switch next {
        case .anotherPort:
            return boot(atAnotherPort: true)
        case .failStart(let error):
            phase = .over
            failure = BackendFailure(error)
            return change(to: .failed, failure) + [.fail(error)]
        case .restart(let failure):
            phase = .backoff
            let pause = max(.zero, retryTime(at: time) - time)
            return change(to: .backoff, failure) + [.setTimer(.restart, pause)]
        case .giveUp(let failure):
            phase = .over
            self.failure = failure
            let failed = change(to: failure.reason == "EXITED" ? .exited : .failed, failure)
            return failed + [.giveUp(failure)]
        case .finish:
            phase = .over
            return change(to: nil) + [.finish]
        }
    }

    package mutating func probed(
        run: RunID, _ kind: ProbeKind, isSuccess: Bool, words: String = "", at time: Duration
    ) -> [Action] {
        guard run == self.run else { return [] }
        switch (phase, kind) {
        case (.booting, .startup):
            probeWords = words.isEmpty ? "" : "; its startup probe last saw: \(words)"
            guard isSuccess else { return [] }
            return policy.awaitsReadiness ? [.probe(run: run, .readiness)] : becomeReady()
        case (.booting, .readiness):
            probeWords = words.isEmpty ? "" : "; its readiness probe last saw: \(words)"
            return isSuccess ? becomeReady() : []
        case (.running, .readiness):
            let count = isSuccess ? 0 : (failures[.readiness] ?? 0) + 1
            failures[.readiness] = count
            if isSuccess { return state == .unready ? change(to: .ready) : [] }
            guard count >= policy.readinessFailures, state == .ready else { return [] }
            return change(
                to: .unready,
                BackendFailure(
                    reason: "READINESS_FAILED",
                    message: "it does not serve: \(words.isEmpty ? "no answer" : words)"))
        case (.running, .liveness):
            let count = isSuccess ? 0 : (failures[.liveness] ?? 0) + 1
            failures[.liveness] = count
            return count >= policy.livenessFailures ? endIll(words, at: time) : []
        case (_, .startup), (_, .readiness), (_, .liveness):
            return []
        }
    }

    package mutating func timerFired(_ timer: Timer, at time: Duration) -> [Action] {
        switch (timer, phase) {
        case (.load, .booting):
            let failure = BackendFailure(
                reason: "LOAD_TIMEOUT",
                message: "it was not ready within \(policy.loadTimeout.text) of its start" + probeWords)
            self.failure = failure
            phase = .ending(
                wasReady
                    ? afterTrouble(failure, at: time)
                    : .failStart(error(.deadlineExceeded, .loadTimeout, failure)))
            return [.endProbes] + bootTimerEnd + [.end(run: run)]
        case (.started(run), .booting):
            return becomeReady()
        case (.restart, .backoff):
            restarts += 1
            restartTimes.append(time)
            retryTime = nil
            return change(to: .starting) + boot(atAnotherPort: failure?.reason == "PORT_IN_USE")
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
    private mutating func boot(atAnotherPort: Bool) -> [Action] {
        run += 1
        phase = .booting
        failures = [:]
        probeWords = ""
        if atAnotherPort { hasTriedAnotherPort = true }
        return [.setTimer(.load, policy.loadTimeout), .spawn(run: run, atAnotherPort: atAnotherPort)]
    }

    private mutating func becomeReady() -> [Action] {
        phase = .running
        let isFirst = !wasReady
        wasReady = true
        hasTriedAnotherPort = false
        return [.cancelTimer(.load), .setTimer(.healthy, policy.healthyAfter)] + change(to: .ready)
            + (isFirst ? [.succeed] : []) + (policy.awaitsReadiness ? [] : [.probe(run: run, .readiness)])
            + [.probe(run: run, .liveness)]
    }

    /// Ends the wait for a process that nothing probes.
    private var bootTimerEnd: [Action] { policy.hasStartupProbe ? [] : [.cancelTimer(.started(run))] }

    private mutating func endIll(_ words: String, at time: Duration) -> [Action] {
        let failure = BackendFailure(
            reason: "LIVENESS_FAILED", message: "its liveness probe failed: \(words.isEmpty ? "no answer" : words)")
        phase = .ending(afterTrouble(failure, at: time))
        return [.endProbes, .cancelTimer(.healthy)] + change(to: .stopping, failure) + [.end(run: run)]
    }

    private mutating func afterBoot(_ end: InstanceEnd, at time: Duration) -> Next {
        if end.isPortTaken, !hasTriedAnotherPort {
            hasTriedAnotherPort = true
            return .anotherPort
        }
        var failure = end.failure
        if end.isPortTaken {
            failure = BackendFailure(reason: "PORT_IN_USE", message: "it could not have its port\(end.quotedLines)")
        }
        if wasReady { return afterTrouble(failure, at: time) }
        let kind: BackendError.Reason =
            end.isPortTaken ? .portInUse : failure.reason == "KILLED" ? .killed : .exited
        return .failStart(error(.internal, kind, failure))
    }

    private mutating func afterExit(_ end: InstanceEnd, at time: Duration) -> Next {
        switch policy.restart {
        case .never: return .giveUp(end.failure)
        case .onFailure where end.isSuccess: return .giveUp(end.failure)
        case .onFailure, .always: return afterTrouble(end.failure, at: time)
        }
    }

    /// A restart, unless there were too many.
    private mutating func afterTrouble(_ failure: BackendFailure, at time: Duration) -> Next {
        self.failure = failure
        if policy.restart == .never { return .giveUp(failure) }
        restartTimes.removeAll { time - $0 > policy.restartWindow }
        guard restartTimes.count >= policy.maxRestarts else { return .restart(failure) }
        return .giveUp(
            BackendFailure(
                reason: "CRASH_LOOP",
                message: "\(restartTimes.count) restarts within \(policy.restartWindow.text) were not enough: "
                    + failure.message))
    }

    /// Counted from the end of the process, however long what it has left takes to clear away.
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

    /// Tells the end of a process at once, before what it has left is cleared away.
    private mutating func changeForEnd(at time: Duration) -> [Action] {
        guard case .ending(let next) = phase else { return [] }
        switch next {
        case .restart(let failure):
            self.failure = failure
            _ = retryTime(at: time)
            return change(to: .backoff, failure)
        case .giveUp(let failure):
            self.failure = failure
            return change(to: failure.reason == "EXITED" ? .exited : .failed, failure)
        case .anotherPort, .failStart, .finish:
            return []
        }
    }

    private mutating func change(to new: InstanceState?, _ failure: BackendFailure? = nil) -> [Action] {
        let old = state
        guard new != old else { return [] }
        state = new
        return [.report(from: old, to: new, failure: failure)]
    }

    private func error(
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
