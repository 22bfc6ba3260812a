// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct FirstOfTests {
    private struct Failure: Error, Equatable {}

    @Test func `the first result is returned, and the others are cancelled and awaited`() async {
        let (never, ended) = (OneShot<Void>(), OneShot<Bool>())
        let slow: @Sendable () async -> Int = {
            ended.set(await never.value() == nil)
            return 2
        }
        let first = await firstOf({ 1 }, slow)
        #expect(first == 1)
        #expect(ended.current == true)
    }

    @Test func `an error that comes first is thrown`() async {
        let never = OneShot<Int>()
        let error = await #expect(throws: Failure.self) {
            try await firstOf({ throw Failure() }, { await never.value() ?? 0 })
        }
        #expect(error == Failure())
    }

    @Test func `cancelling the caller cancels all`() async {
        let (one, other) = (OneShot<Int>(), OneShot<Int>())
        let caller = Task { await firstOf({ await one.value() }, { await other.value() }) }
        await Task.yield()
        caller.cancel()
        #expect(await caller.value == nil)
    }

    @Test func `work that ends within its time returns its result, and nothing expires`() async {
        let expired = OneShot<Void>()
        let value = await withDeadline(after: .seconds(3600), expired: { expired.set(()) }) { 5 }
        #expect(value == 5)
        #expect(!expired.isSet)
    }

    @Test func `work that takes too long is ended by what expires`() async {
        let reply = OneShot<Int>()
        let value = await withDeadline(after: .seconds(9), sleep: { _ in }, expired: { reply.set(6) }) {
            await reply.value()
        }
        #expect(value == 6)
    }

    @Test func `an error of the work is thrown`() async {
        await #expect(throws: Failure.self) {
            try await withDeadline(after: .seconds(3600), expired: {}) { () async throws(Failure) in throw Failure() }
        }
    }

    @Test func `a caller that is cancelled ends its work, and nothing expires`() async {
        let (reply, expired) = (OneShot<Int>(), OneShot<Void>())
        let caller = Task {
            await withDeadline(after: .seconds(3600), expired: { expired.set(()) }) { await reply.value() }
        }
        await Task.yield()
        caller.cancel()
        #expect(await caller.value == nil)
        #expect(!expired.isSet)
    }
}
