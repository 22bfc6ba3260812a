// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct EventLoopFlushTests {
    @Test func `a flush comes once, after the jobs of the turn`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<String>()
            loop.execute {
                loop.flushLater(FlushProbe { order.append("flush") })
                loop.execute { order.append("job") }
            }
            #expect(await order.wait(for: 2) == ["job", "flush"])
            await loop.run {}
            #expect(order.elements == ["job", "flush"])
        }
    }

    @Test func `jobs that a flush makes run, and may flush again`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<Int>()
            await loop.run { Self.chain(loop, 0, order) }
            #expect(await order.wait(for: 20) == Array(0..<20))
        }
    }

    private static func chain(_ loop: EventLoop, _ number: Int, _ order: Recorder<Int>) {
        guard number < 20 else { return }
        loop.flushLater(
            FlushProbe {
                order.append(number)
                loop.execute { chain(loop, number + 1, order) }
            })
    }

    @Test func `a flush may ask for another flush`() async throws {
        try await withEventLoop { loop in
            let order = Recorder<Int>()
            await loop.run {
                loop.flushLater(
                    FlushProbe {
                        order.append(1)
                        loop.flushLater(FlushProbe { order.append(2) })
                    })
            }
            #expect(await order.wait(for: 2) == [1, 2])
        }
    }

    @Test func `a flush that was asked for comes before the end`() throws {
        let loop = try EventLoop(name: "test")
        let order = Recorder<Int>()
        loop.execute {
            loop.stop()
            loop.flushLater(FlushProbe { order.append(1) })
        }
        loop.run()
        #expect(order.elements == [1])
    }

    @Test func `what a handler collects is flushed in the same turn`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try await withEventLoop { loop in
            let order = Recorder<String>()
            try await loop.run {
                _ = try loop.register(
                    number, interest: .read,
                    handler: Probe { _ in
                        order.append("ready")
                        loop.flushLater(FlushProbe { order.append("flush") })
                    })
            }
            try await peer.send([1])
            #expect(await order.wait(for: 4).prefix(4) == ["ready", "flush", "ready", "flush"])
        }
        _ = consume descriptor
    }
}
