// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct EventLoopTests {
    @Test func `a closure runs on the loop`() async throws {
        try await withEventLoop { loop in
            #expect(await loop.run { loop.isCurrent })
            #expect(!loop.isCurrent)
        }
    }

    @Test func `an error of a closure comes back`() async throws {
        struct Failure: Error, Equatable {}
        try await withEventLoop { loop in
            await #expect(throws: Failure()) {
                try await loop.run { () throws(Failure) in throw Failure() }
            }
        }
    }

    @Test func `closures of one thread run in the order they were given`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<Int>()
            for number in 0..<10_000 { loop.execute { order.append(number) } }
            #expect(await order.wait(for: 10_000) == Array(0..<10_000))
        }
    }

    @Test func `closures given on the loop run after those given before`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<Int>()
            loop.execute {
                loop.execute { order.append(2) }
                loop.execute { order.append(3) }
                order.append(1)
            }
            #expect(await order.wait(for: 3) == [1, 2, 3])
        }
    }

    @Test func `many threads can give closures at once`() async throws {
        try await withEventLoop { loop in
            let total = LoopBound(sending: Counter(), on: loop)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<1_000 { loop.execute { total.withValue { $0.value += 1 } } }
                        await loop.run {}
                    }
                }
            }
            #expect(await loop.run { total.withValue { $0.value } } == 8_000)
        }
    }

    private final class Counter {
        var value = 0
    }

    @Test func `a task that prefers the loop stays on it`() async throws {
        try await withEventLoop { loop in
            let task = Task(executorPreference: loop) {
                let before = loop.isCurrent
                await Task.yield()
                let after = loop.isCurrent
                _ = await Task.detached { 1 }.value
                async let child = loop.isCurrent
                return [before, after, loop.isCurrent, await child]
            }
            #expect(await task.value == [true, true, true, true])
        }
    }

    @Test func `an immediate task that prefers the loop starts at once`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<Int>()
            let done = AsyncSignal<Bool>()
            loop.execute {
                Task.immediate(executorPreference: loop) {
                    order.append(1)
                    await Task.yield()
                    order.append(3)
                    done.send(loop.isCurrent)
                }
                order.append(2)
            }
            #expect(await done.wait())
            #expect(order.elements == [1, 2, 3])
        }
    }

    @Test func `an actor with the loop as its executor runs on it`() async throws {
        try await withEventLoop { loop in
            let actor = LoopActor(loop: loop)
            #expect(await actor.increment())
            #expect(await actor.incrementAfterSuspension())
            #expect(await loop.run { actor.assumeIsolated { $0.count } } == 2)
        }
    }

    @Test func `stopping finishes what is queued`() throws {
        let loop = try EventLoop(name: "test")
        let order = Recorder<Int>()
        for number in 0..<5_000 {
            loop.execute {
                order.append(number)
                if number == 4_999 { loop.execute { order.append(5_000) } }
            }
        }
        try loop.start()
        loop.stop()
        loop.join()
        #expect(order.elements == Array(0...5_000))
        #expect(!loop.isCurrent)
    }

    @Test func `a loop can run on the thread of its caller`() throws {
        let loop = try EventLoop(name: "test")
        let order = Recorder<Bool>()
        loop.execute {
            order.append(loop.isCurrent)
            loop.stop()
        }
        loop.run()
        #expect(order.elements == [true])
    }

    @Test func `joining twice, or what never started, is fine`() throws {
        let loop = try EventLoop(name: "test")
        loop.join()
        try loop.start()
        loop.stop()
        loop.stop()
        loop.join()
        loop.join()
    }

    @Test func `the end lets go of handlers, timers and closures`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        let gone = Recorder<Int>()
        try await withEventLoop { loop in
            try await loop.run {
                let handler = Farewell { gone.append(1) }
                _ = try loop.register(number, interest: .read, handler: Probe { _ in handler.use() })
                let timer = Farewell { gone.append(2) }
                loop.schedule(after: .seconds(1_000)) { timer.use() }
                let closure = Farewell { gone.append(3) }
                loop.execute { closure.use() }
            }
        }
        #expect(gone.elements.sorted() == [1, 2, 3])
        _ = consume descriptor
        #expect(try await peer.receiveToEnd().isEmpty)
    }

    private final class Farewell: Sendable {
        private let onEnd: @Sendable () -> Void

        init(_ onEnd: @escaping @Sendable () -> Void) {
            self.onEnd = onEnd
        }

        func use() {}

        deinit {
            onEnd()
        }
    }

    @Test func `an idle loop uses no processor time`() async throws {
        try await withEventLoop { loop in
            let before = await loop.run { TestProcess.threadNanoseconds }
            _ = try await onThread {
                let pair = try UnixSocket.socketPair()
                return try pair.first.wait(for: .read, timeout: .milliseconds(200))
            }
            let used = await loop.run { TestProcess.threadNanoseconds } - before
            // A turn that spun would have used up most of the time.
            #expect(used < 50_000_000)
        }
    }

    @Test func `a loop that spins before it sleeps works the same`() async throws {
        try await withEventLoop(spin: .microseconds(200)) { loop in
            let order = Recorder<Int>()
            for number in 0..<100 {
                await loop.run { loop.schedule(after: .microseconds(10)) { order.append(number) } }
                _ = await order.wait(for: number + 1)
            }
            #expect(order.elements == Array(0..<100))
        }
    }

    @Test func `what belongs to the loop traps elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "test")
            loop.schedule(after: .zero) {}
        }
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "test")
            loop.checkIsolated()
        }
    }
}
