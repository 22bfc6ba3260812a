// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The states of one backend and what every command and event does in each.
///
/// A value without clocks, tasks or locks: commands and events go in, ``Action`` comes out, and the driver carries the
/// actions out in order. Callers are named by their IDs; each ID that went in comes out exactly once, in `succeed`, `fail`,
/// `remove` or `replace`, unless it left before.
///
/// A run is one piece of work the driver has under way for the backend: a start or a stop. Results that name another run
/// than the current one are stale and change nothing.
package struct BackendLifecycle: Equatable, Sendable {
    private(set) var phase: Phase = .stopped
    private var lastRun = RunID.none
    private let name: String
    private let callerLimit: Int

    package init(name: String, callerLimit: Int = BackendLimits().callers) {
        self.name = name
        self.callerLimit = callerLimit
    }

    package var state: BackendState {
        switch phase {
        case .stopped: .stopped
        case .starting: .starting
        case .started: .started
        case .stopping: .stopping
        case .failed: .failed
        }
    }

    /// Set exactly while the state is `failed`.
    package var failure: BackendFailure? {
        switch phase {
        case .failed(let failure): failure
        case .stopped, .starting, .started, .stopping: nil
        }
    }

    /// Whether it is started, or will be without a further command.
    var isStartedOrWillBe: Bool {
        switch phase {
        case .starting, .started: true
        case .stopping(let stop): stop.startsAgain
        case .stopped, .failed: false
        }
    }

    /// Whether the configuration may change now.
    package var acceptsConfiguration: Bool {
        switch phase {
        case .stopped, .failed: true
        case .starting, .started, .stopping: false
        }
    }

    /// Whether it is gone as soon as it is stopped.
    package var isDeleting: Bool { deletion != nil }

    /// Whether a caller has deleted it, and not a reload alone, so that nothing of it is kept.
    var isDeletedForGood: Bool { deletion?.isForGood ?? false }

    /// Whether another backend of its name takes its place once it is stopped.
    var isBeingReplaced: Bool { deletion?.isReplacement ?? false }

    private var deletion: Deletion? {
        switch phase {
        case .stopping(let stop): stop.deletion
        case .stopped, .starting, .started, .failed: nil
        }
    }

    /// The error for a command that needs a backend at rest.
    package func atRestRequired(to purpose: String) -> BackendError {
        BackendError(
            .failedPrecondition, .backendStarted,
            "cannot \(purpose) backend \(name) while it is \(state)",
            metadata: ["backend": name, "state": state.description, "command": purpose])
    }
}

// MARK: Commands

extension BackendLifecycle {
    /// Next: `starting` from `stopped` and `failed`; the same otherwise.
    package mutating func startRequested(
        by caller: CallerID, cause: BackendEvent.Cause = .startRequested
    ) throws(BackendError) -> [Action] {
        try requireRoom(beside: waitingForStart + waitingForStop)
        switch phase {
        case .stopped:
            return begin(for: [caller], from: .stopped, cleanUpFirst: false, cause)
        case .failed:
            return begin(for: [caller], from: .failed, cleanUpFirst: true, cause)
        case .starting(var start):
            start.joiners.append(caller)
            phase = .starting(start)
            return []
        case .started:
            return [.succeed([caller], changed: false)]
        case .stopping(var stop):
            guard stop.deletion?.isReplacement ?? true else { throw deleting }
            stop.starters.append(caller)
            phase = .stopping(stop)
            return []
        }
    }

    /// Next: `stopping` from `starting`, `started` and `failed`; the same otherwise.
    package mutating func stopRequested(
        by caller: CallerID, cause: BackendEvent.Cause = .stopRequested
    ) throws(BackendError) -> [Action] {
        try requireRoom(beside: waitingForStop)
        if case .stopped = phase { return [.succeed([caller], changed: false)] }
        return windDown(cause) { stop in
            stop.stoppers.append(caller)
            stop.deletion?.wasUp = false
        }
    }

    /// Next: `starting` from `stopped` and `failed`; `stopping` from `starting` and `started`, and then `starting`.
    ///
    /// The callers that wait for an attempt under way wait for the new one instead.
    package mutating func restartRequested(
        by caller: CallerID, cause: BackendEvent.Cause = .restartRequested
    ) throws(BackendError) -> [Action] {
        switch phase {
        case .stopped, .failed, .stopping:
            return try startRequested(by: caller)
        case .starting, .started:
            try requireRoom(beside: waitingForStart + waitingForStop)
        }
        return windDown(cause, keepingStarters: true) { $0.starters.append(caller) }
    }

    /// Next: gone from `stopped`; `stopping` from `failed`, and with force from `starting` and `started`.
    ///
    /// A failed backend is cleaned up first. If that or a forced stop fails, only force removes the backend all the same.
    package mutating func deleteRequested(by caller: CallerID, force: Bool) throws(BackendError) -> [Action] {
        try requireRoom(beside: waitingForStop)
        switch phase {
        case .stopped:
            return [.remove([caller])]
        case .starting, .started:
            guard force else { throw atRestRequired(to: "delete") }
        case .stopping(let stop):
            guard force || stop.deletion != nil else { throw atRestRequired(to: "delete") }
        case .failed:
            break
        }
        return windDown(.deleteRequested) { stop in
            var deletion = stop.deletion ?? Deletion()
            deletion.callers.append(caller)
            (deletion.isForced, deletion.isForGood) = (deletion.isForced || force, true)
            deletion.isReplacement = false
            stop.deletion = deletion
        }
    }

    /// A reload wants the backend gone, and with `isReplacement` another one in its place. Next: gone or replaced from `stopped`; `stopping`
    /// otherwise.
    ///
    /// The newest reload decides. Callers that wait for a start wait for that of the other backend; it is started too if this one was, unless
    /// a caller has deleted this one.
    package mutating func retireRequested(isReplacement: Bool) -> [Action] {
        if case .stopped = phase {
            return [isReplacement ? .replace([], Succession()) : .remove([])]
        }
        let isUp = isStartedOrWillBe
        return windDown(.reloaded, keepingStarters: isReplacement) { stop in
            var deletion = stop.deletion ?? Deletion()
            (deletion.isForced, deletion.isReplacement) = (true, isReplacement)
            deletion.wasUp = deletion.wasUp || isUp
            stop.deletion = deletion
            stop.isRestart = isReplacement && deletion.wasUp && !deletion.isForGood
        }
    }

    /// The backend takes the place of one that was started, or has callers that wait for its start. Next: `starting`.
    mutating func successionBegan(for callers: [CallerID], cause: BackendEvent.Cause) -> [Action] {
        begin(for: callers, from: .stopped, cleanUpFirst: false, cause)
    }

    /// Takes out a caller that has given up; false if it does not wait here.
    ///
    /// An attempt and a restart go on without their callers. A start that only queued behind a stop is forgotten with its last caller.
    package mutating func callerLeft(_ caller: CallerID) -> Bool {
        switch phase {
        case .stopped, .started, .failed:
            return false
        case .starting(var start):
            defer { phase = .starting(start) }
            return start.joiners.remove(caller)
        case .stopping(var stop):
            defer { phase = .stopping(stop) }
            if stop.stoppers.remove(caller) || stop.starters.remove(caller) { return true }
            return stop.deletion?.callers.remove(caller) ?? false
        }
    }
}

// MARK: Events

extension BackendLifecycle {
    /// Next: `started` or `failed` from `starting`; still `stopping` if the start had been cancelled.
    package mutating func startFinished(run: RunID, error: BackendError?) -> [Action] {
        switch phase {
        case .starting(let start) where start.run == run:
            if let reported = start.reported {
                let error = BackendError(
                    .internal, .backendFailed, "backend \(name) failed while starting: \(reported.message)",
                    metadata: ["backend": name, "failure": reported.reason])
                return fail(reported, from: .starting, cause: .startFailed) + [.fail(start.joiners, error)]
            }
            if let error {
                return fail(BackendFailure(error), from: .starting, cause: .startFailed)
                    + [.fail(start.joiners, error)]
            }
            phase = .started(run: run)
            return [
                .record(from: .starting, to: .started, cause: .started, failure: nil),
                .succeed(start.joiners, changed: true),
            ]
        case .stopping(var stop) where stop.run == run && stop.stage == .cancellingStart:
            stop.run = nextRun()
            stop.stage = .stopping
            phase = .stopping(stop)
            return [.stop(run: stop.run)]
        case .stopped, .starting, .started, .stopping, .failed:
            return []
        }
    }

    /// Next: `stopped`, then `starting` again if a start waited; `failed` if stopping failed; gone if it was deleted.
    package mutating func stopFinished(run: RunID, error: BackendError?) -> [Action] {
        guard case .stopping(let stop) = phase, stop.run == run, stop.stage == .stopping else { return [] }
        guard let error else {
            phase = .stopped
            var actions: [Action] = [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed(stop.stoppers, changed: true),
            ]
            if let deletion = stop.deletion {
                actions.append(deletion.end(of: stop))
            } else if stop.startsAgain {
                actions += begin(for: stop.starters, from: .stopped, cleanUpFirst: false)
            }
            return actions
        }
        var actions = fail(BackendFailure(error), from: .stopping, cause: .stopFailed) + [.fail(stop.stoppers, error)]
        if let deletion = stop.deletion {
            actions.append(deletion.isForced ? deletion.end(of: stop) : .fail(deletion.callers, error))
        } else if stop.startsAgain {
            actions += begin(for: stop.starters, from: .failed, cleanUpFirst: true)
        }
        return actions
    }

    /// The backend itself says that it is broken. Next: `failed` from `started`; from `starting` once the attempt has ended.
    package mutating func failureReported(run: RunID, failure: BackendFailure) -> [Action] {
        switch phase {
        case .started(run: run):
            return fail(failure, from: .started, cause: .backendFailed)
        case .starting(var start) where start.run == run && start.reported == nil:
            start.reported = failure
            phase = .starting(start)
            return [.cancelStart(run: run)]
        case .stopped, .starting, .started, .stopping, .failed:
            return []
        }
    }
}

// MARK: Steps

extension BackendLifecycle {
    private mutating func nextRun() -> RunID {
        lastRun = lastRun.next
        return lastRun
    }

    private mutating func begin(
        for callers: [CallerID], from old: BackendState, cleanUpFirst: Bool,
        _ cause: BackendEvent.Cause = .startRequested
    ) -> [Action] {
        let run = nextRun()
        phase = .starting(Starting(run: run, joiners: callers))
        return [
            .record(from: old, to: .starting, cause: cause, failure: nil),
            .start(run: run, cleanUpFirst: cleanUpFirst),
        ]
    }

    private mutating func fail(
        _ failure: BackendFailure, from old: BackendState, cause: BackendEvent.Cause
    ) -> [Action] {
        phase = .failed(failure)
        return [.record(from: old, to: .failed, cause: cause, failure: failure)]
    }

    /// Brings the backend to rest, with the callers that `join` adds; starts that are under way or queued are cancelled, unless their
    /// callers are kept for the start that follows.
    private mutating func windDown(
        _ cause: BackendEvent.Cause, keepingStarters: Bool = false, join: (inout Stopping) -> Void
    ) -> [Action] {
        var stop: Stopping
        var actions: [Action] = []
        switch phase {
        case .stopped, .started, .failed:
            stop = Stopping(run: nextRun(), stage: .stopping)
            actions = [
                .record(from: state, to: .stopping, cause: cause, failure: nil),
                .stop(run: stop.run),
            ]
        case .starting(let start):
            stop = Stopping(run: start.run, stage: .cancellingStart, starters: start.joiners)
            actions = [
                .record(from: .starting, to: .stopping, cause: cause, failure: nil), .cancelStart(run: start.run),
            ]
        case .stopping(let current):
            stop = current
        }
        stop.isRestart = keepingStarters
        if !keepingStarters, !stop.starters.isEmpty {
            actions.append(.fail(stop.starters, startCancelled))
            stop.starters = []
        }
        join(&stop)
        phase = .stopping(stop)
        return actions
    }

    private var waitingForStart: Int {
        switch phase {
        case .stopped, .started, .failed: 0
        case .starting(let start): start.joiners.count
        case .stopping(let stop): stop.starters.count
        }
    }

    private var waitingForStop: Int {
        switch phase {
        case .stopped, .starting, .started, .failed: 0
        case .stopping(let stop): stop.stoppers.count + (stop.deletion?.callers.count ?? 0)
        }
    }

    /// A stop sends the starters away, so they do not keep it from its place.
    private func requireRoom(beside waiting: Int) throws(BackendError) {
        guard waiting < callerLimit else {
            throw BackendError(
                .resourceExhausted, .callersFull,
                "\(waiting) callers already wait for backend \(name); try again later",
                metadata: ["backend": name], retryAfter: .seconds(1))
        }
    }

    private var startCancelled: BackendError {
        BackendError(
            .aborted, .startCancelled, "the start of backend \(name) was cancelled by a stop; start it again if needed",
            metadata: ["backend": name])
    }

    private var deleting: BackendError {
        BackendError(
            .failedPrecondition, .backendDeleting, "backend \(name) is being deleted; create it again afterwards",
            metadata: ["backend": name])
    }
}

extension [CallerID] {
    fileprivate mutating func remove(_ caller: CallerID) -> Bool {
        guard let index = firstIndex(of: caller) else { return false }
        remove(at: index)
        return true
    }
}
