// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// What happened, in order, from any thread.
package final class Recorder<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var waiters: [(count: Int, continuation: TaskContinuation<[Element]>)] = []
    }

    private let state = Guarded(State())

    package init() {}

    package func append(_ element: Element) {
        let (elements, ready) = state.withLock { state in
            state.elements.append(element)
            let count = state.elements.count
            let ready = state.waiters.filter { $0.count <= count }
            state.waiters.removeAll { $0.count <= count }
            return (state.elements, ready)
        }
        for waiter in ready { waiter.continuation.resume(returning: elements) }
    }

    package var elements: [Element] {
        state.withLock { $0.elements }
    }

    /// Waits until there are at least `count` elements, and returns all.
    package func wait(for count: Int) async -> [Element] {
        await withTaskContinuation { continuation in
            let elements: [Element]? = state.withLock { state in
                if state.elements.count >= count { return state.elements }
                state.waiters.append((count, continuation))
                return nil
            }
            if let elements { continuation.resume(returning: elements) }
        }
    }
}

extension Recorder {
    /// Waits until the elements are as wanted.
    package func wait(where isMet: ([Element]) -> Bool) async {
        var elements = self.elements
        while !isMet(elements) { elements = await wait(for: elements.count + 1) }
    }
}

extension Recorder where Element: Equatable {
    /// Waits until something has happened.
    package func wait(until element: Element) async {
        var elements = self.elements
        while !elements.contains(element) { elements = await wait(for: elements.count + 1) }
    }
}

/// Counts from any thread.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package var value: Int { count.load(ordering: .sequentiallyConsistent) }

    package func increment() {
        count.add(1, ordering: .sequentiallyConsistent)
    }
}
