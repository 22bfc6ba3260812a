// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(1))) struct DoorbellTests {
    @Test func `a bell that was rung before the wait does not make it wait, and is answered once`() throws {
        let bell = try Doorbell()
        bell.ring()
        bell.ring()
        bell.wait(timeout: nil)
        let start = MonotonicClock.nowNanoseconds
        bell.wait(timeout: .milliseconds(20))
        #expect(MonotonicClock.nowNanoseconds - start >= 19_000_000)
    }

    @Test func `a ring wakes the thread that waits, each time`() async throws {
        let bell = try Doorbell()
        let (waits, rings) = (Recorder<Int>(), 100)
        try BlockingWork.start("bell") {
            for index in 0..<rings {
                bell.wait(timeout: nil)
                waits.append(index)
            }
        }
        for index in 0..<rings {
            bell.ring()
            _ = await waits.wait(for: index + 1)
        }
        #expect(waits.elements == Array(0..<rings))
    }
}
