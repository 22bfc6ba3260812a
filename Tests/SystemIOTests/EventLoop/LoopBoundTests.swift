// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LoopBoundTests {
    private final class Box {
        var value = 1
    }

    @Test func `a value is lent on its loop`() async throws {
        try await withEventLoop { loop in
            let bound = await loop.run { LoopBound(Box(), on: loop) }
            await loop.run { bound.withValue { $0.value += 1 } }
            #expect(await loop.run { bound.withValue { $0.value } } == 2)
        }
    }

    @Test func `an error passes through`() async throws {
        struct Failure: Error, Equatable {}
        try await withEventLoop { loop in
            let bound = LoopBound(sending: Box(), on: loop)
            await #expect(throws: Failure()) {
                try await loop.run { () throws(Failure) in
                    try bound.withValue { (_) throws(Failure) in throw Failure() }
                }
            }
        }
    }

    @Test func `a value is not lent elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            let bound = LoopBound(sending: Box(), on: try EventLoop(name: "test"))
            bound.withValue { $0.value += 1 }
        }
    }
}
