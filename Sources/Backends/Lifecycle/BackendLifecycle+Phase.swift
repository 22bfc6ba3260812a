// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendLifecycle {
    /// A state with what it has to remember.
    enum Phase: Equatable, Sendable {
        case stopped
        case starting(Starting)
        case started(run: RunID)
        case stopping(Stopping)
        case failed(BackendFailure)
    }

    struct Starting: Equatable, Sendable {
        var run: RunID
        /// The callers that get the one result of the attempt.
        var joiners: [CallerID]
        /// What the backend said about itself before its start ended.
        var reported: BackendFailure?
    }

    struct Stopping: Equatable, Sendable {
        enum Stage: Equatable, Sendable {
            /// A start was under way; it has to end before the stop can begin.
            case cancellingStart
            case stopping
        }

        var run: RunID
        var stage: Stage
        var stoppers: [CallerID] = []
        /// The callers that want the backend started as soon as it is stopped.
        var starters: [CallerID] = []
        /// It is started again even if no caller waits for that any more.
        var isRestart = false
        var deletion: Deletion?

        var startsAgain: Bool { isRestart || !starters.isEmpty }
    }

    struct Deletion: Equatable, Sendable {
        var callers: [CallerID] = []
        var isForced = false
        /// Whether a caller has asked for it, and not a reload alone.
        var isForGood = false
        /// Whether another backend of the name takes its place.
        var isReplacement = false
        /// Whether the backend was started, or was to be, when a reload began to delete it.
        var wasUp = false

        func end(of stop: Stopping) -> Action {
            guard isReplacement else { return .remove(callers) }
            return .replace(
                callers,
                Succession(starters: stop.starters, isStarted: stop.startsAgain, keepsRecord: !isForGood))
        }
    }
}

extension BackendLifecycle {
    /// What becomes of a backend that takes the place of another one.
    package struct Succession: Equatable, Sendable {
        /// The callers that wait for its start.
        package var starters: [CallerID] = []
        /// Whether it is started.
        package var isStarted = false
        /// Whether it keeps the layers of owners and all else that is saved of the other one.
        package var keepsRecord = true
    }

    /// What the driver has to do, in this order.
    package enum Action: Equatable, Sendable {
        /// Write the change into the log of events.
        case record(from: BackendState, to: BackendState, cause: BackendEvent.Cause, failure: BackendFailure?)
        /// Start the backend. With `cleanUpFirst`, first release what a failure left.
        case start(run: RunID, cleanUpFirst: Bool)
        /// Cancel the start; its end is still to be reported.
        case cancelStart(run: RunID)
        /// Drain and stop the backend, or release what a cancelled or failed start left.
        case stop(run: RunID)
        /// Tell these callers that they have what they asked for; `changed` is false if it was so before.
        case succeed([CallerID], changed: Bool)
        case fail([CallerID], BackendError)
        /// Forget the backend and tell these callers that it is gone.
        case remove([CallerID])
        /// The same, and create the backend that takes its place.
        case replace([CallerID], Succession)

        /// Whether the backend is gone with it.
        var isEnd: Bool {
            switch self {
            case .remove, .replace: true
            case .record, .start, .cancelStart, .stop, .succeed, .fail: false
            }
        }

        /// Whether it tells of a change of the state.
        var isRecord: Bool {
            switch self {
            case .record: true
            case .start, .cancelStart, .stop, .succeed, .fail, .remove, .replace: false
            }
        }
    }
}
