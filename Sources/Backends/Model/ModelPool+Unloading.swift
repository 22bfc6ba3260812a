// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ModelPool {
    /// A caller wants the model unloaded: after the end of its uses, or at once with `force`.
    package mutating func unloadRequested(
        _ model: String, by caller: CallerID, force: Bool, at time: Duration
    ) -> [Action] {
        guard isOpen, let entry = entries[model], !entry.isStatic else { return [.succeed(caller, changed: false)] }
        switch entry.state {
        case .notLoaded:
            return [.succeed(caller, changed: false)]
        case .queued:
            let waiting = cancelWaiters(model)
            guard entry.run == nil else {
                // A breakdown is still being cleared away.
                return waiting + join(model, .unloading, caller, cause: .unloadRequested, at: time)
            }
            entries[model] = nil
            return waiting + [
                .record(model: model, from: .queued, to: .notLoaded, cause: .unloadRequested),
                .succeed(caller, changed: true),
            ]
        case .loading:
            let cancel = entry.run.map { [Action.cancelLoad(run: $0)] } ?? []
            return cancelWaiters(model) + join(model, .unloading, caller, cause: .unloadRequested, at: time) + cancel
        case .ready, .unready, .draining:
            addUnloader(caller, model)
            let waiting = cancelWaiters(model)
            if entry.holders.isEmpty { return waiting + beginUnload(model, cause: .unloadRequested, at: time) }
            if force { return waiting + loseHolders(model) + beginUnload(model, cause: .unloadRequested, at: time) }
            return waiting + drain(model, at: time)
        case .unloading:
            addUnloader(caller, model)
            return []
        case .failed:
            guard entry.run == nil else {
                return join(model, .unloading, caller, cause: .unloadRequested, at: time)
            }
            entries[model] = nil
            return [
                .record(model: model, from: .failed, to: .notLoaded, cause: .unloadRequested),
                .succeed(caller, changed: true),
            ]
        }
    }

    /// A caller gives up waiting for the end of the uses. With the last such caller the model is ready again.
    package mutating func unloaderLeft(_ caller: CallerID, _ model: String, at time: Duration) -> [Action] {
        guard let isLeft = entries.update(model, { $0.unloaders.remove(caller) != nil }), isLeft,
            let entry = entries[model]
        else { return [] }
        guard entry.state == .draining, entry.unloaders.isEmpty else { return [] }
        let state: ModelState = entry.endpoint == nil ? .unready : .ready
        entries[model]?.state = state
        entries[model]?.stateTime = time
        return [.record(model: model, from: .draining, to: state, cause: .unloadAbandoned)]
            + serveWaiters(model, at: time) + watchIdle(model, at: time) + advance(at: time)
    }

    private mutating func drain(_ model: String, at time: Duration) -> [Action] {
        guard let entry = entries[model], entry.isLoaded else { return [] }
        entries[model]?.state = .draining
        entries[model]?.stateTime = time
        return [.record(model: model, from: entry.state, to: .draining, cause: .unloadRequested)]
    }

    private mutating func join(
        _ model: String, _ state: ModelState, _ caller: CallerID, cause: ModelEvent.Cause, at time: Duration
    ) -> [Action] {
        let old = entries.update(model) { entry in
            defer { (entry.state, entry.stateTime) = (state, time) }
            entry.unloaders.insert(caller)
            return entry.state
        }
        return old.map { [.record(model: model, from: $0, to: state, cause: cause)] } ?? []
    }

    private mutating func addUnloader(_ caller: CallerID, _ model: String) {
        _ = entries.update(model) { $0.unloaders.insert(caller) }
    }

    /// Callers that wait for a model which is unloaded on request do not get it.
    private mutating func cancelWaiters(_ model: String) -> [Action] {
        let waiters = entries.update(model) { $0.waiters.takeAll() } ?? []
        return waiters.map { .fail($0.caller, loadCancelled(model)) }
    }

    private mutating func loseHolders(_ model: String) -> [Action] {
        let holders =
            entries.update(model) { entry -> [CallerID] in
                defer { entry.holders = [] }
                return entry.holders.sorted()
            } ?? []
        return holders.map { .lose($0, unloaded(model)) }
    }
}
