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

    @Test func `the monotonic clock does not go back`() {
        let first = MonotonicClock.nowNanoseconds
        #expect(MonotonicClock.nowNanoseconds >= first)
    }

    @Test func `the wall clock is later than the year 2025`() {
        #expect(WallClock.now.seconds > 1_735_689_600)
        #expect((0..<1_000_000_000).contains(WallClock.now.nanoseconds))
    }
}
