// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite("BackendLifecycle: random walks")
struct BackendLifecycleWalkTests {
    @Test(arguments: 0..<200) func `each caller comes out once, whatever happens in which order`(seed: UInt64) {
        var walk = Walk(seed: seed)
        for _ in 0..<300 where !walk.ledger.isBroken { walk.step() }
        walk.settle()
    }

    /// A lifecycle with a driver that is as slow, and as late, as it likes.
    private struct Walk {
        var ledger: CallerLedger
        private var lifecycle = BackendLifecycle(name: "a", callerLimit: 6)
        private var random: SeededGenerator
        /// The state as the records tell it.
        private var told = BackendState.stopped
        /// The start or stop under way.
        private var run: (id: RunID, isStart: Bool)?
        private var isCancelled = false
        private var isGone = false

        init(seed: UInt64) {
            ledger = CallerLedger(seed: seed)
            random = SeededGenerator(seed: seed)
        }

        mutating func step() {
            if isGone {
                (lifecycle, told, isGone) = (BackendLifecycle(name: "a", callerLimit: 6), .stopped, false)
            }
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1:
                command("start") { (lifecycle, caller) throws(BackendError) in try lifecycle.startRequested(by: caller)
                }
            case 2 where random.happens(onceIn: 2):
                command("restart") { (lifecycle, caller) throws(BackendError) in
                    try lifecycle.restartRequested(by: caller)
                }
            case 2:
                command("stop") { (lifecycle, caller) throws(BackendError) in try lifecycle.stopRequested(by: caller) }
            case 3:
                let force = random.happens(onceIn: 2)
                guard random.happens(onceIn: 4) else { return }
                command("delete \(force)") { (lifecycle, caller) throws(BackendError) in
                    try lifecycle.deleteRequested(by: caller, force: force)
                }
            case 4: leave()
            case 5 where random.happens(onceIn: 4): retire(isReplacement: random.happens(onceIn: 2))
            case 5, 6, 7, 8: finish(random.happens(onceIn: 3) ? Self.broken : nil)
            default: report()
            }
        }

        /// Lets everything end; then no caller waits.
        mutating func settle() {
            for _ in 0..<10 where run != nil { finish(nil) }
            ledger.require(run == nil, "what is under way ends")
            ledger.require(ledger.waiting.isEmpty, "no caller is forgotten")
        }

        private static let broken = BackendError(.internal, .startFailed, "it broke")

        private mutating func command(
            _ name: String, _ body: (inout BackendLifecycle, CallerID) throws(BackendError) -> [BackendLifecycle.Action]
        ) {
            let caller = ledger.newCaller()
            let before = lifecycle
            ledger.note("\(name) by \(caller) while \(told)")
            do throws(BackendError) {
                let actions = try body(&lifecycle, caller)
                ledger.came(in: caller)
                carryOut(actions)
            } catch {
                ledger.require(lifecycle == before, "a command that is refused changes nothing")
            }
        }

        private mutating func retire(isReplacement: Bool) {
            ledger.note("\(isReplacement ? "replaced" : "retired") while \(told)")
            carryOut(lifecycle.retireRequested(isReplacement: isReplacement))
        }

        private mutating func leave() {
            guard let caller = ledger.waiting.sorted().randomElement(using: &random) else { return }
            ledger.note("\(caller) leaves")
            ledger.require(lifecycle.callerLeft(caller), "a caller that waits can leave")
            ledger.left(caller)
        }

        /// Ends what is under way, or tells of a run that is over.
        private mutating func finish(_ error: BackendError?) {
            guard let run, !random.happens(onceIn: 8) else {
                let before = lifecycle
                let stale = RunID(9999)
                let said =
                    lifecycle.startFinished(run: stale, error: error) + lifecycle.stopFinished(run: stale, error: error)
                ledger.require(said.isEmpty && lifecycle == before, "a stale result changes nothing")
                return
            }
            self.run = nil
            ledger.note("\(run.isStart ? "start" : "stop") \(run.id) ends, \(error.map { $0.message } ?? "well")")
            carryOut(
                run.isStart
                    ? lifecycle.startFinished(run: run.id, error: error)
                    : lifecycle.stopFinished(run: run.id, error: error))
        }

        private mutating func report() {
            let id = run?.isStart == true ? run?.id : lastStart
            guard let id else { return }
            ledger.note("\(id) reports a failure")
            carryOut(lifecycle.failureReported(run: id, failure: BackendFailure(reason: "EXITED", message: "it ended")))
        }

        private var lastStart: RunID?

        private mutating func carryOut(_ actions: [BackendLifecycle.Action]) {
            for action in actions {
                ledger.note("  \(action)")
                switch action {
                case .record(let old, let new, _, let failure):
                    ledger.require(old == told, "a change begins at the state that was told last")
                    ledger.require((new == .failed) == (failure != nil), "a failure is told with FAILED, and only then")
                    told = new
                case .start(let id, _): begin(id, isStart: true)
                case .stop(let id): begin(id, isStart: false)
                case .cancelStart(let id):
                    ledger.require(run?.id == id && run?.isStart == true, "the start that is cancelled is under way")
                case .succeed(let callers, _), .fail(let callers, _): for caller in callers { ledger.came(out: caller) }
                case .remove(let callers):
                    for caller in callers { ledger.came(out: caller) }
                    isGone = true
                case .replace(let callers, let succession):
                    let starters = succession.starters
                    ledger.require(starters.isEmpty || succession.isStarted, "a caller that waits for a start gets one")
                    for caller in callers + starters { ledger.came(out: caller) }
                    isGone = true
                }
            }
            if isGone {
                ledger.require(run == nil, "nothing is under way for a backend that is gone")
                ledger.require(ledger.waiting.isEmpty, "no caller waits for a backend that is gone")
            } else {
                ledger.require(lifecycle.state == told, "every change is told")
            }
        }

        private mutating func begin(_ id: RunID, isStart: Bool) {
            ledger.require(run == nil, "one run is under way at a time")
            run = (id, isStart)
            if isStart { lastStart = id }
        }
    }
}
