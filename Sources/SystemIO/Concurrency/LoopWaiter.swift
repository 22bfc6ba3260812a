// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A task that waits for something on an event loop, see ``EventLoop/suspend(ifCancelled:_:)``. Use it on the loop
/// only.
package final class LoopWaiter<Value: Sendable> {
    private let cancelled: @Sendable () -> Value
    private var continuation: TaskContinuation<Value>?
    private var isCancelled = false
    /// Takes back what the task waits for. Called at most once, when the task is cancelled, before the task goes on.
    package var onCancel: (() -> Void)?

    fileprivate init(ifCancelled cancelled: @escaping @Sendable () -> Value) {
        self.cancelled = cancelled
    }

    /// Lets the task go on with a value; only the first one counts.
    package func resume(_ value: Value) {
        onCancel = nil
        let continuation = continuation
        self.continuation = nil
        continuation?.resume(returning: value)
    }

    fileprivate func begin(_ continuation: TaskContinuation<Value>, _ body: (LoopWaiter) -> Void) {
        self.continuation = continuation
        body(self)
        // A task that was cancelled before could not be found by `cancel`.
        if isCancelled { cancel() }
    }

    fileprivate func cancel() {
        isCancelled = true
        guard continuation != nil else { return }
        let onCancel = onCancel
        self.onCancel = nil
        onCancel?()
        resume(cancelled())
    }
}

extension EventLoop {
    /// Suspends the task until `body`, or what it begins, resumes the waiter.
    ///
    /// `body` runs on the loop: at once if the caller is there, otherwise soon. When the task is cancelled, the
    /// waiter's `onCancel` is called and the task goes on with `cancelled`.
    package func suspend<Value: Sendable>(
        ifCancelled cancelled: @autoclosure @escaping @Sendable () -> Value,
        _ body: @escaping @Sendable (LoopWaiter<Value>) -> Void
    ) async -> Value {
        let waiter = LoopBound(sending: LoopWaiter(ifCancelled: cancelled), on: self)
        return await withTaskCancellationHandler {
            await withTaskContinuation { continuation in
                if isCurrent {
                    waiter.withValue { $0.begin(continuation, body) }
                } else {
                    execute { waiter.withValue { $0.begin(continuation, body) } }
                }
            }
        } onCancel: {
            execute { waiter.withValue { $0.cancel() } }
        }
    }
}
