// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization

/// What resumes a suspended task, once: a `CheckedContinuation` whose order the thread sanitizer can see.
///
/// Of a task that is resumed before it has suspended, the sanitizer does not see that it goes on after that, and takes what the task then
/// reads for a race. Here the one that resumes also stores an atomic, which the task loads when it goes on.
package struct TaskContinuation<Value: Sendable>: Sendable {
    private let continuation: CheckedContinuation<Value, Never>
    private let order: ResumptionOrder

    fileprivate init(_ continuation: CheckedContinuation<Value, Never>, _ order: ResumptionOrder) {
        self.continuation = continuation
        self.order = order
    }

    /// Lets the task go on with a value. Call it exactly once.
    package func resume(returning value: Value) {
        order.isResumed.store(true, ordering: .releasing)
        continuation.resume(returning: value)
    }
}

extension TaskContinuation where Value == Void {
    /// Lets the task go on. Call it exactly once.
    package func resume() {
        resume(returning: ())
    }
}

private final class ResumptionOrder: Sendable {
    let isResumed = Atomic<Bool>(false)
}

/// Calls a closure with the continuation of the task, and suspends the task until that is resumed. Cancelling the task does not resume it.
package nonisolated(nonsending) func withTaskContinuation<Value: Sendable>(
    _ body: (TaskContinuation<Value>) -> Void
) async -> Value {
    let order = ResumptionOrder()
    let value = await withCheckedContinuation { body(TaskContinuation($0, order)) }
    _ = order.isResumed.load(ordering: .acquiring)
    return value
}
