// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// The clock that never goes back, for deadlines and durations.
package enum MonotonicClock {
    /// Nanoseconds since a moment before the process started.
    package static var nowNanoseconds: UInt64 { csys_monotonic() }

    /// An ID of the boot of the host, which the clock counts from: what ran in another boot does not run any more.
    package static let boot: String = {
        let text = (try? File.read(path: "/proc/sys/kernel/random/boot_id", limit: 64)) ?? []
        return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }()

    /// Blocks the thread for a duration.
    package static func sleep(_ duration: Duration) {
        csys_sleep(duration.clampedNanoseconds)
    }
}

extension Duration {
    /// The nanoseconds of a duration, rounded up; 0 for a negative one, `UInt64.max` for one of more than 584 years.
    package var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let fraction = UInt64(attoseconds) / 1_000_000_000 + (attoseconds % 1_000_000_000 == 0 ? 0 : 1)
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole.addingSaturated(fraction)
    }

    /// The milliseconds of a duration, rounded up; at least 1.
    package var milliseconds: Int {
        Int(max(clampedNanoseconds / 1_000_000 + (clampedNanoseconds % 1_000_000 == 0 ? 0 : 1), 1))
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

extension Duration {
    /// The duration as messages write it: `250ms`, `1.5s`, `1m30s`, `2h`.
    ///
    /// It is rounded to milliseconds below one second, to tenths of a second below one minute, and to seconds above.
    /// Only zero becomes `0s`.
    package var text: String {
        let (seconds, attoseconds) = (components.seconds.magnitude, components.attoseconds.magnitude)
        let sign = self < .zero ? "-" : ""
        if self == .zero { return "0s" }
        let milliseconds = Self.rounded(attoseconds, by: 1_000_000_000_000_000)
        if seconds == 0, milliseconds < 1000 { return "\(sign)\(max(milliseconds, 1))ms" }
        let tenths = Self.rounded(attoseconds, by: 100_000_000_000_000_000)
        if seconds < 60, seconds * 10 + tenths < 600 {
            let (whole, rest) = (seconds * 10 + tenths).quotientAndRemainder(dividingBy: 10)
            return "\(sign)\(whole)\(rest == 0 ? "" : ".\(rest)")s"
        }
        return sign + Self.text(ofSeconds: seconds + Self.rounded(attoseconds, by: 1_000_000_000_000_000_000))
    }

    private static func text(ofSeconds seconds: UInt64) -> String {
        var (text, rest) = ("", seconds)
        for (length, unit) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] as [(UInt64, String)]
        where rest >= length {
            text += "\(rest / length)\(unit)"
            rest %= length
        }
        return text
    }

    private static func rounded(_ attoseconds: UInt64, by unit: UInt64) -> UInt64 {
        (attoseconds + unit / 2) / unit
    }
}
