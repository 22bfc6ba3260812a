// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Tasks that outlive the call that began them but not their owner, which awaits them all.
final class OwnedTasks: Sendable {
    private struct State {
        var lastID: UInt64 = 0
        var tasks: [UInt64: Task<Void, Never>] = [:]
    }

    private let state = Guarded(State())

    var count: Int { state.withLock { $0.tasks.count } }

    /// Begins a task; returns it so that it can be cancelled.
    @discardableResult
    func spawn(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { state in
            state.lastID += 1
            let id = state.lastID
            let task = Task {
                await work()
                self.ended(id)
            }
            state.tasks[id] = task
            return task
        }
    }

    /// The same, unless so many are under way.
    func spawn(limit: Int, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>? {
        guard count < limit else { return nil }
        return spawn(work)
    }

    func cancelAll() {
        for task in state.withLock({ Array($0.tasks.values) }) { task.cancel() }
    }

    /// Waits until no task is left, those included that begin meanwhile.
    func waitForAll() async {
        while let task = state.withLock({ $0.tasks.values.first }) {
            await task.value
        }
    }

    private func ended(_ id: UInt64) {
        state.withLock { $0.tasks[id] = nil }
    }
}
