// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport

/// A random walk over an `InstanceMachine`, driven as `InstanceDriver` drives it.
///
/// Work that is under way posts its events into a mailbox at any time, and the machine gets them in the order they were posted. The
/// walk checks each action against what is under way.
struct MachineWalk {
    private enum Event {
        case start
        case stop(isImmediate: Bool)
        case spawned(RunID)
        case spawnFailed(RunID)
        case exited(RunID, InstanceEnd)
        case treeEnded(RunID)
        case probed(RunID, InstanceMachine.ProbeKind, Bool)
        /// The count tells apart timers of the same name.
        case timer(InstanceMachine.Timer, count: Int)
        case foundUnhealthy
        case restart
        case retry
    }

    private enum Work: Equatable {
        case spawning(RunID)
        /// The process of a run lives.
        case process(RunID)
        /// The process has died, and its end is not posted yet.
        case watching(RunID)
        case ending(RunID)
        case probing(RunID, InstanceMachine.ProbeKind)
    }

    /// How far the tree of a run has come, by the events that were delivered.
    private enum Stage: Equatable {
        case spawning
        case running
        case ending
        case clearing
    }

    /// What happened, for a failure.
    private(set) var steps: [String] = []
    private(set) var problem: String?
    private(set) var isFinished = false

    private var random: SeededGenerator
    private let policy: InstancePolicy
    private var script: MachineTranscript
    private var mailbox: [Event] = []
    private var work: [Work] = []
    private var timers: [InstanceMachine.Timer: (due: Duration, count: Int)] = [:]
    /// Timers that have fired, and were neither delivered nor cancelled since.
    private var fired: [InstanceMachine.Timer: Int] = [:]
    private var timerCount = 0
    private var lastRun = RunID(0)
    private var stage: Stage?
    private var pid: Int32?
    private var reported: InstanceState?
    private var answers = 0
    /// Restarts that a person wants, and that are not answered.
    private var restartsAsked = 0
    private var isGivenUp = false
    private var isStopPosted = false
    private var isStopWanted = false
    private var isImmediateStopWanted = false
    private var isRestarting = false
    private var restartTimes: [Duration] = []

    init(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var policy = InstancePolicy()
        let restarts: [InstancePolicy.Restart] = [.always, .always, .onFailure, .onFailure, .never]
        policy.restart = restarts.randomElement(using: &random) ?? .always
        policy.maxRestarts = Int.random(in: 0...8, using: &random)
        policy.restartWindow = .seconds(Int.random(in: 1...30, using: &random))
        policy.backoff = .milliseconds(Int.random(in: 0...2000, using: &random))
        policy.backoffLimit = .seconds(Int.random(in: 1...8, using: &random))
        policy.hasStartupProbe = Bool.random(using: &random)
        policy.awaitsReadiness = policy.hasStartupProbe && Bool.random(using: &random)
        policy.readinessFailures = Int.random(in: 1...3, using: &random)
        policy.livenessFailures = Int.random(in: 1...3, using: &random)
        script = MachineTranscript { $0 = policy }
        script.machine = InstanceMachine(name: "a", policy: policy, jitter: Double.random(in: 0...1, using: &random))
        self.policy = policy
        self.random = random
        // A stop may come before the task of the instance has begun.
        if seed.isMultiple(of: 50) { post(.stop(isImmediate: false)) }
        post(.start)
    }

    /// Walks at random, then stops the instance and lets what is under way end.
    mutating func run(steps count: Int) {
        for _ in 0..<count where problem == nil && !isFinished { step() }
        if !isStopPosted { post(.stop(isImmediate: Bool.random(using: &random))) }
        for _ in 0..<200 where problem == nil && !isFinished {
            if mailbox.isEmpty { complete() } else { deliver() }
        }
        if problem == nil, !isFinished { fail("the end is not reached") }
    }

    private mutating func fail(_ words: String) {
        if problem == nil { problem = words }
    }

    private mutating func expect(_ isTrue: Bool, _ words: String) {
        if !isTrue { fail(words) }
    }
}

// MARK: What may happen

extension MachineWalk {
    private mutating func step() {
        script.time += .milliseconds([0, 1, 100, 3000].randomElement(using: &random) ?? 0)
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<500 where !mailbox.isEmpty: deliver()
        case 500..<850: complete()
        case 850..<970: fireTimer()
        case 970..<976: post(.restart)
        case 976..<980: post(.retry)
        case 980..<985: post(.foundUnhealthy)
        case 985..<987 where !isStopPosted: post(.stop(isImmediate: false))
        case 985..<1000 where isStopPosted: post(.stop(isImmediate: true))
        default: break
        }
        if mailbox.isEmpty, work.isEmpty, timers.isEmpty, !isFinished {
            expect([.failed, .exited].contains(script.machine.state), "nothing is under way")
        }
    }

    private mutating func post(_ event: Event) {
        if case .stop = event { isStopPosted = true }
        mailbox.append(event)
    }

    private mutating func fireTimer() {
        let next = timers.min { ($0.value.due, $0.value.count) < ($1.value.due, $1.value.count) }
        guard let (timer, entry) = next else { return }
        // Most processes are ready before the load timeout.
        if timer == .load, Int.random(in: 0..<20, using: &random) > 0 { return }
        script.time = max(script.time, entry.due)
        // A timer that is cancelled after this still arrives.
        timers[timer] = nil
        fired[timer] = entry.count
        post(.timer(timer, count: entry.count))
    }

    /// Brings some work that is under way to its end, or to its next event.
    private mutating func complete() {
        guard let index = work.indices.randomElement(using: &random) else { return }
        switch work[index] {
        case .spawning(let run):
            if Int.random(in: 0..<16, using: &random) == 0 {
                work.remove(at: index)
                post(.spawnFailed(run))
            } else {
                work[index] = .process(run)
                post(.spawned(run))
            }
        case .process(let run):
            // Probes and timers are more frequent than deaths.
            guard isStopPosted || Int.random(in: 0..<16, using: &random) == 0 else { return }
            work[index] = .watching(run)
        case .watching(let run):
            work.remove(at: index)
            let all: [ChildProcess.Status] = [.exited(0), .exited(1), .signaled(.kill)]
            let status = all.randomElement(using: &random) ?? .exited(0)
            post(.exited(run, InstanceEnd(status: status, isPortTaken: Int.random(in: 0..<4, using: &random) == 0)))
        case .ending(let run):
            work.remove(at: index)
            if let process = work.firstIndex(of: .process(run)) { work[process] = .watching(run) }
            post(.treeEnded(run))
        case .probing(let run, let kind):
            let isSuccess = Int.random(in: 0..<3, using: &random) > 0
            if isSuccess, kind == .startup { work.remove(at: index) }
            post(.probed(run, kind, isSuccess))
        }
    }
}

// MARK: What the machine decides

extension MachineWalk {
    private mutating func deliver() {
        let event = mailbox.removeFirst()
        let before = script.machine
        isRestarting = false
        let (actions, isStale) = taken(event)
        steps.append("\(script.time) \(event): \(script.words(actions).joined(separator: ", "))")
        if isStale { expect(actions.isEmpty && script.machine == before, "a stale event changes something") }
        for (index, action) in actions.enumerated() {
            expect(!isFinished, "an action follows the end")
            check(action)
            expect(!isFinished || index == actions.count - 1, "the end is not the last action")
        }
        let machine = script.machine
        expect(machine.state == reported, "the state was not reported")
        expect(machine.pid == pid, "the process ID is \(machine.pid ?? 0), not \(pid ?? 0)")
        expect((machine.retryTime != nil) == (reported == .backoff), "there is a retry time exactly in backoff")
        expect(!isStopWanted || stage != .running, "a process goes on after the stop")
        expect(!isImmediateStopWanted || stage != .ending, "a tree has time to end after an immediate stop")
    }

    /// Gives the machine an event; says whether it is stale, so that it must change nothing.
    private mutating func taken(_ event: Event) -> (actions: [InstanceMachine.Action], isStale: Bool) {
        let time = script.time
        switch event {
        case .start: return (script.machine.start(), isStopWanted)
        case .stop(let isImmediate):
            isStopWanted = true
            isImmediateStopWanted = isImmediateStopWanted || isImmediate
            return (script.machine.stop(isImmediate: isImmediate), false)
        case .spawned(let run):
            (stage, pid) = (.running, Int32(run.number))
            return (script.machine.spawned(run: run, pid: Int32(run.number)), false)
        case .spawnFailed(let run):
            stage = nil
            let error = BackendError(.internal, .spawnFailed, "no memory")
            return (script.machine.spawnFailed(run: run, error: error, at: time), false)
        case .exited(let run, let end):
            if run == lastRun { pid = nil }
            return (script.machine.exited(run: run, end: end, at: time), run != lastRun)
        case .treeEnded(let run):
            (stage, pid) = (nil, nil)
            return (script.machine.treeEnded(run: run, at: time), false)
        case .probed(let run, let kind, let isSuccess):
            return (script.machine.probed(run: run, kind, isSuccess: isSuccess, at: time), run != lastRun)
        case .timer(let timer, let count):
            let isStale = fired[timer] != count
            if !isStale { fired[timer] = nil }
            isRestarting = timer == .restart
            return (script.machine.timerFired(timer, at: time), isStale)
        case .foundUnhealthy: return (script.machine.foundUnhealthy("gone", at: time), false)
        case .restart:
            restartsAsked += 1
            return (script.machine.restartRequested(), false)
        case .retry:
            restartsAsked += 1
            return (script.machine.retryRequested(), false)
        }
    }

    private mutating func check(_ action: InstanceMachine.Action) {
        switch action {
        case .spawn(let run, _): spawn(run)
        case .end(let run):
            expect(run == lastRun && stage == .running && !isImmediateStopWanted, "an end that is not due")
            end(run, .ending)
        case .kill(let run):
            expect(run == lastRun && stage == .ending && isImmediateStopWanted, "a kill that is not due")
            stage = .clearing
        case .clear(let run):
            expect(run == lastRun && stage == .running, "a clearing that is not due")
            end(run, .clearing)
        case .probe(let run, let kind):
            expect(run == lastRun && stage == .running && !isStopWanted, "a probe without a process")
            expect(!work.contains(.probing(run, kind)), "the same probe twice")
            work.append(.probing(run, kind))
        case .endProbes: endProbes()
        case .setTimer(let timer, let duration): set(timer, duration)
        case .cancelTimer(let timer): (timers[timer], fired[timer]) = (nil, nil)
        case .report(let old, let new, _): report(old, new)
        case .show: expect(reported == .starting, "a failed probe of a process that is not starting")
        case .succeed:
            expect(reported == .ready, "a start succeeds that is not ready")
            answer()
        case .fail: answer()
        case .answerRestart:
            expect(restartsAsked > 0, "an answer to no restart")
            restartsAsked = 0
        case .giveUp:
            expect(!isGivenUp && !isStopWanted && stage == nil && timers.isEmpty, "giving up is not due")
            isGivenUp = true
        case .finish:
            expect(isStopWanted && stage == nil && timers.isEmpty && answers == 1, "the end comes too early")
            expect(reported == nil && !isProbing && restartsAsked == 0, "the end leaves something behind")
            isFinished = true
        }
    }

    private mutating func spawn(_ run: RunID) {
        expect(run.number == lastRun.number + 1 && stage == nil, "two processes at the same time")
        expect(!isStopWanted && !isGivenUp, "a process is started after the stop")
        // A restart that a person wants resets the count.
        if script.machine.restarts == 0 { restartTimes = [] }
        if isRestarting {
            restartTimes = restartTimes.filter { script.time - $0 <= policy.restartWindow } + [script.time]
            expect(restartTimes.count <= policy.maxRestarts, "\(restartTimes.count) restarts within the window")
        }
        (lastRun, stage) = (run, .spawning)
        work.append(.spawning(run))
    }

    private mutating func end(_ run: RunID, _ stage: Stage) {
        expect(!isProbing, "a probe goes on while its process is ended")
        self.stage = stage
        work.append(.ending(run))
    }

    private var isProbing: Bool {
        work.contains { work in
            if case .probing = work { true } else { false }
        }
    }

    private mutating func endProbes() {
        work.removeAll { work in
            if case .probing = work { true } else { false }
        }
    }

    private mutating func set(_ timer: InstanceMachine.Timer, _ duration: Duration) {
        expect(!isStopWanted && !isGivenUp, "a timer is set after the stop")
        expect(timers[timer] == nil && fired[timer] == nil, "a timer is set twice")
        if timer == .restart {
            expect(timers.isEmpty && fired.isEmpty, "a timer of the last run goes on")
            expect(.zero <= duration && duration <= policy.backoffLimit * 1.1, "a pause of \(duration)")
        }
        timerCount += 1
        timers[timer] = (script.time + duration, timerCount)
    }

    private mutating func answer() {
        answers += 1
        expect(answers == 1, "the caller of the start has two answers")
    }

    private static let next: [InstanceState: [InstanceState?]] = [
        .starting: [.starting, .ready, .backoff, .failed, .stopping],
        .ready: [.unready, .backoff, .exited, .failed, .stopping],
        .unready: [.ready, .backoff, .exited, .failed, .stopping],
        .backoff: [.starting, .stopping, nil],
        .stopping: [.starting, .backoff, .failed, nil],
        .exited: [.stopping, nil],
        .failed: [.stopping, nil],
    ]

    private mutating func report(_ old: InstanceState?, _ new: InstanceState?) {
        expect(old == reported, "a change from a state that was not reported")
        let isLegal = old.map { Self.next[$0]?.contains(new) ?? false } ?? (new == .starting)
        expect(isLegal, "a change that is not allowed")
        reported = new
    }
}
