// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Tasks that outlive the call that began them but not their owner, which awaits them all.
///
/// A task has its place before it begins, so that a decision under a lock can name it, and cancel it, before the lock is free and the
/// task begins.
package final class OwnedTasks: Sendable {
    package struct ID: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private enum Place {
        case reserved(isCancelled: Bool)
        case running(Task<Void, Never>)
    }

    private struct State {
        var lastID: UInt64 = 0
        var places: [ID: Place] = [:]
        /// Set when all were cancelled: later ones are cancelled as they begin.
        var isCancelled = false
        /// Set when the last task ends.
        var empty: Announcement<Void>?

        mutating func reserve() -> ID {
            lastID += 1
            let id = ID(number: lastID)
            places[id] = .reserved(isCancelled: isCancelled)
            return id
        }
    }

    private let state = Guarded(State())

    package init() {}

    /// Reserves a place for a task, which must begin then.
    package func reserve() -> ID { state.withLock { $0.reserve() } }

    /// Begins the task of a place. Call once, without any lock.
    @discardableResult
    package func begin(_ id: ID, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let task = Background.task {
            await work()
            self.ended(id)
        }
        let isCancelled = state.withLock { state in
            // It may have ended by now.
            guard case .reserved(let isCancelled) = state.places[id] else { return false }
            state.places[id] = .running(task)
            return isCancelled
        }
        if isCancelled { task.cancel() }
        return task
    }

    /// Begins a task at once. Call without any lock.
    @discardableResult
    package func spawn(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        begin(reserve(), work)
    }

    /// Begins a task at once; nil while `limit` tasks are under way. Call without any lock.
    package func spawn(limit: Int, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>? {
        let id = state.withLock { $0.places.count < limit ? $0.reserve() : nil }
        return id.map { begin($0, work) }
    }

    /// Cancels a task, also one that has not begun; does nothing once it has ended.
    package func cancel(_ id: ID) {
        let task = state.withLock { state -> Task<Void, Never>? in
            switch state.places[id] {
            case nil: return nil
            case .running(let task): return task
            case .reserved:
                state.places[id] = .reserved(isCancelled: true)
                return nil
            }
        }
        task?.cancel()
    }

    /// Cancels all tasks, and those that begin later.
    package func cancelAll() {
        let ids = state.withLock { state in
            state.isCancelled = true
            return Array(state.places.keys)
        }
        for id in ids { cancel(id) }
    }

    /// Waits until no task is left, including those that begin meanwhile. Not bound by the caller's cancellation.
    package func waitForAll() async {
        while let empty = announcement() {
            await Background.task { _ = await empty.value() }.value
        }
    }

    private func announcement() -> Announcement<Void>? {
        state.withLock { state in
            if state.places.isEmpty { return nil }
            let empty = state.empty ?? Announcement()
            state.empty = empty
            return empty
        }
    }

    private func ended(_ id: ID) {
        let empty = state.withLock { state in
            state.places[id] = nil
            return state.places.isEmpty ? state.empty.take() : nil
        }
        empty?.set(())
    }
}
