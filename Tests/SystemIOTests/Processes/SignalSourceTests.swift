// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct SignalSourceTests {
    @Test func `signals arrive on the loop`() async throws {
        try await withEventLoop { loop in
            let seen = Recorder<Signal>()
            try await loop.run { () throws(SystemError) in
                _ = try SignalSource([.user1, .user2], loop: loop) { signal in
                    precondition(loop.isCurrent)
                    seen.append(signal)
                }
                TestProcess.raise(.user1)
            }
            #expect(await seen.wait(for: 1) == [.user1])
            await loop.run { TestProcess.raise(.user2) }
            #expect(await seen.wait(for: 2) == [.user1, .user2])
        }
    }

    @Test func `a callback may cancel, and nothing arrives afterwards`() async throws {
        try await withEventLoop { loop in
            let seen = Recorder<Signal>()
            try await loop.run { () throws(SystemError) in
                let box = Box()
                box.source = try SignalSource([.user1, .user2], loop: loop) { signal in
                    seen.append(signal)
                    box.source?.cancel()
                }
                TestProcess.raise(.user1)
                TestProcess.raise(.user2)
            }
            _ = await seen.wait(for: 1)
            await loop.run {}
            await loop.run {}
            #expect(seen.elements.count == 1)
        }
    }

    private final class Box {
        var source: SignalSource?
    }

    @Test func `a signal to the process arrives when every thread blocks it`() async {
        await #expect(processExitsWith: .success) {
            try SignalSource.block([.terminate])
            let loop = try EventLoop(name: "test")
            loop.execute {
                _ = try? SignalSource([.terminate], loop: loop) { _ in loop.stop() }
                TestProcess.raise(.terminate)
            }
            loop.run()
        }
    }

    @Test func `a signal without a number is refused`() {
        #expect(throws: SystemError.self) { try SignalSource.block([Signal(rawValue: 1_000)]) }
    }
}
