// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct OwnedTasksTests {
    @Test func `the owner waits for all tasks, also for those that a task begins`() async {
        let (tasks, ended) = (OwnedTasks(), Recorder<Int>())
        tasks.spawn {
            ended.append(1)
            tasks.spawn { ended.append(2) }
        }
        await tasks.waitForAll()
        #expect(ended.elements == [1, 2])
    }

    @Test func `an owner without tasks does not wait`() async {
        await OwnedTasks().waitForAll()
    }

    @Test func `a task that is cancelled before it begins is cancelled from its first line`() async {
        let (tasks, seen) = (OwnedTasks(), Recorder<Bool>())
        let id = tasks.reserve()
        tasks.cancel(id)
        tasks.begin(id) {
            // The task may run before it is known to its owner.
            while !Task.isCancelled { await Task.yield() }
            seen.append(true)
        }
        await tasks.waitForAll()
        #expect(seen.elements == [true])
    }

    @Test func `a task that runs is cancelled by its place, and one that has ended is not`() async {
        let (tasks, never) = (OwnedTasks(), Announcement<Void>())
        let id = tasks.reserve()
        tasks.begin(id) { _ = await never.value() }
        tasks.cancel(id)
        await tasks.waitForAll()
        tasks.cancel(id)
    }

    @Test func `the owner waits for a place that is reserved until its task has run`() async {
        let (tasks, ended) = (OwnedTasks(), Announcement<Void>())
        let id = tasks.reserve()
        let waiter = Task {
            await tasks.waitForAll(); return ended.current != nil
        }
        tasks.begin(id) { ended.set(()) }
        #expect(await waiter.value)
    }

    @Test func `once all are cancelled, later tasks are cancelled as they begin`() async {
        let (tasks, never) = (OwnedTasks(), Announcement<Void>())
        tasks.spawn { _ = await never.value() }
        tasks.cancelAll()
        tasks.spawn { _ = await never.value() }
        await tasks.waitForAll()
    }

    @Test func `no more tasks run than the limit, however many threads ask`() async {
        let (tasks, end, refused) = (OwnedTasks(), Announcement<Void>(), Recorder<Void>())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    if tasks.spawn(limit: 8, { _ = await end.value() }) == nil { refused.append(()) }
                }
            }
        }
        #expect(refused.elements.count == 42)
        end.set(())
        await tasks.waitForAll()
        #expect(tasks.spawn(limit: 1) {} != nil)
        await tasks.waitForAll()
    }
}
