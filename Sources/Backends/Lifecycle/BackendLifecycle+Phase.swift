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
        /// Who gets the one result of the attempt.
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
        /// Who wants the backend started as soon as it is stopped.
        var starters: [CallerID] = []
        var deletion: Deletion?
    }

    struct Deletion: Equatable, Sendable {
        var callers: [CallerID]
        var isForced: Bool
    }
}
