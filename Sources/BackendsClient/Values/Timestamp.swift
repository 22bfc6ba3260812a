// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A time on the daemon's clock.
public struct Timestamp: Hashable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z; negative before.
    public let seconds: Int64
    /// The nanoseconds after the whole second, from 0 to 999,999,999.
    public let nanoseconds: Int32

    /// Makes a time.
    ///
    /// - Parameters:
    ///   - seconds: Whole seconds since 1970-01-01T00:00:00Z; negative before.
    ///   - nanoseconds: The nanoseconds after the whole second.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

extension Timestamp: Comparable {
    /// Whether the first time is earlier than the second.
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The time as RFC 3339 text, in UTC and to the millisecond: `2026-11-23T04:56:08.123Z`.
    public var description: String {
        WallClock.Instant(seconds: seconds, nanoseconds: nanoseconds).rfc3339
    }
}
