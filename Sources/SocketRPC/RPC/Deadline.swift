// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The instant by which a call must have ended, on the monotonic clock that event loops use.
package struct Deadline: Hashable, Sendable {
    /// Nanoseconds of `MonotonicClock`.
    package let nanoseconds: UInt64

    /// A deadline `timeout` after `now`. A negative timeout has passed; one beyond the clock's range never passes.
    package init(after timeout: Duration, now: UInt64 = MonotonicClock.nowNanoseconds) {
        let (sum, overflow) = now.addingReportingOverflow(timeout.clampedNanoseconds)
        nanoseconds = overflow ? .max : sum
    }

    package func hasPassed(now: UInt64 = MonotonicClock.nowNanoseconds) -> Bool {
        nanoseconds <= now
    }

    /// The time left, never negative.
    package func remaining(now: UInt64 = MonotonicClock.nowNanoseconds) -> Duration {
        hasPassed(now: now) ? .zero : .nanoseconds(Int64(clamping: nanoseconds - now))
    }
}
