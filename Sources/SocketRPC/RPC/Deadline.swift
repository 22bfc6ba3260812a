// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The instant by which a call must have ended, on the monotonic clock.
package struct Deadline: Hashable, Comparable, Sendable {
    package let instant: ContinuousClock.Instant

    package init(at instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    /// A deadline `duration` from now. Durations of over a hundred years count as a hundred years; a negative one has passed.
    package init(after duration: Duration, now: ContinuousClock.Instant = .now) {
        let ceiling = Duration.seconds(100 * 365 * 86_400)
        instant = now.advanced(by: min(duration, ceiling))
    }

    /// The time left, never negative.
    package func remaining(now: ContinuousClock.Instant = .now) -> Duration {
        max(.zero, now.duration(to: instant))
    }

    package static func < (lhs: Deadline, rhs: Deadline) -> Bool {
        lhs.instant < rhs.instant
    }
}
