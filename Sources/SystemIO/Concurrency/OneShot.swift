// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A value that is set once and awaited by at most one task at a time.
package final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(TaskContinuation<Value?>)
        case set(Value)
    }

    private let state = Guarded(State.empty)

    package init() {}

    /// Sets the value. Returns false, and changes nothing, if it was set before.
    @discardableResult
    package func set(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, TaskContinuation<Value?>?) in
            switch state {
            case .set: return (false, nil)
            case .empty:
                state = .set(value)
                return (true, nil)
            case .awaited(let waiter):
                state = .set(value)
                return (true, waiter)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// The value, if it is set.
    package var current: Value? {
        state.withLock { state in
            switch state {
            case .set(let value): value
            case .empty, .awaited: nil
            }
        }
    }

    /// Whether the value is set.
    package var isSet: Bool { current != nil }

    /// Waits for the value. Returns nil if the task is cancelled first.
    ///
    /// A value that is set already is returned without suspending, even to a cancelled task.
    package func value() async -> Value? {
        if let value = current { return value }
        return await withTaskCancellationHandler {
            await withTaskContinuation { wait($0, endsIfCancelled: true) }
        } onCancel: {
            giveUp()
        }
    }

    /// Waits for the value, even if the task is cancelled.
    package func valueDespiteCancellation() async -> Value {
        let value = await withTaskContinuation { wait($0, endsIfCancelled: false) }
        guard let value else { preconditionFailure("a wait ends without a value") }
        return value
    }

    private func wait(_ waiter: TaskContinuation<Value?>, endsIfCancelled: Bool) {
        // Cancellation is checked under the lock: either it is seen here, or `giveUp` finds the waiter.
        let answer = state.withLock { state -> Value?? in
            switch state {
            case .set(let value):
                return .some(value)
            case .awaited:
                preconditionFailure("two tasks await one value")
            case .empty:
                if endsIfCancelled, Task.isCancelled { return .some(nil) }
                state = .awaited(waiter)
                return nil
            }
        }
        if let answer { waiter.resume(returning: answer) }
    }

    private func giveUp() {
        let waiter = state.withLock { state -> TaskContinuation<Value?>? in
            guard case .awaited(let waiter) = state else { return nil }
            state = .empty
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}
