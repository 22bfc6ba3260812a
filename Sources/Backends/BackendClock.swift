// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// Where the domain gets the time from, so that tests decide it.
package protocol BackendClock: Sendable {
    /// The wall clock, for what is shown to people.
    func now() -> Timestamp

    /// The time since some moment in the past; never goes back.
    func uptime() -> Duration

    /// Waits; throws as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws(CancellationError)
}

extension BackendClock {
    package func sleep(for duration: Duration) async throws(CancellationError) {
        try await Background.sleep(for: duration)
    }
}

/// The machine's clock.
package struct SystemBackendClock: BackendClock {
    package init() {}

    package func now() -> Timestamp {
        let now = WallClock.now
        return Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }

    package func uptime() -> Duration { .nanoseconds(MonotonicClock.nowNanoseconds) }
}

/// An instant of the wall clock.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package var seconds: Int64
    /// From 0 to 999,999,999.
    package var nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// An instant in nanoseconds since 1970.
    package init(nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(
            seconds: rest < 0 ? seconds - 1 : seconds, nanoseconds: Int32(rest < 0 ? rest + 1_000_000_000 : rest))
    }

    /// Nanoseconds since 1970, as far as they can be counted.
    package var totalNanoseconds: Int64 {
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isOver ? (seconds < 0 ? .min : .max) : product + Int64(nanoseconds)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Whole microseconds since 1970, at least 1, so that it can serve as a token.
    package var microseconds: UInt64 {
        guard seconds >= 0, seconds < Int64.max / 1_000_000 else { return 1 }
        return max(1, UInt64(seconds) * 1_000_000 + UInt64(max(0, nanoseconds) / 1000))
    }

    package static func + (timestamp: Timestamp, duration: Duration) -> Timestamp { timestamp - (.zero - duration) }

    /// How long after another moment this one is.
    func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }

    package static func - (timestamp: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int64(timestamp.nanoseconds) - attoseconds / 1_000_000_000
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let borrow: Int64 = rest < 0 ? 1 : 0
        return Timestamp(
            seconds: timestamp.seconds - seconds + whole - borrow,
            nanoseconds: Int32(rest + borrow * 1_000_000_000))
    }
}

extension Duration {
    /// The duration as configurations write it, exact to the nanosecond. For what was configured or asked for; `text` is for what was
    /// measured.
    var exactText: String { ConfigDuration(self)?.description ?? text }
}

extension Timestamp: CustomStringConvertible {
    /// As RFC 3339 writes it, in UTC.
    package var description: String { WallClock.Instant(seconds: seconds, nanoseconds: nanoseconds).rfc3339 }
}
