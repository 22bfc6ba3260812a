// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct AnnouncementTests {
    @Test func `a value that is set before is there at once, and a second one is ignored`() async {
        let announcement = Announcement<Int>()
        #expect(announcement.current == nil)
        announcement.set(1)
        announcement.set(2)
        #expect(announcement.current == 1)
        #expect(await announcement.value() == 1)
    }

    @Test func `a value wakes every task that waits, and those that come later`() async {
        let announcement = Announcement<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 { group.addImmediateTask { await announcement.value() } }
            announcement.set(7)
            for _ in 0..<100 { group.addTask { await announcement.value() } }
            var values: [Int?] = []
            for await value in group { values.append(value) }
            #expect(values == [Int?](repeating: 7, count: 200))
        }
    }

    @Test func `a task that is cancelled leaves the others waiting`() async {
        let announcement = Announcement<Int>()
        let one = Task.immediate { await announcement.value() }
        let other = Task.immediate { await announcement.value() }
        one.cancel()
        #expect(await one.value == nil)
        announcement.set(8)
        #expect(await other.value == 8)
    }

    @Test func `a wait despite cancellation ends with the value`() async {
        let announcement = Announcement<Int>()
        let waiting = Task { await announcement.valueDespiteCancellation() }
        await Task.yield()
        waiting.cancel()
        await Task.yield()
        announcement.set(9)
        #expect(await waiting.value == 9)
        #expect(await announcement.valueDespiteCancellation() == 9)
    }

    @Test func `a task that was cancelled before does not wait`() async {
        let (announcement, cancelled) = (Announcement<Void>(), AsyncSignal<Void>())
        let early = Task {
            await cancelled.wait()
            return await announcement.value() == nil
        }
        early.cancel()
        cancelled.send()
        #expect(await early.value)
    }
}
