// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

/// The row of `RestartBackend` in the table of the lifecycle.
@Suite("BackendLifecycle: restarts")
struct BackendLifecycleRestartTests {
    @Test(arguments: [BackendState.stopped, .failed])
    func `a backend at rest is started`(state: BackendState) throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(state)
        let actions = try lifecycle.restartRequested(by: 1)
        #expect(actions.first == .record(from: state, to: .starting, cause: .startRequested, failure: nil))
        #expect(lifecycle.state == .starting)
    }

    @Test func `a started backend is stopped, and started once it has stopped`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        #expect(
            try lifecycle.restartRequested(by: 1) == [
                .record(from: .started, to: .stopping, cause: .restartRequested, failure: nil), .stop(run: 2),
            ])
        #expect(
            lifecycle.stopFinished(run: 2, error: nil) == [
                .record(from: .stopping, to: .stopped, cause: .stopped, failure: nil), .succeed([], changed: true),
                .record(from: .stopped, to: .starting, cause: .startRequested, failure: nil),
                .start(run: 3, cleanUpFirst: false),
            ])
        #expect(lifecycle.startFinished(run: 3, error: nil).last == .succeed([1], changed: true))
    }

    @Test func `a start under way is cancelled, and its callers wait for the next`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.starting)
        #expect(
            try lifecycle.restartRequested(by: 1) == [
                .record(from: .starting, to: .stopping, cause: .restartRequested, failure: nil), .cancelStart(run: 1),
            ])
        #expect(lifecycle.startFinished(run: 1, error: BackendLifecycleTests.broken) == [.stop(run: 2)])
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.startFinished(run: 3, error: nil).last == .succeed([100, 1], changed: true))
    }

    @Test func `a restart of a stopping backend starts it when it has stopped`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.stopping)
        #expect(try lifecycle.restartRequested(by: 1) == [])
        #expect(lifecycle.stopFinished(run: 2, error: nil).contains(.start(run: 3, cleanUpFirst: false)))
    }

    @Test func `starts and restarts that come during a restart join it`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.restartRequested(by: 1)
        #expect(try lifecycle.restartRequested(by: 2) == [])
        #expect(try lifecycle.startRequested(by: 3) == [])
        _ = lifecycle.stopFinished(run: 2, error: nil)
        #expect(lifecycle.startFinished(run: 3, error: nil).last == .succeed([1, 2, 3], changed: true))
    }

    @Test func `a stop during a restart cancels it`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.restartRequested(by: 1)
        #expect(try lifecycle.stopRequested(by: 2) == [.fail([1], BackendLifecycleTests.startCancelled)])
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .succeed([2], changed: true))
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a restart goes on without its caller`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.restartRequested(by: 1)
        _ = lifecycle.callerLeft(1)
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .start(run: 3, cleanUpFirst: false))
        #expect(lifecycle.startFinished(run: 3, error: nil).last == .succeed([], changed: true))
    }

    @Test func `a stop cancels a restart whose caller has left`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.restartRequested(by: 1)
        _ = lifecycle.callerLeft(1)
        #expect(try lifecycle.stopRequested(by: 2) == [])
        #expect(lifecycle.stopFinished(run: 2, error: nil).last == .succeed([2], changed: true))
        #expect(lifecycle.state == .stopped)
    }

    @Test func `a backend that cannot be stopped is started all the same, after a cleanup`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.restartRequested(by: 1)
        #expect(
            lifecycle.stopFinished(run: 2, error: BackendLifecycleTests.broken).last
                == .start(run: 3, cleanUpFirst: true))
    }

    @Test func `no restart gets between a deletion and its end`() throws {
        var lifecycle = try BackendLifecycleTests.lifecycle(.started)
        _ = try lifecycle.deleteRequested(by: 1, force: true)
        let error = #expect(throws: BackendError.self) { try lifecycle.restartRequested(by: 2) }
        #expect(error?.reason == .backendDeleting)
    }
}
