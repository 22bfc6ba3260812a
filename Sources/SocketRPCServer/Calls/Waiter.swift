// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// A task that waits for something of a call. It is resumed once, on the call's loop.
final class Waiter<Value: Sendable>: Sendable {
    private let cancelled = Atomic<Bool>(false)
    private let continuation = Guarded<CheckedContinuation<Value, Never>?>(nil)

    /// Whether the task was cancelled; set before the loop is told of it.
    var isCancelled: Bool { cancelled.load(ordering: .sequentiallyConsistent) }

    func cancel() {
        cancelled.store(true, ordering: .sequentiallyConsistent)
    }

    func arm(_ continuation: CheckedContinuation<Value, Never>) {
        self.continuation.withLock { $0 = continuation }
    }

    func resume(_ value: Value) {
        let continuation = continuation.withLock { held in
            let continuation = held
            held = nil
            return continuation
        }
        continuation?.resume(returning: value)
    }
}
