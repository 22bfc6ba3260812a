// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct EventLoopTimerTests {
    @Test func `timers fire in the order of their deadlines, none early`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<(Int, UInt64)>()
            let start = await loop.run {
                for delay in [30, 10, 20, 10] {
                    loop.schedule(after: .milliseconds(delay)) {
                        fired.append((delay, MonotonicClock.nowNanoseconds))
                    }
                }
                return loop.nowNanoseconds
            }
            let seen = await fired.wait(for: 4)
            #expect(seen.map(\.0) == [10, 10, 20, 30])
            for (delay, time) in seen { #expect(time >= start + UInt64(delay) * 1_000_000) }
        }
    }

    @Test func `a cancelled timer does not fire`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<Int>()
            await loop.run {
                let first = loop.schedule(after: .milliseconds(1)) { fired.append(1) }
                loop.schedule(after: .milliseconds(2)) { fired.append(2) }
                loop.cancel(first)
                loop.cancel(first)
            }
            #expect(await fired.wait(for: 1) == [2])
        }
    }

    @Test func `a timer may cancel another one that is due in the same turn`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<Int>()
            await loop.run {
                let deadline = loop.nowNanoseconds
                var second: TimerToken?
                loop.schedule(at: deadline) {
                    fired.append(1)
                    if let second { loop.cancel(second) }
                }
                second = loop.schedule(at: deadline) { fired.append(2) }
                loop.schedule(at: deadline) { fired.append(3) }
            }
            #expect(await fired.wait(for: 2) == [1, 3])
        }
    }

    @Test func `a timer that sets itself again does not stop the loop`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<Int>()
            await loop.run { Self.again(loop, 0, fired) }
            #expect(await fired.wait(for: 100).prefix(100) == (0..<100).map { $0 }[...])
        }
    }

    private static func again(_ loop: EventLoop, _ number: Int, _ fired: Recorder<Int>) {
        guard number < 100 else { return }
        loop.schedule(after: .zero) {
            fired.append(number)
            again(loop, number + 1, fired)
        }
    }

    @Test func `a timer beyond all time neither fires nor overflows`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<Int>()
            await loop.run {
                loop.schedule(after: .seconds(Int64.max)) { fired.append(1) }
                loop.schedule(at: .max) { fired.append(2) }
                loop.schedule(after: .seconds(-5)) { fired.append(3) }
            }
            #expect(await fired.wait(for: 1) == [3])
            await loop.run {}
            #expect(fired.elements == [3])
        }
    }

    @Test func `a timer's closure may let go of what cancels another one`() async throws {
        final class Owner {
            let loop: EventLoop
            let token: TimerToken
            init(loop: EventLoop) {
                self.loop = loop
                token = loop.schedule(after: .seconds(1_000)) {}
            }
            deinit { loop.cancel(token) }
        }
        try await withEventLoop { loop in
            await loop.run {
                let owner = Owner(loop: loop)
                let token = loop.schedule(after: .seconds(1_000)) { _ = owner.token }
                loop.cancel(token)
            }
            let fired = AsyncSignal<Void>()
            await loop.run {
                let owner = Owner(loop: loop)
                loop.schedule(after: .zero) { [owner] in
                    _ = owner.token
                    fired.send()
                }
            }
            await fired.wait()
        }
    }

    @Test func `the time of a turn stands still`() async throws {
        try await withEventLoop { loop in
            let (first, second, real) = await loop.run {
                let first = loop.nowNanoseconds
                while MonotonicClock.nowNanoseconds == first {}
                return (first, loop.nowNanoseconds, MonotonicClock.nowNanoseconds)
            }
            #expect(first == second)
            #expect(real > second)
        }
    }

    @Test func `ten thousand timers fire`() async throws {
        try await withEventLoop { loop in
            let fired = Recorder<Int>()
            await loop.run {
                for number in 0..<10_000 {
                    loop.schedule(after: .microseconds(number % 100)) { fired.append(number) }
                }
            }
            #expect(await fired.wait(for: 10_000).sorted() == Array(0..<10_000))
        }
    }
}
