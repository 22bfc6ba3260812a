// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// The clock that only goes forward: for deadlines and durations.
package enum MonotonicClock {
    /// Nanoseconds since some moment before the process started.
    package static var nowNanoseconds: UInt64 { csys_monotonic() }

    /// Blocks the thread for so long.
    package static func sleep(_ duration: Duration) {
        csys_sleep(duration.clampedNanoseconds)
    }
}

extension Duration {
    /// The nanoseconds of a duration, rounded up; none for a negative one, `UInt64.max` for one of more than 584 years.
    package var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let fraction = UInt64(attoseconds) / 1_000_000_000 + (attoseconds % 1_000_000_000 == 0 ? 0 : 1)
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole.addingSaturated(fraction)
    }
}

extension UInt64 {
    func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    func subtractingSaturated(_ other: UInt64) -> UInt64 {
        self > other ? self - other : 0
    }
}
