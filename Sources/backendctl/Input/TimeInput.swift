// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import SystemIO

/// A time in the form that users write: how long ago it was, `10m`, or as RFC 3339 text, `2026-11-23T04:05:06Z`.
package enum TimeInput: Hashable, Sendable {
    case ago(Duration)
    case at(Timestamp)

    package init(_ text: String) throws(CommandFailure) {
        guard text.utf8.prefix(5).last == UInt8(ascii: "-") else {
            self = .ago(try DurationInput.duration(text))
            return
        }
        guard let timestamp = Self.timestamp(text) else {
            throw .usage(
                "TIME_INVALID",
                "\(text.debugDescription) is not a time; write 2026-11-23T04:05:06Z, or how long ago it was, such as 10m"
            )
        }
        self = .at(timestamp)
    }

    /// Returns the time, given the current time.
    package func timestamp(now: Timestamp) -> Timestamp {
        switch self {
        case .ago(let duration): now.before(duration)
        case .at(let timestamp): timestamp
        }
    }

    /// The same for an option of the command line.
    static let transform: @Sendable (String) throws -> TimeInput = { try TimeInput($0) }

    /// Reads `2026-11-23T04:05:06.789+01:00`; a date alone is its midnight in UTC.
    private static func timestamp(_ text: String) -> Timestamp? {
        var rest = Substring(text)
        guard let date = numbers(&rest, "-", lengths: [4, 2, 2]),
            let day = CivilDate(year: Int(date[0]), month: Int(date[1]), day: Int(date[2]))
        else { return nil }
        let midnight = day.daysSinceEpoch * 86_400
        if rest.isEmpty { return Timestamp(seconds: midnight) }
        guard let separator = rest.popFirst(), "Tt ".contains(separator),
            let time = numbers(&rest, ":", lengths: [2, 2, 2]), time[0] < 24, time[1] < 60, time[2] <= 60,
            let nanoseconds = fraction(&rest), let offset = offset(rest)
        else { return nil }
        return Timestamp(
            seconds: midnight + time[0] * 3600 + time[1] * 60 + time[2] - offset, nanoseconds: nanoseconds)
    }

    /// Removes numbers of these lengths, with a character between them, from the beginning.
    private static func numbers(_ rest: inout Substring, _ separator: Character, lengths: [Int]) -> [Int64]? {
        var numbers: [Int64] = []
        for length in lengths {
            if !numbers.isEmpty { guard rest.popFirst() == separator else { return nil } }
            let digits = rest.prefix(length)
            guard digits.utf8.count == length, isNumber(digits), let number = Int64(digits) else { return nil }
            numbers.append(number)
            rest = rest.dropFirst(length)
        }
        return numbers
    }

    private static func isNumber(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Removes the fraction of a second from the beginning, and returns it in nanoseconds.
    private static func fraction(_ rest: inout Substring) -> Int32? {
        guard rest.first == "." else { return 0 }
        let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        return Int32(digits.prefix(9) + String(repeating: "0", count: max(0, 9 - digits.count)))
    }

    /// Returns the number of seconds that a time is ahead of UTC.
    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        var rest = text.dropFirst()
        guard let sign = text.first, "+-".contains(sign), let parts = numbers(&rest, ":", lengths: [2, 2]),
            rest.isEmpty,
            parts[0] < 24, parts[1] < 60
        else { return nil }
        return (parts[0] * 3600 + parts[1] * 60) * (sign == "-" ? -1 : 1)
    }
}
