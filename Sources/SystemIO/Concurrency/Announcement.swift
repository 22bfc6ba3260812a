// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A value that is set once and awaited by any number of tasks.
package final class Announcement<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [ObjectIdentifier: OneShot<Value>] = [:]
    }

    private let state = Guarded(State())

    package init() {}

    /// The value, if it is set.
    package var current: Value? { state.withLock { $0.value } }

    /// Sets the value; a second one is ignored.
    package func set(_ value: Value) {
        let waiters = state.withLock { state -> [OneShot<Value>] in
            guard state.value == nil else { return [] }
            state.value = value
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.set(value) }
    }

    /// Waits for the value. Returns nil if the task is cancelled first.
    package func value() async -> Value? {
        let waiter = waiter()
        if let value = await waiter.value() { return value }
        state.withLock { $0.waiters[ObjectIdentifier(waiter)] = nil }
        return nil
    }

    /// Waits for the value, even if the task is cancelled.
    package func valueDespiteCancellation() async -> Value {
        await waiter().valueDespiteCancellation()
    }

    /// Makes a wait for the value, which has it already if it is set.
    private func waiter() -> OneShot<Value> {
        let waiter = OneShot<Value>()
        state.withLock { state in
            if let value = state.value {
                waiter.set(value)
            } else {
                state.waiters[ObjectIdentifier(waiter)] = waiter
            }
        }
        return waiter
    }
}
