// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The models of one backend: which are loaded, which callers wait for one or use one, and which have to go to make room.
///
/// A value without clocks, tasks or locks: requests and events go in, ``Action`` comes out, and the driver carries the actions out
/// in order. Each caller that went in comes out exactly once, in `grant`, `loaded`, `succeed` or `fail`, unless it left before; a granted
/// use stays until it is released or lost.
///
/// Models wait for room first come, first served. Room is made by unloading the idle models that were not used for the longest time;
/// one that is being loaded, in use or pinned never has to go. Once a model has waited for room for `fairAfter`, later users of the
/// models in its way wait behind it. A load whose callers have all left is dropped, unless models are already being unloaded for
/// it and no other model waits for the room. Times are those of a monotonic clock.
package struct ModelPool: Sendable {
    /// How the models of a backend are bounded.
    package struct Limits: Hashable, Sendable {
        /// Models that are known at a time, the failed ones included.
        package var models = 1024
        /// Callers that wait for one model.
        package var callers = 4096

        package init() {}
    }

    let backend: String
    let limits: Limits
    var capacity = ModelCapacity()
    /// Whether the backend is started.
    package internal(set) var isOpen = false
    /// Whether the daemon is about to end, so that no load begins.
    private(set) var refusesLoads = false
    var entries = ModelTable()
    var lastRun = RunID.none
    /// The model that has waited for room long enough that others yield, and those that do.
    var yieldingTo: String?
    var yielding: [String] = []
    var isRoomWatched = false
    /// When the idle time of a model that is watched ends, by name.
    var idleWatches: TextMap<Duration> = [:]

    package init(backend: String, limits: Limits = Limits()) {
        self.backend = backend
        self.limits = limits
    }

    package func state(of model: String) -> ModelState {
        entries[model]?.state ?? .notLoaded
    }

    /// The load or unload that began last.
    package var newestRun: RunID { lastRun }

    /// Whether no use is under way.
    package var isUnused: Bool { entries.uses == 0 }
}

// MARK: The backend

extension ModelPool {
    /// The backend is started.
    package mutating func opened(capacity: ModelCapacity) {
        self.capacity = capacity
        isOpen = true
    }

    /// The backend begins to stop: no caller gets anything from now on, and those that wait are told.
    ///
    /// Uses may go on until ``cleared(_:)``. `failure` is set if the backend stops because it failed.
    package mutating func closed(_ failure: BackendFailure? = nil) -> [Action] {
        isOpen = false
        stopYielding()
        var actions: [Action] = []
        for model in entries.names {
            let change = entries.update(model) { entry -> (waiters: [Waiter], cancelled: RunID?) in
                let waiters = entry.waiters.takeAll()
                guard entry.state == .loading, let run = entry.run else { return (waiters, nil) }
                entry.state = .unloading
                return (waiters, run)
            }
            guard let change else { continue }
            let error = notWaitedFor(model, failure)
            actions += change.waiters.map { .fail($0.caller, error) }
            if let run = change.cancelled {
                actions.append(.record(model: model, from: .loading, to: .unloading, cause: .backendStopped))
                actions.append(.cancelLoad(run: run))
            }
        }
        return actions
    }

    /// The daemon is about to end: a load that has not begun never begins, and its callers are told.
    package mutating func loadsRefused(at time: Duration) -> [Action] {
        refusesLoads = true
        var actions: [Action] = []
        for model in entries.names where state(of: model) == .queued {
            let waiters = entries.update(model) { $0.waiters.takeAll() } ?? []
            actions += waiters.map { .fail($0.caller, .shuttingDown) } + abandon(model, at: time)
        }
        return actions
    }

    /// Nothing of the backend runs any more: its models are gone, and so are their uses.
    package mutating func cleared(_ failure: BackendFailure? = nil) -> [Action] {
        var actions = closed(failure)
        for (model, entry) in entries.members(after: nil, limit: .max) {
            let error = lost(model, failure)
            actions += entry.holders.sorted().map { .lose($0, error) }
            actions += entry.unloaders.sorted().map { .succeed($0, changed: true) }
            guard !entry.isStatic else { continue }
            actions.append(.record(model: model, from: entry.state, to: .notLoaded, cause: .backendStopped))
        }
        entries = ModelTable()
        return actions
    }
}

// MARK: Asking

extension ModelPool {
    /// The endpoint of a model that is ready and needs no place; counts as a use of this moment. The busiest question.
    package mutating func readyEndpoint(of model: String, at time: Duration) -> ModelEndpoint? {
        entries.readyEndpoint(of: model, at: time)
    }

    /// A caller wants something of a model that has to be loaded. `isExplicit` tries again whatever failed before.
    package mutating func requested(
        _ model: String, by caller: CallerID, want: Want, rules: ModelRules, isExplicit: Bool = false,
        at time: Duration
    ) throws(BackendError) -> [Action] {
        guard isOpen else { throw notStarted }
        switch state(of: model) {
        case .ready, .unready:
            return try requestedReady(model, by: caller, want: want, at: time)
        case .queued, .loading, .draining, .unloading:
            try join(model, Waiter(caller: caller, want: want))
            return []
        case .notLoaded, .failed:
            return try enqueue(Waiter(caller: caller, want: want), for: model, rules, isExplicit: isExplicit, at: time)
        }
    }

    /// Queues a model that is not loaded, with its first waiter.
    private mutating func enqueue(
        _ waiter: Waiter, for model: String, _ rules: ModelRules, isExplicit: Bool, at time: Duration
    ) throws(BackendError) -> [Action] {
        if refusesLoads { throw .shuttingDown }
        let known = entries[model]
        let making = known == nil ? try roomForEntry(at: time) : []
        var entry = known ?? Entry(state: .notLoaded, rules: rules)
        if entry.state == .failed { try requireRetryAllowed(entry, model, isExplicit, at: time) }
        entry.rules = rules
        entry.isGivenUp = false
        if let waiting = entry.waitingTooMany(for: waiter, limit: limits.callers) {
            throw queueFull(model, waiting)
        }
        entry.waiters.append(waiter)
        let old = entry.state
        entry.state = .queued
        entry.stateTime = time
        entries[model] = entry
        return making + [.record(model: model, from: old, to: .queued, cause: .loadRequested)] + advance(at: time)
    }

    /// A caller wants to use a model at a given endpoint, because the backend serves the model without loading it or the context
    /// named another place.
    package mutating func useRequested(
        _ model: String, by caller: CallerID, endpoint: ModelEndpoint, rules: ModelRules, at time: Duration
    ) throws(BackendError) -> [Action] {
        guard isOpen else { throw notStarted }
        var making: [Action] = []
        if entries[model] == nil {
            making = try roomForEntry(at: time)
            entries[model] = Entry(state: .ready, rules: rules, isStatic: true, endpoint: endpoint, stateTime: time)
        }
        switch state(of: model) {
        case .ready: break
        case .failed:
            // It may be loaded again, like for any other caller, and is used at the place of this one then.
            return try enqueue(
                Waiter(caller: caller, want: .use, route: endpoint), for: model, rules, isExplicit: false, at: time)
        case .notLoaded, .queued, .loading, .unready, .draining, .unloading:
            try join(model, Waiter(caller: caller, want: .use, route: endpoint))
            return []
        }
        do throws(BackendError) {
            return making + (try requestedReady(model, by: caller, want: .use, route: endpoint, at: time))
        } catch {
            forgetIfUnused(model)
            throw error
        }
    }

    /// In place, as `join` is.
    private mutating func requestedReady(
        _ model: String, by caller: CallerID, want: Want, route: ModelEndpoint? = nil, at time: Duration
    ) throws(BackendError) -> [Action] {
        let action = entries.update(model) { entry -> Action? in
            entry.lastUse = time
            if want == .load, entry.state == .ready {
                return .loaded(caller, model: model, entry, changed: false)
            }
            guard want != .load, let endpoint = route ?? entry.endpoint, want == .endpoint || entry.takesUses else {
                return nil
            }
            if want == .use { entry.holders.insert(caller) }
            return .grant(caller, endpoint)
        }
        if let granted = action ?? nil { return [granted] }
        try join(model, Waiter(caller: caller, want: want, route: route))
        return []
    }

    /// In place: a copy of the entry takes time in proportion to its waiting callers.
    private mutating func join(_ model: String, _ waiter: Waiter) throws(BackendError) {
        let limit = limits.callers
        let waiting = entries.update(model) { entry -> Int? in
            if let waiting = entry.waitingTooMany(for: waiter, limit: limit) { return waiting }
            entry.waiters.append(waiter)
            return nil
        }
        if let waiting = waiting ?? nil { throw queueFull(model, waiting) }
    }

    private func requireRetryAllowed(
        _ entry: Entry, _ model: String, _ isExplicit: Bool, at time: Duration
    ) throws(BackendError) {
        if !isExplicit, let error = refusal(of: model, entry, at: time) { throw error }
    }

    /// Why a model that failed is not tried again by itself now; nil if it is.
    package func refusal(of model: String, at time: Duration) -> BackendError? {
        entries[model].flatMap { $0.state == .failed ? refusal(of: model, $0, at: time) : nil }
    }

    /// One that failed once is tried again at once; then there are pauses, so that callers get the error and not the wait.
    private func refusal(of model: String, _ entry: Entry, at time: Duration) -> BackendError? {
        if entry.failures <= 1 && !entry.isGivenUp { return nil }
        let pause = Duration.seconds(min(60, 1 << min(entry.failures - 2, 6)))
        let rest = entry.stateTime + pause - time
        if rest <= .zero && !entry.isGivenUp { return nil }
        return failed(model, entry.failure, retryAfter: entry.isGivenUp ? nil : rest)
    }

    /// A caller stops waiting; nil when it does not wait here. A load that has begun goes on, and so does one that others were unloaded
    /// for when nothing else waits for the room. Any other load without callers never begins.
    package mutating func callerLeft(_ caller: CallerID, _ model: String, at time: Duration) -> [Action]? {
        guard entries.update(model, { $0.waiters.remove(caller) }) == true else { return nil }
        if entries[model].map(isAbandoned) == true { return abandon(model, at: time) + advance(at: time) }
        // It may be idle now, and make room.
        return watchIdle(model, at: time) + advance(at: time)
    }
}

// MARK: Using

extension ModelPool {
    /// A use has ended. Does nothing if it was lost before.
    package mutating func released(_ caller: CallerID, _ model: String, at time: Duration) -> [Action] {
        let left = entries.update(model) { entry -> (state: ModelState, isLast: Bool)? in
            guard entry.holders.remove(caller) != nil else { return nil }
            entry.lastUse = time
            return (entry.state, entry.holders.isEmpty)
        }
        guard let (state, isLast) = left ?? nil else { return [] }
        switch state {
        case .draining where isLast:
            return beginUnload(model, cause: .drained, at: time)
        case .ready, .unready:
            return serveWaiters(model, at: time) + watchIdle(model, at: time) + advance(at: time)
        case .notLoaded, .queued, .loading, .draining, .unloading, .failed:
            return []
        }
    }

    /// The time for which the driver was told to watch has passed.
    package mutating func idleTimePassed(_ model: String, at time: Duration) -> [Action] {
        guard let end = idleWatches[model] else { return [] }
        // A clock may be a little early.
        if time < end { return [.watchIdle(model: model, after: end - time)] }
        idleWatches[model] = nil
        guard let entry = entries[model], entry.isLoaded, entry.isIdle, let ttl = entry.rules.ttl, !entry.rules.isPinned
        else { return [] }
        guard time - entry.lastUse >= ttl else { return watchIdle(model, at: time) }
        return beginUnload(model, cause: .idle, at: time)
    }
}

// MARK: What the backend reports

extension ModelPool {
    package mutating func loadFinished(
        _ model: String, run: RunID, _ result: Result<ModelEndpoint, BackendError>, at time: Duration
    ) -> [Action] {
        guard var entry = entries[model], entry.run == run else { return [] }
        entry.run = nil
        let old = entry.state
        switch (result, old) {
        case (.success, .unloading):
            // It was cancelled but had already ended.
            entry.run = nextRun()
            entries[model] = entry
            return [.unload(model: model, run: lastRun)]
        case (.failure, .unloading):
            entries[model] = entry
            return gone(model, cause: .unloaded, at: time)
        case (.success(let endpoint), _):
            entry.state = .ready
            entry.endpoint = entry.movedTo ?? endpoint
            entry.loadDuration = time - entry.stateTime
            (entry.stateTime, entry.lastUse) = (time, time)
            (entry.failures, entry.failure) = (0, nil)
            entries[model] = entry
            var ready: [Action] = [.record(model: model, from: old, to: .ready, cause: .loaded)]
            if entry.endpoint == nil { ready += becomeUnready(model, at: time) }
            if let failure = entry.brokenBy { return ready + brokeDown(model, failure, at: time) + advance(at: time) }
            return ready + serveWaiters(model, at: time) + watchIdle(model, at: time) + advance(at: time)
        case (.failure(let error), _):
            entries[model] = entry
            return fail(model, BackendFailure(error), error, cause: .loadFailed, at: time) + advance(at: time)
        }
    }

    package mutating func unloadFinished(
        _ model: String, run: RunID, error: BackendError?, at time: Duration
    ) -> [Action] {
        guard var entry = entries[model], entry.run == run else { return [] }
        entry.run = nil
        entries[model] = entry
        switch entry.state {
        case .unloading:
            guard let error else { return gone(model, cause: .unloaded, at: time) }
            return fail(model, BackendFailure(error), error, cause: .unloadFailed, at: time) + advance(at: time)
        case .failed, .queued:
            // What a breakdown left is cleared away.
            return advance(at: time)
        case .notLoaded, .loading, .ready, .unready, .draining:
            return []
        }
    }

    /// Why a model cannot be reached, told before it has moved; nil: it can.
    package mutating func unreadyBecause(_ failure: BackendFailure?, _ model: String) {
        _ = entries.update(model) { $0.unready = failure }
    }

    /// A loaded model can be reached at another place, or not at all for the moment.
    package mutating func moved(_ model: String, to endpoint: ModelEndpoint?, at time: Duration) -> [Action] {
        switch state(of: model) {
        case .ready, .unready:
            _ = entries.update(model) { $0.endpoint = endpoint }
            if endpoint == nil { return becomeUnready(model, at: time) }
            return becomeReady(model, at: time) + serveWaiters(model, at: time) + watchIdle(model, at: time)
                + advance(at: time)
        case .draining:
            _ = entries.update(model) { $0.endpoint = endpoint }
            return []
        case .loading:
            _ = entries.update(model) { $0.movedTo = .some(endpoint) }
            return []
        case .notLoaded, .queued, .unloading, .failed:
            return []
        }
    }

    /// A loaded model broke down, and only an explicit request loads it again.
    package mutating func brokeDown(_ model: String, _ failure: BackendFailure, at time: Duration) -> [Action] {
        guard var entry = entries[model] else { return [] }
        if entry.state == .loading { entries[model]?.brokenBy = failure }
        guard entry.isLoaded || entry.state == .draining else { return [] }
        entry.isGivenUp = true
        entry.run = nextRun()
        entries[model] = entry
        return fail(model, failure, failed(model, failure, retryAfter: nil), cause: .modelFailed, at: time)
            + [.unload(model: model, run: lastRun)]
    }
}
