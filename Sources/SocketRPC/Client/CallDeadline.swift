// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// When a call must be over, in nanoseconds of the monotonic clock, which event loops count in; or never.
struct CallDeadline: Hashable, Sendable {
    /// Nil: the call may take for ever.
    let instant: UInt64?

    /// A deadline that comes `timeout` after `now`.
    init(after timeout: Duration?, now: UInt64 = MonotonicClock.nowNanoseconds) {
        guard let timeout else {
            instant = nil
            return
        }
        let (sum, overflow) = now.addingReportingOverflow(timeout.clampedNanoseconds)
        instant = overflow ? .max : sum
    }

    func hasPassed(now: UInt64) -> Bool {
        guard let instant else { return false }
        return instant <= now
    }

    /// What a server is told: the nanoseconds left, 0 without a deadline. Nil when it has passed.
    func timeoutNano(now: UInt64) -> Int64? {
        guard let instant else { return 0 }
        return instant > now ? Int64(clamping: instant - now) : nil
    }

    /// The time left, nil without a deadline.
    func remaining(now: UInt64 = MonotonicClock.nowNanoseconds) -> Duration? {
        guard let instant else { return nil }
        return instant > now ? .nanoseconds(Int64(clamping: instant - now)) : .zero
    }
}
