// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Decides whether to retry a connection that failed, and after which pause.
///
/// Trouble lasts from its first event to the first answer of a daemon that accepts calls. Pauses double meanwhile, up
/// to a limit. Waiting calls fail when the trouble lasts longer than its kind may.
package struct ReconnectPolicy: Hashable, Sendable {
    package enum Trouble: Hashable, Sendable {
        /// No process listens at the path.
        case absent
        /// The backlog is full.
        case backlogFull
        /// A connection ended.
        case lost
        /// The daemon is shutting down and accepts no calls.
        case draining
    }

    private let absenceWait: Duration
    private let restartWait: Duration
    private let backlogWait: Duration
    private let shortest: Duration
    private let longest: Duration
    private var start: UInt64?
    private var pauses = 0
    private var hasWorked = false

    package init(_ configuration: ClientConfiguration) {
        absenceWait = configuration.absenceWait
        restartWait = configuration.restartWait
        backlogWait = configuration.backlogWait
        shortest = configuration.retryDelay
        longest = configuration.longestRetryDelay
    }

    /// Trouble occurred at `now`, in nanoseconds. Returns the pause before the next attempt, nil to give up.
    ///
    /// `jitter`, from 0 to 1, spreads the attempts of several clients over the second half of the pause.
    package mutating func occurred(_ trouble: Trouble, now: UInt64, jitter: Double) -> Duration? {
        let start = start ?? now
        self.start = start
        let patience: Duration =
            switch trouble {
            case .absent: hasWorked ? restartWait : absenceWait
            case .backlogFull: backlogWait
            case .lost, .draining: restartWait
            }
        let passed = now > start ? now - start : 0
        guard passed < patience.clampedNanoseconds else { return nil }
        let full = min(shortest * (1 << min(pauses, 20)), longest)
        pauses += 1
        return full * (1 - min(max(jitter, 0), 1) / 2)
    }

    /// A daemon that accepts calls has answered.
    package mutating func recovered() {
        start = nil
        pauses = 0
        hasWorked = true
    }
}
