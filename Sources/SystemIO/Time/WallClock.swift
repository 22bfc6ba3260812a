// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

/// The time of day.
package enum WallClock {
    /// A moment, counted from 1970-01-01T00:00:00Z.
    package struct Instant: Hashable, Sendable {
        package let seconds: Int64
        package let nanoseconds: Int32

        package init(seconds: Int64, nanoseconds: Int32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }
    }

    package static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Int64(time.tv_sec), nanoseconds: Int32(truncatingIfNeeded: time.tv_nsec))
    }
}

extension WallClock.Instant {
    /// The moment in UTC with milliseconds, as RFC 3339 has it: `2026-11-23T04:05:06.789Z`. Only its seconds, such as
    /// `-62135596801s`, outside the years 1 to 9999, for which RFC 3339 has no text.
    package var rfc3339: String {
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds)s" }
        let (days, rest) = seconds.dividedFloor(by: 86_400)
        let (date, secondOfDay) = (CivilDate(daysSinceEpoch: days), Int(rest))
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let hour = padded(secondOfDay / 3600, 2)
        let minute = padded(secondOfDay / 60 % 60, 2)
        let second = padded(secondOfDay % 60, 2)
        return "\(day)T\(hour):\(minute):\(second).\(padded(Int(nanoseconds) / 1_000_000, 3))Z"
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
