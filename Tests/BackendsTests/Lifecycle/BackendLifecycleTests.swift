// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("BackendLifecycle")
struct BackendLifecycleTests {
    /// A lifecycle brought into a state by the shortest way, and the run under way or over there.
    static func lifecycle(_ state: BackendState) throws -> BackendLifecycle {
        var lifecycle = BackendLifecycle(name: "a")
        switch state {
        case .stopped:
            break
        case .starting:
            _ = try lifecycle.startRequested(by: 100)
        case .started:
            _ = try lifecycle.startRequested(by: 100)
            _ = lifecycle.startFinished(run: 1, error: nil)
        case .stopping:
            _ = try lifecycle.startRequested(by: 100)
            _ = lifecycle.startFinished(run: 1, error: nil)
            _ = try lifecycle.stopRequested(by: 101)
        case .failed:
            _ = try lifecycle.startRequested(by: 100)
            _ = lifecycle.startFinished(run: 1, error: Self.broken)
        }
        #expect(lifecycle.state == state)
        return lifecycle
    }

    static let broken = BackendError(.internal, .startFailed, "it broke")
    static let failure = BackendFailure(reason: "START_FAILED", message: "it broke")
    static let startCancelled = BackendError(
        .aborted, .startCancelled, "the start of backend a was cancelled by a stop; start it again if needed",
        metadata: ["backend": "a"])

    // MARK: StartBackend

    @Test func `a start of a stopped backend starts it`() throws {
        var lifecycle = try Self.lifecycle(.stopped)
        #expect(
            try lifecycle.startRequested(by: 1) == [
                .record(from: .stopped, to: .starting, cause: .startRequested, failure: nil),
                .start(run: 1, cleanUpFirst: false),
            ])
        #expect(lifecycle.state == .starting)
        #expect(
            lifecycle.startFinished(run: 1, error: nil) == [
                .record(from: .starting, to: .started, cause: .started, failure: nil),
                .succeed([1], changed: true),
            ])
        #expect(lifecycle.state == .started)
    }

    @Test func `a start of a starting backend joins the attempt and gets its one result`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        #expect(try lifecycle.startRequested(by: 2) == [])
        #expect(try lifecycle.startRequested(by: 3) == [])
        #expect(
            lifecycle.startFinished(run: 1, error: nil) == [
                .record(from: .starting, to: .started, cause: .started, failure: nil),
                .succeed([100, 2, 3], changed: true),
            ])
    }

    @Test func `all joiners of a failed attempt get its error`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        _ = try lifecycle.startRequested(by: 2)
        #expect(
            lifecycle.startFinished(run: 1, error: Self.broken) == [
                .record(from: .starting, to: .failed, cause: .startFailed, failure: Self.failure),
                .fail([100, 2], Self.broken),
            ])
        #expect(lifecycle.state == .failed)
        #expect(lifecycle.failure == Self.failure)
    }

    @Test func `a start of a started backend does nothing`() throws {
        var lifecycle = try Self.lifecycle(.started)
        let before = lifecycle
        #expect(try lifecycle.startRequested(by: 1) == [.succeed([1], changed: false)])
        #expect(lifecycle == before)
    }

    @Test func `a start of a stopping backend waits and then starts`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        #expect(try lifecycle.startRequested(by: 1) == [])
        #expect(try lifecycle.startRequested(by: 2) == [])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed([101], changed: true),
                .record(from: .stopped, to: .starting, cause: .startRequested, failure: nil),
                .start(run: 3, cleanUpFirst: false),
            ])
        #expect(
            lifecycle.startFinished(run: 3, error: nil) == [
                .record(from: .starting, to: .started, cause: .started, failure: nil),
                .succeed([1, 2], changed: true),
            ])
    }

    @Test func `a start of a failed backend cleans up first`() throws {
        var lifecycle = try Self.lifecycle(.failed)
        #expect(
            try lifecycle.startRequested(by: 1) == [
                .record(from: .failed, to: .starting, cause: .startRequested, failure: nil),
                .start(run: 2, cleanUpFirst: true),
            ])
        #expect(lifecycle.failure == nil)
    }

    @Test func `a start that waited is started also after a stop that failed`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        _ = try lifecycle.startRequested(by: 1)
        #expect(
            lifecycle.stopFinished(run: 2, error: Self.broken) == [
                .record(from: .stopping, to: .failed, cause: .stopFailed, failure: Self.failure),
                .fail([101], Self.broken),
                .record(from: .failed, to: .starting, cause: .startRequested, failure: nil),
                .start(run: 3, cleanUpFirst: true),
            ])
    }

    // MARK: StopBackend

    @Test func `a stop of a stopped backend does nothing`() throws {
        var lifecycle = try Self.lifecycle(.stopped)
        let before = lifecycle
        #expect(try lifecycle.stopRequested(by: 1) == [.succeed([1], changed: false)])
        #expect(lifecycle == before)
    }

    @Test func `a stop of a starting backend cancels the attempt and then stops what is left`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        #expect(
            try lifecycle.stopRequested(by: 1) == [
                .record(from: .starting, to: .stopping, cause: .stopRequested, failure: nil),
                .cancelStart(run: 1),
                .fail([100], Self.startCancelled),
            ])
        #expect(lifecycle.state == .stopping)
        #expect(lifecycle.startFinished(run: 1, error: .init(.cancelled, .callerCancelled, "")) == [.stop(run: 2)])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed([1], changed: true),
            ])
    }

    @Test func `a start that succeeds in spite of its cancellation is stopped all the same`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        _ = try lifecycle.stopRequested(by: 1)
        #expect(lifecycle.startFinished(run: 1, error: nil) == [.stop(run: 2)])
    }

    @Test func `a stop of a started backend stops it`() throws {
        var lifecycle = try Self.lifecycle(.started)
        #expect(
            try lifecycle.stopRequested(by: 1) == [
                .record(from: .started, to: .stopping, cause: .stopRequested, failure: nil),
                .stop(run: 2),
            ])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed([1], changed: true),
            ])
    }

    @Test func `a stop of a stopping backend joins`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        #expect(try lifecycle.stopRequested(by: 1) == [])
        #expect(lifecycle.stopFinished(run: 2, error: nil).contains(.succeed([101, 1], changed: true)))
    }

    @Test func `a stop cancels a start that waits for an earlier stop`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        _ = try lifecycle.startRequested(by: 1)
        #expect(try lifecycle.stopRequested(by: 2) == [.fail([1], Self.startCancelled)])
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a stop of a failed backend cleans up`() throws {
        var lifecycle = try Self.lifecycle(.failed)
        #expect(
            try lifecycle.stopRequested(by: 1) == [
                .record(from: .failed, to: .stopping, cause: .stopRequested, failure: nil),
                .stop(run: 2),
            ])
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a stop that fails leaves the backend failed and tells every stopper`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        _ = try lifecycle.stopRequested(by: 1)
        #expect(
            lifecycle.stopFinished(run: 2, error: Self.broken) == [
                .record(from: .stopping, to: .failed, cause: .stopFailed, failure: Self.failure),
                .fail([101, 1], Self.broken),
            ])
    }

    // MARK: RegisterConfig

    @Test(arguments: [
        (BackendState.stopped, true), (.starting, false), (.started, false), (.stopping, false), (.failed, true),
    ])
    func `configuration is accepted only at rest`(state: BackendState, accepts: Bool) throws {
        #expect(try Self.lifecycle(state).acceptsConfiguration == accepts)
    }

    // MARK: DeleteBackend

    @Test(arguments: [false, true])
    func `a stopped backend is deleted at once`(force: Bool) throws {
        var lifecycle = try Self.lifecycle(.stopped)
        #expect(try lifecycle.deleteRequested(by: 1, force: force) == [.remove([1])])
    }

    @Test(arguments: [BackendState.starting, .started, .stopping])
    func `a backend that is not at rest is not deleted without force`(state: BackendState) throws {
        var lifecycle = try Self.lifecycle(state)
        let before = lifecycle
        let error = #expect(throws: BackendError.self) { try lifecycle.deleteRequested(by: 1, force: false) }
        #expect(error?.kind == .failedPrecondition)
        #expect(error?.reason == .backendStarted)
        #expect(error?.metadata["state"] == state.description)
        #expect(lifecycle == before)
    }

    @Test func `force cancels a start, stops what is left and then deletes`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        #expect(
            try lifecycle.deleteRequested(by: 1, force: true) == [
                .record(from: .starting, to: .stopping, cause: .deleteRequested, failure: nil),
                .cancelStart(run: 1),
                .fail([100], Self.startCancelled),
            ])
        #expect(lifecycle.startFinished(run: 1, error: nil) == [.stop(run: 2)])
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .remove([1]))
    }

    @Test func `force stops a started backend and then deletes it`() throws {
        var lifecycle = try Self.lifecycle(.started)
        #expect(
            try lifecycle.deleteRequested(by: 1, force: true) == [
                .record(from: .started, to: .stopping, cause: .deleteRequested, failure: nil),
                .stop(run: 2),
            ])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed([], changed: true),
                .remove([1]),
            ])
    }

    @Test func `force makes a deletion of a stop under way`() throws {
        var lifecycle = try Self.lifecycle(.stopping)
        _ = try lifecycle.startRequested(by: 1)
        #expect(try lifecycle.deleteRequested(by: 2, force: true) == [.fail([1], Self.startCancelled)])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil),
                .succeed([101], changed: true),
                .remove([2]),
            ])
    }

    @Test(arguments: [false, true])
    func `a failed backend is cleaned up and then deleted`(force: Bool) throws {
        var lifecycle = try Self.lifecycle(.failed)
        #expect(
            try lifecycle.deleteRequested(by: 1, force: force) == [
                .record(from: .failed, to: .stopping, cause: .deleteRequested, failure: nil),
                .stop(run: 2),
            ])
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .remove([1]))
    }

    @Test func `a failed backend that cannot be cleaned up is kept without force`() throws {
        var lifecycle = try Self.lifecycle(.failed)
        _ = try lifecycle.deleteRequested(by: 1, force: false)
        #expect(lifecycle.stopFinished(run: 2, error: Self.broken).last == .fail([1], Self.broken))
        #expect(lifecycle.state == .failed)
    }

    @Test func `force deletes also what cannot be stopped`() throws {
        var lifecycle = try Self.lifecycle(.started)
        _ = try lifecycle.deleteRequested(by: 1, force: true)
        #expect(
            lifecycle.stopFinished(run: 2, error: Self.broken) == [
                .record(from: .stopping, to: .failed, cause: .stopFailed, failure: Self.failure),
                .fail([], Self.broken),
                .remove([1]),
            ])
    }

    @Test func `a second deletion joins the first one`() throws {
        var lifecycle = try Self.lifecycle(.started)
        _ = try lifecycle.deleteRequested(by: 1, force: true)
        #expect(try lifecycle.deleteRequested(by: 2, force: false) == [])
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .remove([1, 2]))
    }

    @Test func `a start during a deletion is refused`() throws {
        var lifecycle = try Self.lifecycle(.started)
        _ = try lifecycle.deleteRequested(by: 1, force: true)
        let error = #expect(throws: BackendError.self) { try lifecycle.startRequested(by: 2) }
        #expect(error?.reason == .backendDeleting)
        #expect(error?.kind == .failedPrecondition)
    }

    // MARK: Failures by itself

    @Test func `a started backend that reports a failure is failed`() throws {
        var lifecycle = try Self.lifecycle(.started)
        #expect(
            lifecycle.failureReported(run: 1, failure: Self.failure) == [
                .record(from: .started, to: .failed, cause: .backendFailed, failure: Self.failure)
            ])
        #expect(lifecycle.failure == Self.failure)
    }

    @Test func `a failure reported while starting cancels the attempt, and its joiners hear the reason`() throws {
        var lifecycle = try Self.lifecycle(.starting)
        #expect(lifecycle.failureReported(run: 1, failure: Self.failure) == [.cancelStart(run: 1)])
        #expect(lifecycle.state == .starting)
        let actions = lifecycle.startFinished(run: 1, error: nil)
        #expect(actions.first == .record(from: .starting, to: .failed, cause: .startFailed, failure: Self.failure))
        guard case .fail([100], let error) = actions.last else {
            Issue.record("the joiner was not told: \(actions)")
            return
        }
        #expect(error.reason == .backendFailed)
        #expect(error.metadata["failure"] == "START_FAILED")
    }

    @Test(arguments: [BackendState.stopped, .stopping, .failed])
    func `a failure reported in any other state changes nothing`(state: BackendState) throws {
        var lifecycle = try Self.lifecycle(state)
        let before = lifecycle
        #expect(lifecycle.failureReported(run: 1, failure: Self.failure) == [])
        #expect(lifecycle == before)
    }

    @Test(arguments: BackendState.allCases)
    func `what an earlier run reports changes nothing`(state: BackendState) throws {
        var lifecycle = try Self.lifecycle(state)
        let before = lifecycle
        #expect(lifecycle.failureReported(run: 99, failure: Self.failure) == [])
        #expect(lifecycle.startFinished(run: 99, error: nil) == [])
        #expect(lifecycle.stopFinished(run: 99, error: nil) == [])
        #expect(lifecycle == before)
    }
}
