// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Follows the changes of all backends, after a snapshot or a replay.
    ///
    /// `instance` is the run of the daemon whose events the caller has seen, `since` the last sequence it has seen of that run.
    /// Without a run the watch begins with a snapshot; with another run than this one, with a gap of all events so far and a
    /// snapshot.
    package func watch(instance: String = "", since: UInt64 = 0) throws(BackendError) -> BackendWatch {
        let (current, newest) = state.withLock { ($0.log.instance, $0.log.newest) }
        if instance.isEmpty { return BackendWatch(registry: self, position: .snapshot(gapFrom: nil)) }
        guard instance == current else { return BackendWatch(registry: self, position: .snapshot(gapFrom: 1)) }
        guard since <= newest else {
            throw BackendError(
                .invalidArgument, .sequenceUnknown,
                "cannot watch since \(since): the newest event is \(newest); give a sequence that was received",
                violations: [FieldViolation(path: "since_sequence", description: "must be at most \(newest)")])
        }
        return BackendWatch(registry: self, position: .after(since))
    }

    /// What a watcher gets next, or the bell that rings when there is something.
    func watch(from position: inout BackendWatch.Position) throws(BackendError) -> BackendWatch.Step {
        try state.withLock { state throws(BackendError) in
            if case .after(let seen) = position {
                switch state.log.page(after: seen) {
                case .lost:
                    position = .snapshot(gapFrom: seen + 1)
                case .events(let events):
                    guard let last = events.last else { return try self.wait(&state) }
                    position = .after(last.sequence)
                    return .items(events.map { .change($0) })
                }
            }
            let snapshot = BackendsSnapshot(
                instance: state.log.instance, sequence: state.log.newest, backends: state.snapshots)
            guard case .snapshot(let gap) = position else { return .items([]) }
            position = .after(snapshot.sequence)
            let before = gap.map { [BackendWatchItem.gap(from: $0, to: snapshot.sequence)] } ?? []
            return .items(before + [.snapshot(snapshot)])
        }
    }

    private func wait(_ state: inout RegistryState) throws(BackendError) -> BackendWatch.Step {
        if state.isClosed { return .items([]) }
        guard state.bells.count < limits.watchers else {
            throw BackendError(
                .resourceExhausted, .watchersFull, "\(state.bells.count) watchers already wait; try again later",
                retryAfter: .seconds(1))
        }
        let (id, bell) = (state.nextID(), OneShot<Void>())
        state.bells[id] = bell
        return .wait(id: id, bell)
    }

    func endWait(_ id: UInt64) {
        state.withLock { $0.bells[id] = nil }
    }
}
