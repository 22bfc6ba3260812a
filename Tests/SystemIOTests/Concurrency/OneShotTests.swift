// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct OneShotTests {
    @Test func `a value that is set before is there at once`() async {
        let shot = OneShot<Int>()
        #expect(!shot.isSet && shot.current == nil)
        #expect(shot.set(1))
        #expect(shot.isSet && shot.current == 1)
        #expect(await shot.value() == 1)
        #expect(await shot.value() == 1)
    }

    @Test func `a value that is set later wakes the task that waits`() async {
        let shot = OneShot<Int>()
        let waiting = Task.immediate { await shot.value() }
        #expect(shot.set(2))
        #expect(await waiting.value == 2)
    }

    @Test func `the first value stays`() async {
        let shot = OneShot<Int>()
        #expect(shot.set(1))
        #expect(!shot.set(2))
        #expect(await shot.value() == 1)
    }

    @Test func `cancelling ends the wait, and the value can be awaited again`() async {
        let shot = OneShot<Int>()
        let waiting = Task.immediate { await shot.value() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(shot.set(3))
        #expect(await shot.value() == 3)
    }

    @Test func `a task that was cancelled before gets a value that is set, and does not wait for another`() async {
        let (shot, cancelled) = (OneShot<Int>(), AsyncSignal<Void>())
        let early = Task {
            await cancelled.wait()
            let before = await shot.value()
            shot.set(4)
            return (before, await shot.value())
        }
        early.cancel()
        cancelled.send()
        #expect(await early.value == (nil, 4))
    }

    @Test func `a wait despite cancellation ends with the value`() async {
        let shot = OneShot<Int>()
        let waiting = Task { await shot.valueDespiteCancellation() }
        await Task.yield()
        waiting.cancel()
        await Task.yield()
        #expect(shot.set(5))
        #expect(await waiting.value == 5)
    }

    @Test func `of a value and a cancellation at the same time one wakes the task`() async {
        for _ in 0..<500 {
            let shot = OneShot<Int>()
            let waiting = Task { await shot.value() }
            async let set = Task { shot.set(1) }.value
            waiting.cancel()
            #expect(await set)
            #expect([nil, 1].contains(await waiting.value))
            #expect(shot.current == 1)
        }
    }
}
