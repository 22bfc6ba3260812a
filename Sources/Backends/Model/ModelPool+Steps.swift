// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension ModelPool {
    mutating func nextRun() -> RunID {
        lastRun = lastRun.next
        return lastRun
    }

    mutating func beginLoad(_ model: String, at time: Duration) -> [Action] {
        let run = nextRun()
        entries[model]?.state = .loading
        entries[model]?.stateTime = time
        entries[model]?.run = run
        entries[model]?.movedTo = nil
        entries[model]?.brokenBy = nil
        entries[model]?.hasEvicted = false
        return [
            .record(model: model, from: .queued, to: .loading, cause: .loadBegan), .load(model: model, run: run),
        ]
    }

    /// Begins the load of a model whose process an earlier daemon has left. It waits for no room, because it has it.
    package mutating func adopted(_ model: String, rules: ModelRules, at time: Duration) -> [Action] {
        guard isOpen, !refusesLoads, entries[model] == nil else { return [] }
        entries[model] = Entry(state: .queued, rules: rules, stateTime: time)
        return [.record(model: model, from: .notLoaded, to: .queued, cause: .loadRequested)]
            + beginLoad(model, at: time)
    }

    /// The backend goes on with other rules for its models; `rules` has none for a model that it does not serve any more.
    package mutating func reconfigured(
        capacity: ModelCapacity, at time: Duration, rules: (String) -> ModelRules?
    ) -> [Action] {
        guard isOpen else { return [] }
        self.capacity = capacity
        var actions: [Action] = []
        for model in entries.names {
            guard let rules = rules(model) else { continue }
            _ = entries.update(model) { $0.rules = rules }
            actions += serveWaiters(model, at: time) + watchIdle(model, at: time)
        }
        return actions + advance(at: time)
    }

    mutating func beginUnload(_ model: String, cause: ModelEvent.Cause, at time: Duration) -> [Action] {
        guard var entry = entries[model] else { return [] }
        if entry.isStatic {
            entries[model] = nil
            let gone: [Action] =
                entry.state == .draining
                ? [.record(model: model, from: .draining, to: .notLoaded, cause: .unloaded)] : []
            return gone + entry.unloaders.sorted().map { .succeed($0, changed: true) }
                + entry.waiters.takeAll().map { .fail($0.caller, loadCancelled(model)) }
        }
        let (old, run) = (entry.state, nextRun())
        entry.state = .unloading
        entry.stateTime = time
        (entry.endpoint, entry.isYielding) = (nil, false)
        entry.run = run
        entries[model] = entry
        return [
            .record(model: model, from: old, to: .unloading, cause: cause), .unload(model: model, run: run),
        ]
    }

    /// The model is unloaded. Callers that asked for it meanwhile get it loaded again.
    mutating func gone(_ model: String, cause: ModelEvent.Cause, at time: Duration) -> [Action] {
        guard var entry = entries[model] else { return [] }
        var actions: [Action] = [.record(model: model, from: entry.state, to: .notLoaded, cause: cause)]
        actions += entry.unloaders.sorted().map { .succeed($0, changed: true) }
        if entry.waiters.isEmpty || !isOpen || refusesLoads {
            actions += entry.waiters.takeAll().map { .fail($0.caller, .shuttingDown) }
            entries[model] = nil
        } else {
            entry.unloaders = []
            entry.state = .queued
            entry.stateTime = time
            entries[model] = entry
            actions.append(.record(model: model, from: .notLoaded, to: .queued, cause: .loadRequested))
        }
        return actions + advance(at: time)
    }

    /// The model is `failed`, and all its callers and users are told why.
    mutating func fail(
        _ model: String, _ failure: BackendFailure, _ error: BackendError, cause: ModelEvent.Cause, at time: Duration
    ) -> [Action] {
        guard var entry = entries[model] else { return [] }
        let old = entry.state
        var actions: [Action] = [.record(model: model, from: old, to: .failed, cause: cause, failure: failure)]
        actions += entry.waiters.takeAll().map { .fail($0.caller, error) }
        actions += entry.unloaders.sorted().map { .fail($0, error) }
        actions += entry.holders.sorted().map { .lose($0, error) }
        entry.state = .failed
        entry.stateTime = time
        entry.failure = failure
        entry.failures += 1
        (entry.endpoint, entry.isYielding) = (nil, false)
        (entry.unloaders, entry.holders) = ([], [])
        entries[model] = entry
        return actions
    }

    /// Serves waiting callers: first those that need no place, then the uses, in turn.
    mutating func serveWaiters(_ model: String, at time: Duration) -> [Action] {
        typealias Served = (asking: [Waiter], users: [Waiter], endpoint: ModelEndpoint)
        let served = entries.update(model) { entry -> Served? in
            guard entry.state == .ready, let endpoint = entry.endpoint, !entry.waiters.isEmpty else { return nil }
            let asking = entry.waiters.takeAsking()
            var users: [Waiter] = []
            while entry.hasFreePlace, !entry.isYielding, let waiter = entry.waiters.takeUse() {
                entry.holders.insert(waiter.caller)
                users.append(waiter)
            }
            return (asking, users, endpoint)
        }
        guard let served = served ?? nil, let entry = entries[model] else { return [] }
        let answers = served.asking.map { waiter -> Action in
            guard waiter.want == .load else { return .grant(waiter.caller, waiter.route ?? served.endpoint) }
            return .loaded(waiter.caller, model: model, entry, changed: true)
        }
        return answers + served.users.map { .grant($0.caller, $0.route ?? served.endpoint) }
    }

    /// Has the idle time watched, unless it is already or does not matter.
    mutating func watchIdle(_ model: String, at time: Duration) -> [Action] {
        guard let entry = entries[model] else { return [] }
        if entry.isStatic {
            forgetIfUnused(model)
            return []
        }
        guard let ttl = entry.rules.ttl, !entry.rules.isPinned, entry.isLoaded, entry.isIdle else { return [] }
        let end = max(time, entry.lastUse + ttl)
        // A watch from an earlier load of the model ends too early, and starts another one then.
        if let watched = idleWatches[model], watched <= end { return [] }
        idleWatches[model] = end
        return [.watchIdle(model: model, after: end - time)]
    }

    /// A loaded model cannot be reached for the moment.
    mutating func becomeUnready(_ model: String, at time: Duration) -> [Action] {
        guard var entry = entries[model], entry.state == .ready else { return [] }
        let unready =
            entry.unready
            ?? BackendFailure(
                reason: BackendError.Reason.instanceNotReady.rawValue, message: "its process is not ready now")
        (entry.state, entry.stateTime, entry.unready) = (.unready, time, unready)
        entries[model] = entry
        return [.record(model: model, from: .ready, to: .unready, cause: .becameUnready, failure: unready)]
    }

    mutating func becomeReady(_ model: String, at time: Duration) -> [Action] {
        guard var entry = entries[model], entry.state == .unready else { return [] }
        (entry.state, entry.stateTime, entry.unready) = (.ready, time, nil)
        entries[model] = entry
        return [.record(model: model, from: .unready, to: .ready, cause: .becameReady)]
    }

    /// Drops a load that waits for room and has no callers left.
    mutating func abandon(_ model: String, at time: Duration) -> [Action] {
        guard var entry = entries[model] else { return [] }
        // One that failed before keeps its pauses.
        let state: ModelState = entry.failures > 0 || entry.run != nil ? .failed : .notLoaded
        (entry.state, entry.stateTime, entry.hasEvicted) = (state, time, false)
        entries[model] = state == .failed ? entry : nil
        return [.record(model: model, from: .queued, to: state, cause: .loadAbandoned, failure: entry.failure)]
    }

    /// A model that needs no loading is only known while it has callers or users.
    mutating func forgetIfUnused(_ model: String) {
        guard let entry = entries[model], entry.isStatic, entry.isIdle else { return }
        entries[model] = nil
    }

    /// When the limit of known models is reached, drops the model that failed first, or else the least recently used idle one.
    mutating func roomForEntry(at time: Duration) throws(BackendError) -> [Action] {
        guard entries.count - entries.leaving >= limits.models else { return [] }
        if let oldest = entries.failed.first {
            entries[oldest] = nil
            return [.record(model: oldest, from: .failed, to: .notLoaded, cause: .evicted)]
        }
        let idle = entries.classes.compactMap { $0[.idle].first }
        guard let oldest = idle.min(by: { $0.lastUse < $1.lastUse }) else {
            throw BackendError(
                .resourceExhausted, .modelsFull,
                "the limit of \(limits.models) models of backend \(backend) is reached; unload one first",
                metadata: ["backend": backend, "limit": String(limits.models)])
        }
        return beginUnload(oldest.model, cause: .evicted, at: time)
    }
}

// MARK: Errors

extension ModelPool {
    private func error(
        _ kind: BackendError.Kind, _ reason: BackendError.Reason, _ model: String, _ message: String,
        _ more: [String: String] = [:], retryAfter: Duration? = nil
    ) -> BackendError {
        BackendError(
            kind, reason, message, metadata: ["backend": backend, "model": model].merging(more) { $1 },
            retryAfter: retryAfter)
    }

    var notStarted: BackendError { .backendNotStarted(backend) }

    /// What a caller hears that waits for a model of a backend that ends.
    func notWaitedFor(_ model: String, _ failure: BackendFailure?) -> BackendError {
        if let failure { return ended(model, "waited for", failure) }
        return error(
            .failedPrecondition, .backendNotStarted, model,
            "backend \(backend) was stopped while a caller waited for model \(BackendName.quoted(model))")
    }

    /// What the holder of a use hears when the backend has ended.
    func lost(_ model: String, _ failure: BackendFailure?) -> BackendError {
        if let failure { return ended(model, "in use", failure) }
        return error(
            .aborted, .modelUnloaded, model,
            "backend \(backend) was stopped while model \(BackendName.quoted(model)) was in use")
    }

    private func ended(_ model: String, _ state: String, _ failure: BackendFailure) -> BackendError {
        error(
            .unavailable, .backendFailed, model,
            "backend \(backend) failed while model \(BackendName.quoted(model)) was \(state): \(failure.message)",
            ["failure": failure.reason])
    }

    func queueFull(_ model: String, _ waiting: Int) -> BackendError {
        error(
            .resourceExhausted, .queueFull, model,
            "\(waiting) callers already wait for model \(BackendName.quoted(model)) of backend \(backend); try again"
                + " later", retryAfter: .seconds(1))
    }

    func noCapacity(_ model: String) -> BackendError {
        error(
            .resourceExhausted, .noCapacity, model,
            "model \(BackendName.quoted(model)) has no room in backend \(backend): only pinned models are loaded;"
                + " unload one, or raise max_loaded")
    }

    func loadCancelled(_ model: String) -> BackendError {
        error(
            .aborted, .loadCancelled, model,
            "model \(BackendName.quoted(model)) of backend \(backend) was unloaded on request while a caller waited for it"
        )
    }

    func unloaded(_ model: String) -> BackendError {
        error(
            .aborted, .modelUnloaded, model,
            "model \(BackendName.quoted(model)) of backend \(backend) was unloaded with force; resolve it again")
    }

    func failed(_ model: String, _ failure: BackendFailure?, retryAfter: Duration?) -> BackendError {
        let remedy = retryAfter == nil ? "fix the cause, then load it again" : "it is tried again after a pause"
        return error(
            .unavailable, .modelFailed, model,
            "model \(BackendName.quoted(model)) of backend \(backend) has failed: \(failure?.message ?? "unknown");"
                + " \(remedy)", failure.map { ["failure": $0.reason] } ?? [:], retryAfter: retryAfter)
    }
}
