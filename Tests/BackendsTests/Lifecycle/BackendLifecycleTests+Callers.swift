// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

// Callers that give up, and callers that are too many.
extension BackendLifecycleTests {
    @Test func `a joiner that gives up does not end the attempt`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        #expect(lifecycle.callerLeft(100) == true)
        #expect(lifecycle.callerLeft(100) == false)
        #expect(lifecycle.state == .starting)
        #expect(lifecycle.startFinished(run: 1, error: nil).last == .succeed([], changed: true))
    }

    @Test func `a stopper that gives up does not end the stop`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        #expect(lifecycle.callerLeft(101) == true)
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a start that only waited for a stop is forgotten with its last caller`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        _ = try lifecycle.startRequested(by: 1)
        #expect(lifecycle.callerLeft(1) == true)
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a deletion goes on without its caller`() throws {
        var lifecycle = try Self.lifecycle(.started)
        _ = try lifecycle.deleteRequested(by: 1, force: true)
        #expect(lifecycle.callerLeft(1) == true)
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .remove([]))
    }

    @Test(arguments: BackendState.allCases)
    func `an unknown caller cannot leave`(state: BackendState) throws {
        var lifecycle = try Self.lifecycle(state)
        #expect(lifecycle.callerLeft(7) == false)
    }

    @Test func `the number of callers that wait for a start is bounded, and a stop gets past them`() throws {
        var lifecycle = BackendLifecycle(name: "a", callerLimit: 2)
        _ = try lifecycle.startRequested(by: 1)
        _ = try lifecycle.startRequested(by: 2)
        let error = #expect(throws: BackendError.self) { try lifecycle.startRequested(by: 3) }
        #expect(error?.kind == .resourceExhausted)
        #expect(error?.reason == .callersFull)
        #expect(error?.retryAfter == .seconds(1))
        #expect(try lifecycle.stopRequested(by: 4).contains(.fail([1, 2], Self.startCancelled)))
    }

    @Test func `the number of callers that wait for a stop is bounded`() throws {
        var lifecycle = BackendLifecycle(name: "a", callerLimit: 2)
        _ = try lifecycle.startRequested(by: 1)
        _ = try lifecycle.stopRequested(by: 2)
        _ = try lifecycle.deleteRequested(by: 3, force: true)
        #expect(throws: BackendError.self) { try lifecycle.stopRequested(by: 4) }
        #expect(throws: BackendError.self) { try lifecycle.deleteRequested(by: 5, force: true) }
    }
}
