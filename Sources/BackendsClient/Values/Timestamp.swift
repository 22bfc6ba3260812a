// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A moment of the daemon's clock, counted from 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable {
    /// Whole seconds; negative before 1970.
    public let seconds: Int64
    /// What comes on top of the seconds, from 0 to 999,999,999.
    public let nanoseconds: Int32

    /// Makes a moment.
    ///
    /// - Parameters:
    ///   - seconds: Whole seconds since 1970.
    ///   - nanoseconds: What comes on top.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

extension Timestamp: Comparable {
    /// Whether the first moment is the earlier one.
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment as RFC 3339 has it, in UTC and to the millisecond: `2026-11-23T04:56:08.123Z`.
    public var description: String {
        // Beyond the years 1 to 9999 there is no such text.
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return "\(seconds)s" }
        let (day, second) = seconds.dividedFloor(by: 86_400)
        let (year, month, dayOfMonth) = Self.civil(day)
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.digits($0, 2) }.joined(separator: ":")
        let milliseconds = Self.digits(Int64(nanoseconds) / 1_000_000, 3)
        return "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(dayOfMonth, 2))T\(time).\(milliseconds)Z"
    }

    /// The Gregorian date of a day, counted from 1970-01-01. Years begin in March here, so that the leap day is their last.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (day + 719_468).dividedFloor(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension Int64 {
    /// The quotient rounded down, and a remainder that is never negative.
    fileprivate func dividedFloor(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
