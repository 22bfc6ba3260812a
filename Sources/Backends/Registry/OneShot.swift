// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A value that is set once and awaited by at most one task.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value?, Never>)
        case set(Value)
    }

    private let state = Guarded(State.empty)

    /// Sets the value; false where it was set before.
    @discardableResult
    func set(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value?, Never>?) in
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

    /// Waits for the value; nil where the task was cancelled before it came. Does not suspend where it is there.
    func value() async -> Value? {
        if let value = current { return value }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0) }
        } onCancel: {
            giveUp()
        }
    }

    /// Whether the value is there.
    var isSet: Bool { current != nil }

    private var current: Value? {
        state.withLock { state in
            switch state {
            case .set(let value): value
            case .empty, .awaited: nil
            }
        }
    }

    private func wait(_ waiter: CheckedContinuation<Value?, Never>) {
        // Cancellation is looked at under the lock: either it is seen here, or `giveUp` finds the waiter.
        let answer = state.withLock { state -> Value?? in
            switch state {
            case .set(let value):
                return .some(value)
            case .awaited:
                preconditionFailure("a value is awaited by one task at a time")
            case .empty:
                if Task.isCancelled { return .some(nil) }
                state = .awaited(waiter)
                return nil
            }
        }
        if let answer { waiter.resume(returning: answer) }
    }

    private func giveUp() {
        let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .awaited(let waiter) = state else { return nil }
            state = .empty
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}
