// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension Duration {
    /// The duration as a message names it: `250ms`, `1.5s`, `1m30s`, `2h`.
    ///
    /// It is rounded to milliseconds below one second, to tenths of a second below one minute, and to seconds above. Only zero
    /// is `0s`.
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
