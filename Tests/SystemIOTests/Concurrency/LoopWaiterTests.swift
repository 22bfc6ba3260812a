// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LoopWaiterTests {
    @Test func `a waiter that is resumed at once does not wait`() async throws {
        try await withEventLoop { loop in
            let value = await loop.suspend(ifCancelled: 0) { waiter in
                #expect(loop.isCurrent)
                waiter.resume(1)
                waiter.resume(2)
            }
            #expect(value == 1)
        }
    }

    @Test func `a waiter is resumed later, by the loop`() async throws {
        try await withEventLoop { loop in
            let value = await loop.suspend(ifCancelled: 0) { waiter in
                loop.schedule(after: .milliseconds(1)) { waiter.resume(3) }
            }
            #expect(value == 3)
        }
    }

    @Test(arguments: [false, true])
    func `cancelling takes back the wait and resumes the task`(isOnLoop: Bool) async throws {
        try await withEventLoop { loop in
            let (begun, events) = (AsyncSignal<Void>(), Recorder<String>())
            let task = Task(executorPreference: isOnLoop ? loop : nil) {
                await loop.suspend(ifCancelled: "cancelled") { waiter in
                    waiter.onCancel = {
                        events.append(loop.isCurrent ? "taken back" : "elsewhere")
                        waiter.resume("taken back")
                    }
                    begun.send()
                }
            }
            await begun.wait()
            task.cancel()
            #expect(await task.value == "taken back")
            #expect(events.elements == ["taken back"])
        }
    }

    @Test(arguments: [false, true])
    func `a task that was cancelled before begins and is taken back`(isOnLoop: Bool) async throws {
        try await withEventLoop { loop in
            let (cancelled, events) = (AsyncSignal<Void>(), Recorder<String>())
            let task = Task(executorPreference: isOnLoop ? loop : nil) {
                await cancelled.wait()
                return await loop.suspend(ifCancelled: "cancelled") { waiter in
                    events.append("begun")
                    waiter.onCancel = { events.append("taken back") }
                }
            }
            task.cancel()
            cancelled.send()
            #expect(await task.value == "cancelled")
            #expect(events.elements == ["begun", "taken back"])
        }
    }

    @Test func `a task that was cancelled before gets what is there`() async throws {
        try await withEventLoop { loop in
            let cancelled = AsyncSignal<Void>()
            let task = Task {
                await cancelled.wait()
                return await loop.suspend(ifCancelled: false) { $0.resume(true) }
            }
            task.cancel()
            cancelled.send()
            #expect(await task.value)
        }
    }
}
