// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

@Suite struct TimerQueueTests {
    @Test func `timers come in the order of their deadlines`() {
        var timers = TimerQueue<Int>()
        for deadline in [5, 1, 4, 2, 3] { _ = timers.add(deadline: UInt64(deadline), deadline) }
        #expect(timers.nextDeadline == 1)
        #expect(drained(&timers, at: 10) == [1, 2, 3, 4, 5])
        #expect(timers.nextDeadline == nil)
    }

    @Test func `timers of one deadline come in the order they were added`() {
        var timers = TimerQueue<Int>()
        for value in 0..<50 { _ = timers.add(deadline: 7, value) }
        #expect(drained(&timers, at: 7) == Array(0..<50))
    }

    @Test func `a timer does not come before its deadline`() {
        var timers = TimerQueue<Int>()
        _ = timers.add(deadline: 7, 1)
        #expect(timers.popDue(now: 6) == nil)
        #expect(timers.popDue(now: 7) == 1)
    }

    @Test func `a cancelled timer does not come`() {
        var timers = TimerQueue<Int>()
        let tokens = (0..<10).map { timers.add(deadline: UInt64($0), $0) }
        for index in [0, 4, 9, 5] { #expect(timers.cancel(tokens[index]) == index) }
        #expect(timers.count == 6)
        #expect(drained(&timers, at: 10) == [1, 2, 3, 6, 7, 8])
    }

    @Test func `a token of a timer that is gone cancels nothing`() {
        var timers = TimerQueue<Int>()
        let first = timers.add(deadline: 1, 1)
        #expect(timers.popDue(now: 1) == 1)
        let second = timers.add(deadline: 2, 2)
        #expect(timers.cancel(first) == nil)
        #expect(timers.cancel(second) == 2)
        #expect(timers.cancel(second) == nil)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `any order of adding and cancelling gives the order of a sorted list`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var timers = TimerQueue<Int>()
        var model: [(deadline: UInt64, value: Int, token: TimerToken)] = []
        for value in 0..<5_000 {
            if random.next() % 3 == 0, let victim = model.indices.randomElement(using: &random) {
                #expect(timers.cancel(model[victim].token) == model[victim].value)
                model.remove(at: victim)
            } else {
                let deadline = random.next() % 500
                model.append((deadline, value, timers.add(deadline: deadline, value)))
            }
            #expect(timers.nextDeadline == model.map(\.deadline).min())
        }
        // The sort is stable, and values grow in the order of adding.
        #expect(drained(&timers, at: .max) == model.sorted { $0.deadline < $1.deadline }.map(\.value))
    }

    private func drained(_ timers: inout TimerQueue<Int>, at now: UInt64) -> [Int] {
        var values: [Int] = []
        while let value = timers.popDue(now: now) { values.append(value) }
        return values
    }
}
