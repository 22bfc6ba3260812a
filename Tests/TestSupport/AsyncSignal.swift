// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A value that arrives once, for any number of tasks to await.
///
/// A test awaits it instead of sleeping; if the value never arrives, the time limit of the test passes.
package final class AsyncSignal<Value: Sendable>: Sendable {
    private enum State {
        case waiting([TaskContinuation<Value>])
        case arrived(Value)
    }

    private let state = Guarded(State.waiting([]))

    package init() {}

    /// Sets the value. Only the first value counts.
    package func send(_ value: Value) {
        let waiters: [TaskContinuation<Value>] = state.withLock { state in
            switch state {
            case .arrived:
                return []
            case .waiting(let waiters):
                state = .arrived(value)
                return waiters
            }
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// The value, or nil until it arrives.
    package var value: Value? {
        state.withLock { state in
            switch state {
            case .arrived(let value): value
            case .waiting: nil
            }
        }
    }

    /// Waits for the value.
    package func wait() async -> Value {
        await withTaskContinuation { continuation in
            let value: Value? = state.withLock { state in
                switch state {
                case .arrived(let value):
                    return value
                case .waiting(let waiters):
                    state = .waiting(waiters + [continuation])
                    return nil
                }
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}

extension AsyncSignal where Value == Void {
    package func send() {
        send(())
    }
}
