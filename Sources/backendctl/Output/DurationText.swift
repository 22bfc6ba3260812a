// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Durations as they are written out.
package enum DurationText {
    /// As protobuf's JSON has it: seconds with none, three, six or nine digits of a fraction.
    package static func json(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = (attoseconds / 1_000_000_000).magnitude
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("000") { digits.removeLast(3) }
        return "\(sign)\(seconds.magnitude)\(digits.isEmpty ? "" : ".")\(digits)s"
    }
}
