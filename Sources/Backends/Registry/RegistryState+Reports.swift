// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What backends report, and what their lifecycles make of it.
extension RegistryState {
    /// A start has ended; the backend has room for `capacity` now.
    package mutating func startFinished(
        _ run: RunID, of name: String, _ creation: UInt64, capacity: ModelCapacity = ModelCapacity(),
        error: BackendError?, at now: Timestamp
    ) -> [RegistryAction] {
        guard entries[name]?.creation == creation else { return [] }
        _ = updateIfPresent(name) { $0.capacity = capacity }
        return reported(of: name, creation, at: now) { $0.startFinished(run: run, error: error) }
    }

    /// A stop has ended.
    package mutating func stopFinished(
        _ run: RunID, of name: String, _ creation: UInt64, error: BackendError?, at now: Timestamp
    ) -> [RegistryAction] {
        reported(of: name, creation, at: now) { $0.stopFinished(run: run, error: error) }
    }

    /// A backend says that it is broken.
    package mutating func failureReported(
        _ failure: BackendFailure, by run: RunID, of name: String, _ creation: UInt64, at now: Timestamp
    ) -> [RegistryAction] {
        reported(of: name, creation, at: now) { $0.failureReported(run: run, failure: failure) }
    }

    /// A process of a backend has changed.
    package mutating func instanceChanged(
        _ change: InstanceChange, of name: String, _ creation: UInt64, at now: Timestamp
    ) -> [RegistryAction] {
        guard entries[name]?.creation == creation else { return [] }
        if change.model == nil { _ = updateIfPresent(name) { $0.unready = change.unready } }
        return [.record(.instance(InstanceEvent(time: now, backend: name, change: change)))]
    }

    /// Tells the lifecycle of a backend, unless that backend is gone.
    private mutating func reported(
        of name: String, _ creation: UInt64, at now: Timestamp,
        _ event: (inout BackendLifecycle) -> [BackendLifecycle.Action]
    ) -> [RegistryAction] {
        guard entries[name]?.creation == creation else { return [] }
        return translate(updateIfPresent(name) { event(&$0.lifecycle) } ?? [], on: name, at: now)
    }

    /// What the actions of a lifecycle are for the whole registry.
    mutating func translate(
        _ actions: [BackendLifecycle.Action], on name: String, at now: Timestamp
    ) -> [RegistryAction] {
        // One that ends with these actions is saved as gone, or as what takes its place, and not as stopped before.
        (actions.contains { $0.isEnd } ? [] : noteUp(name))
            + actions.flatMap { action -> [RegistryAction] in
                switch action {
                case .record(let old, let new, let cause, let failure):
                    return enter(new, from: old, cause, failure, of: name, at: now)
                case .start(let run, let cleanUpFirst):
                    guard let configuration = entries[name]?.configuration else { return [] }
                    _ = updateIfPresent(name) { $0.startedGeneration = configuration.generation }
                    return [.start(name, run: run, configuration: configuration.effective, cleanUpFirst: cleanUpFirst)]
                case .cancelStart:
                    return [.cancelStart(name)]
                case .stop(let run):
                    return [.stop(name, run: run)]
                case .succeed(let callers, let isChanged):
                    guard let outcome = entries[name]?.outcome(isChanged: isChanged) else { return [] }
                    return callers.flatMap { answer($0, outcome) }
                case .fail(let callers, let error):
                    return callers.flatMap { refuse($0, error) }
                case .remove(let callers):
                    return remove(name, for: callers, at: now)
                case .replace(let callers, let succession):
                    return replace(name, for: callers, succession, at: now)
                }
            }
    }

    /// Whether a backend is up is saved with the change, so that the next daemon starts it again if this one ends without stopping it.
    private mutating func noteUp(_ name: String) -> [RegistryAction] {
        let isChanged = updateIfPresent(name) { entry in
            defer { entry.isUp = entry.lifecycle.isStartedOrWillBe }
            return entry.isUp != entry.lifecycle.isStartedOrWillBe
        }
        return isChanged == true ? [.persist(name)] : []
    }

    /// A start takes the configuration that was staged for it.
    private mutating func enter(
        _ new: BackendState, from old: BackendState, _ cause: BackendEvent.Cause, _ failure: BackendFailure?,
        of name: String, at now: Timestamp
    ) -> [RegistryAction] {
        guard var configuration = entries[name]?.configuration else { return [] }
        let isConfigured = new == .starting && configuration.startBegan()
        if isConfigured { replaceConfiguration(of: name, by: configuration) }
        let changed = updateIfPresent(name) { entry -> [RegistryAction] in
            (entry.state, entry.failure, entry.stateTime) = (new, failure, now)
            return [
                .updateModels(name, new, entry.capacity, failure),
                .record(entry.event(from: old, to: new, cause, failure: failure, at: now)),
            ]
        }
        // A reload came while it was starting.
        let isBehind = new == .started && entries[name]?.startedGeneration != configuration.generation
        return (changed ?? []) + (isBehind ? [.reconfigure(name)] : [])
            + (isConfigured ? [.persist(name), .indexModels(name)] : [])
    }
}
