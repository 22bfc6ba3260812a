// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport

/// A store that saves when a test says so.
final class RecordingStore: StateStore {
    private struct State {
        var changes: [StateChange] = []
        var saved = 0
        var fault: StateFault?
        var isSavingAtOnce: Bool
        var hasRoom = true
        var waiters: [(number: Int, then: @Sendable (StateFault?) -> Void)] = []
    }

    private let state: Guarded<State>

    init(isSavingAtOnce: Bool = true) {
        state = Guarded(State(isSavingAtOnce: isSavingAtOnce))
    }

    var changes: [StateChange] { state.withLock { $0.changes } }

    /// The newest record of each backend.
    var records: [String: BackendRecord] {
        changes.reduce(into: [:]) { records, change in
            switch change {
            case .backend(let record): records[record.name] = record
            case .backendRemoved(let name): records[name] = nil
            case .mark, .route, .routesForgotten: break
            }
        }
    }

    /// Saves all that was kept, or fails to.
    func finish(_ fault: StateFault? = nil) {
        let waiters = state.withLock { state in
            if fault == nil { state.saved = state.changes.count }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.then(fault) }
    }

    func fill() { state.withLock { $0.hasRoom = false } }

    func keep(_ change: StateChange) { state.withLock { $0.changes.append(change) } }

    func savePoint(of subject: StateSubject) -> SavePoint? {
        state.withLock { state in
            let last = state.changes.lastIndex { $0.subject == subject } ?? -1
            return last >= state.saved ? SavePoint(UInt64(last + 1)) : nil
        }
    }

    func save() { if state.withLock({ $0.isSavingAtOnce }) { finish() } }

    func whenSaved(_ point: SavePoint, _ then: @escaping @Sendable (StateFault?) -> Void) {
        let isSaved = state.withLock { state in
            if point.number <= UInt64(state.saved) { return true }
            state.waiters.append((Int(point.number), then))
            return false
        }
        if isSaved { then(nil) }
    }

    func savedMark(_ mark: StateMark) -> UInt64? {
        state.withLock { state in
            let saved = state.changes.prefix(state.saved).last { $0.subject == .mark(mark) }
            guard case .mark(_, let number) = saved else { return nil }
            return number
        }
    }

    var hasRoom: Bool { state.withLock { $0.hasRoom } }

    /// Waits until a caller waits for a change to be saved.
    func waitForWaiter() async {
        while state.withLock({ $0.waiters.isEmpty }) { await Task.yield() }
    }
}
