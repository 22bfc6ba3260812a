// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking)) struct GuardedTests {
    @Test func `many threads change one value, none is lost`() async throws {
        let shared = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        for _ in 0..<20_000 { shared.value.withLock { $0 += 1 } }
                    }
                }
            }
            try await group.waitForAll()
            #expect(shared.value.withLock { $0 } == 80_000)
        }
    }

    @Test func `an error frees the lock`() {
        struct Failure: Error, Equatable {}
        let guarded = Guarded(1)
        let error = #expect(throws: Failure.self) {
            try guarded.withLock { (value) throws(Failure) in
                value = 2
                throw Failure()
            }
        }
        #expect(error == Failure())
        #expect(guarded.withLock { $0 } == 2)
    }

    private final class Shared: Sendable {
        let value: Guarded<Int>

        init(_ value: Int) {
            self.value = Guarded(value)
        }
    }
}
