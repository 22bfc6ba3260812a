// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite struct EventLoopTests {
    @Test func `a closure runs on the loop`() async throws {
        try await withEventLoop { loop in
            let here = await loop.run { loop.isCurrent }
            #expect(here)
            #expect(!loop.isCurrent)
        }
    }
    @Test func `a task with the loop as its preference runs on it`() async throws {
        try await withEventLoop { loop in
            let task = Task(executorPreference: loop) {
                let first = loop.isCurrent
                await Task.yield()
                return first && loop.isCurrent
            }
            #expect(await task.value)
        }
    }
    @Test func `timers`() async throws {
        try await withEventLoop { loop in
            let r = Recorder<Int>()
            await loop.run {
                loop.schedule(after: .milliseconds(3)) { r.append(3) }
                loop.schedule(after: .milliseconds(1)) { r.append(1) }
            }
            #expect(await r.wait(for: 2) == [1, 3])
        }
    }
}
