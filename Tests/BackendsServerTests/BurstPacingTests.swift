// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsServer
import Testing

@Suite struct BurstPacingTests {
    private let start = ContinuousClock.now
    private var pacing = BurstPacing()

    @Test mutating func `what happens now and then goes out at once`() {
        for second in 0..<100 {
            let now = start + .milliseconds(second * 250)
            #expect(pacing.pause(at: now) == .zero)
            pacing.sent(at: now)
        }
    }

    @Test mutating func `a burst begins at once and goes on with one message for each interval`() {
        for _ in 0..<BurstPacing.burst {
            #expect(pacing.pause(at: start) == .zero)
            pacing.sent(at: start)
        }
        #expect(pacing.pause(at: start) == BurstPacing.interval)
        let next = start + BurstPacing.interval
        #expect(pacing.pause(at: next) == .zero)
        pacing.sent(at: next)
        #expect(pacing.pause(at: next) == BurstPacing.interval)
    }

    @Test mutating func `messages that could not wait cost no more than the usual pause`() {
        for _ in 0..<1000 { pacing.sent(at: start) }
        #expect(pacing.pause(at: start) == BurstPacing.interval)
        #expect(pacing.pause(at: start + BurstPacing.interval * BurstPacing.burst) == .zero)
    }

    @Test mutating func `after a rest a whole burst may go out again`() {
        for _ in 0..<BurstPacing.burst { pacing.sent(at: start) }
        let later = start + BurstPacing.interval * BurstPacing.burst
        for _ in 0..<BurstPacing.burst {
            #expect(pacing.pause(at: later) == .zero)
            pacing.sent(at: later)
        }
        #expect(pacing.pause(at: later) > .zero)
    }
}
