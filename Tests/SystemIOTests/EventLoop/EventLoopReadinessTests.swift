// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct EventLoopReadinessTests {
    @Test func `a readable descriptor is told, again while it is`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            let seen = Recorder<ReadyEvents>()
            let registration = try await loop.run {
                try loop.register(number, interest: .read, handler: Probe { seen.append($0) })
            }
            try await peer.send([1])
            #expect(await seen.wait(for: 3).prefix(3) == [.readable, .readable, .readable])
            await loop.run { loop.deregister(registration) }
        }
        _ = consume descriptor
    }

    @Test func `a writable descriptor is told only when asked for`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            let seen = Recorder<ReadyEvents>()
            let registration = try await loop.run {
                try loop.register(number, interest: .read, handler: Probe { seen.append($0) })
            }
            await loop.run { loop.update(registration, interest: [.read, .write]) }
            #expect(await seen.wait(for: 1).first == .writable)
            let count = await loop.run {
                loop.update(registration, interest: .read)
                loop.update(registration, interest: .read)
                return seen.elements.count
            }
            try await peer.send([1])
            #expect(await seen.wait(for: count + 1)[count] == .readable)
            await loop.run { loop.deregister(registration) }
        }
        _ = consume descriptor
    }

    @Test func `a handler that reads is told of a peer that stops sending`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            let seen = Recorder<ReadyEvents>()
            let registration = try await loop.run {
                try loop.register(number, interest: .read, handler: Probe { seen.append($0) })
            }
            try peer.shutdownWrite()
            #expect(await seen.wait(for: 1).first == [.readable, .peerClosedWrite])
            await loop.run { loop.deregister(registration) }
        }
        _ = consume descriptor
    }

    @Test func `a peer that stops sending does not keep a handler busy that does not read`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try peer.shutdownWrite()
        try await withEventLoop { loop in
            let seen = Recorder<ReadyEvents>()
            let registration = try await loop.run {
                try loop.register(number, interest: [], handler: Probe { seen.append($0) })
            }
            // The timer's turn comes after one in which the descriptor was looked at.
            let turned = AsyncSignal<Void>()
            await loop.run { loop.schedule(after: .milliseconds(1)) { turned.send() } }
            await turned.wait()
            #expect(seen.elements.isEmpty)
            await loop.run { loop.update(registration, interest: .read) }
            #expect(await seen.wait(for: 1).first == [.readable, .peerClosedWrite])
        }
        _ = consume descriptor
    }

    @Test func `a peer that is gone is told as a hangup`() async throws {
        let (first, second) = try UnixSocket.socketPair().take()
        let descriptor = FileDescriptor(adopting: first)
        try await withEventLoop { loop in
            let seen = Recorder<ReadyEvents>()
            let registration = try await loop.run {
                try loop.register(first, interest: [], handler: Probe { seen.append($0) })
            }
            _ = FileDescriptor(adopting: second)
            #expect(await seen.wait(for: 1).first == .hangup)
            await loop.run { loop.deregister(registration) }
        }
        _ = consume descriptor
    }

    @Test func `a stale event does not reach the handler that got the place afterwards`() async throws {
        let pairs = try (0..<3).map { _ in try RawPeer.pair() }
        let descriptors = pairs.map(\.1)
        try await pairs[0].0.send([1])
        try await pairs[1].0.send([1])
        try await withEventLoop { loop in
            let seen = Recorder<String>()
            let third: Registration = try await loop.run {
                let places = Places()
                // Both are ready, so one batch tells both. The first one ends the other, whose place the third gets.
                for index in 0...1 {
                    let handler = Probe { _ in
                        seen.append("one of two")
                        places.end(on: loop)
                        places.third = try? loop.register(
                            descriptors[2], interest: .read, handler: Probe { _ in seen.append("third") })
                    }
                    places.pair.append(try loop.register(descriptors[index], interest: .read, handler: handler))
                }
                return places.pair[0]
            }
            _ = await seen.wait(for: 1)
            await loop.run {}
            await loop.run {}
            #expect(seen.elements == ["one of two"])
            try await pairs[2].0.send([1])
            #expect(await seen.wait(for: 2)[1] == "third")
            _ = third
        }
        for number in descriptors { _ = FileDescriptor(adopting: number) }
    }

    private final class Places {
        var pair: [Registration] = []
        var third: Registration?

        func end(on loop: EventLoop) {
            for registration in pair { loop.deregister(registration) }
            pair = []
        }
    }

    @Test func `a descriptor that was registered can be registered again`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await peer.send([1])
        try await withEventLoop { loop in
            let seen = Recorder<Int>()
            try await loop.run {
                let first = try loop.register(number, interest: .read, handler: Probe { _ in seen.append(1) })
                loop.deregister(first)
                let second = try loop.register(number, interest: .read, handler: Probe { _ in seen.append(2) })
                #expect(first != second)
            }
            #expect(await seen.wait(for: 1)[0] == 2)
        }
        _ = consume descriptor
    }

    @Test func `one descriptor has one registration at a time`() async throws {
        let (_, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            await #expect(throws: SystemError.self) {
                try await loop.run { () throws(SystemError) in
                    _ = try loop.register(number, interest: .read, handler: Probe { _ in })
                    _ = try loop.register(number, interest: .read, handler: Probe { _ in })
                }
            }
        }
        _ = consume descriptor
    }

    @Test func `a handler may end its own registration, and is let go of`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await peer.send([1])
        try await withEventLoop { loop in
            let ended = AsyncSignal<Bool>()
            try await loop.run {
                let place = Places()
                let handler = Probe { _ in place.end(on: loop) }
                place.pair = [try loop.register(number, interest: .read, handler: handler)]
                weak let weakHandler = handler
                loop.schedule(after: .zero) {
                    // Timers of a turn come after its handlers.
                    ended.send(weakHandler == nil)
                }
            }
            #expect(await ended.wait())
        }
        _ = consume descriptor
    }

    @Test func `a flood of jobs does not keep descriptors waiting`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            let done = AsyncSignal<Void>()
            try await loop.run {
                _ = try loop.register(number, interest: .read, handler: Probe { _ in done.send() })
                Self.flood(loop, until: done)
            }
            try await peer.send([1])
            await done.wait()
        }
        _ = consume descriptor
    }

    @Test func `a flood of jobs does not keep timers waiting`() async throws {
        try await withEventLoop { loop in
            let done = AsyncSignal<Void>()
            await loop.run {
                loop.schedule(after: .milliseconds(1)) { done.send() }
                Self.flood(loop, until: done)
            }
            await done.wait()
        }
    }

    private static func flood(_ loop: EventLoop, until done: AsyncSignal<Void>) {
        guard done.value == nil else { return }
        loop.execute { flood(loop, until: done) }
    }

    @Test func `ending a registration twice traps`() async {
        await #expect(processExitsWith: .failure) {
            let pair = try UnixSocket.socketPair()
            let number = pair.first.rawValue
            let loop = try EventLoop(name: "test")
            loop.execute {
                guard let registration = try? loop.register(number, interest: .read, handler: Probe { _ in }) else {
                    return
                }
                loop.deregister(registration)
                loop.deregister(registration)
            }
            loop.execute { loop.stop() }
            loop.run()
            _ = consume pair
        }
    }
}
