// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Holds tasks up until it is opened or they are cancelled.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var lastID = 0
        var passers: [Int: TaskContinuation<Void>] = [:]
        var arrivals = 0
        var watchers: [(Int, TaskContinuation<Void>)] = []
    }

    private let state = Guarded(State())

    func open() {
        let passers = state.withLock { state in
            state.isOpen = true
            defer { state.passers = [:] }
            return Array(state.passers.values)
        }
        for passer in passers { passer.resume() }
    }

    /// Waits for the gate to open or the task to be cancelled, whichever comes first.
    func pass() async {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withTaskContinuation { passer in
                let (goesOn, watchers) = state.withLock { state in
                    state.arrivals += 1
                    let arrived = state.arrivals
                    let due = state.watchers.filter { $0.0 <= arrived }
                    state.watchers.removeAll { $0.0 <= arrived }
                    let goesOn = state.isOpen || Task.isCancelled
                    if !goesOn { state.passers[id] = passer }
                    return (goesOn, due)
                }
                for watcher in watchers { watcher.1.resume() }
                if goesOn { passer.resume() }
            }
        } onCancel: {
            state.withLock { $0.passers.removeValue(forKey: id) }?.resume()
        }
    }

    /// Holds the task up whatever becomes of it, as a backend does that ignores its cancellation.
    func passStubbornly() async {
        await Task { await self.pass() }.value
    }

    /// Waits until `count` tasks have come to the gate.
    func reached(by count: Int = 1) async {
        await withTaskContinuation { watcher in
            let isReached = state.withLock { state in
                if state.arrivals >= count { return true }
                state.watchers.append((count, watcher))
                return false
            }
            if isReached { watcher.resume() }
        }
    }
}
