// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct BackgroundTests {
    @Test(arguments: [Duration.seconds(-1), .zero, .nanoseconds(1), .milliseconds(20)])
    func `a task sleeps for as long as it asks for`(duration: Duration) async throws {
        let start = MonotonicClock.nowNanoseconds
        try await Background.sleep(for: duration)
        #expect(MonotonicClock.nowNanoseconds - start >= duration.clampedNanoseconds)
    }

    @Test func `a task that is cancelled wakes up at once`() async {
        let sleeper = Task { try await Background.sleep(for: .seconds(1 << 40)) }
        await Task.yield()
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func `a task that was cancelled before does not sleep`() async {
        let cancelled = AsyncSignal<Void>()
        let sleeper = Task {
            await cancelled.wait()
            try await Background.sleep(for: .seconds(1 << 40))
        }
        sleeper.cancel()
        cancelled.send(())
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func `many tasks sleep at a time, and those that are cancelled as their time is over wake up once`() async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { (try? await Background.sleep(for: .microseconds(number % 7 * 100))) != nil }
            }
            try? await Background.sleep(for: .microseconds(300))
            group.cancelAll()
            var woken = 0
            for await _ in group { woken += 1 }
            #expect(woken == 200)
        }
    }
}
