// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct DurationTests {
    @Test(
        arguments: [
            (Duration.zero, 0),
            (.nanoseconds(1), 1),
            (.microseconds(3), 3_000),
            (.seconds(2), 2_000_000_000),
            (Duration(secondsComponent: 0, attosecondsComponent: 1), 1),
            (Duration(secondsComponent: 1, attosecondsComponent: 1_000_000_001), 1_000_000_002),
            (.seconds(-1), 0),
            (.nanoseconds(-1), 0),
            (.seconds(Int64.max), .max),
        ] as [(Duration, UInt64)])
    func `nanoseconds are rounded up and clamped`(duration: Duration, expected: UInt64) {
        #expect(duration.clampedNanoseconds == expected)
    }

    @Test(
        arguments: [
            (.zero, "0s"), (.nanoseconds(1), "1ms"), (.nanoseconds(-1), "-1ms"), (.milliseconds(250), "250ms"),
            (.microseconds(999_600), "1s"), (.milliseconds(1500), "1.5s"), (.seconds(20), "20s"),
            (.nanoseconds(4_998_123_456), "5s"), (.milliseconds(59_960), "1m"), (.seconds(90), "1m30s"),
            (.milliseconds(89_600), "1m30s"), (.seconds(600), "10m"), (.seconds(3600), "1h"),
            (.seconds(90_061), "1d1h1m1s"), (.seconds(-1), "-1s"), (.milliseconds(-3_600_000), "-1h"),
            (.seconds(Int64.max), "106751991167300d15h30m7s"), (.seconds(Int64.min), "-106751991167300d15h30m8s"),
        ] as [(Duration, String)])
    func `a duration is named as a person writes it`(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test func `the monotonic clock does not go back`() {
        let first = MonotonicClock.nowNanoseconds
        #expect(MonotonicClock.nowNanoseconds >= first)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.005Z"), (951_782_400, "2000-02-29T00:00:00.005Z"),
            (-1, "1969-12-31T23:59:59.005Z"),
            (253_402_300_799, "9999-12-31T23:59:59.005Z"), (253_402_300_800, "253402300800s"),
            (-62_135_596_801, "-62135596801s"), (.max, "9223372036854775807s"), (.min, "-9223372036854775808s"),
        ] as [(Int64, String)])
    func `a moment is written as in RFC 3339, or in seconds if that has no text for it`(
        seconds: Int64, text: String
    ) {
        #expect(WallClock.Instant(seconds: seconds, nanoseconds: 5_000_000).rfc3339 == text)
    }

    @Test func `the wall clock is later than the year 2025`() {
        #expect(WallClock.now.seconds > 1_735_689_600)
        #expect((0..<1_000_000_000).contains(WallClock.now.nanoseconds))
    }
}
