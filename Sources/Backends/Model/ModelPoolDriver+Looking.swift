// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization
internal import SystemIO

/// Questions that change nothing but the time of the last use.
extension ModelPoolDriver {
    /// The endpoint of a loaded model, and whether the backend is started. The busiest question: one lock, and
    /// nothing is made.
    func look(at model: String) -> (endpoint: ModelEndpoint?, isOpen: Bool) {
        let now = clock.uptime()
        return state.withLock { state in
            guard state.pool.isOpen else { return (nil, false) }
            return (state.pool.readyEndpoint(of: model, at: now), true)
        }
    }

    /// Where the backend serves a model at once; nil if it does not.
    func endpoint(of model: String) -> ModelEndpoint? {
        let (ready, isOpen) = look(at: model)
        if let ready { return ready }
        guard isOpen, case .endpoint(let endpoint, _) = offer(of: model) else { return nil }
        return endpoint
    }

    /// How the backend serves a model. An endpoint that says nothing is not an answer: it would hide the backends after it.
    func offer(of model: String) -> ModelOffer {
        let offer = backend.offer(of: model)
        guard case .endpoint(let endpoint, _) = offer, !endpoint.isComplete else { return offer }
        return .declined(.addressMissing(model, name))
    }

    /// Whether the backend is stopped and, once started, may send the request of the context somewhere.
    func mayFollow<Context: RuntimeContext & ~Copyable & ~Escapable>(_ context: borrowing Context) -> Bool {
        guard followsRoutes.load(ordering: .relaxed), let routed = served.routed else { return false }
        return !isOpen && routed.contains(context)
    }

    var isOpen: Bool { state.withLock { $0.pool.isOpen } }

    /// Whether the model is loaded, or on its way.
    func isComing(_ model: String) -> Bool {
        switch modelState(model) {
        case .queued, .loading, .ready, .unready, .draining, .unloading: true
        case .notLoaded, .failed: false
        }
    }

    func modelState(_ model: String) -> ModelState {
        state.withLock { $0.pool.state(of: model) }
    }

    /// The state of a known but unavailable model, for how long it has had it, and why.
    func condition(of model: String) -> String? {
        let now = clock.uptime()
        guard let entry = state.withLock({ $0.pool.entries[model] }) else { return nil }
        let time = Duration.seconds((now - entry.stateTime).components.seconds)
        let reason: String? =
            switch entry.state {
            case .notLoaded: nil
            case .ready: entry.hasFreePlace ? nil : "all its places are taken"
            case .queued: "it waits for room"
            case .loading: "it is being loaded"
            case .draining, .unloading: "it is being unloaded"
            case .unready: entry.unready?.firstLine
            case .failed: entry.failure?.firstLine
            }
        return reason.map { "\(entry.state) for \(time.text): \($0)" }
    }

    /// What would become of a model that has to be loaded.
    func verdict(on request: ModelRequest, _ rules: ModelRules) -> (BackendVerdict.Verdict, String, [String]) {
        let now = clock.uptime()
        let (current, refusal) = state.withLock { state in
            (state.pool.state(of: request.model), state.pool.refusal(of: request.model, at: now))
        }
        if let refusal { return (.skip(refusal), refusal.message, []) }
        let evicted: [String]?
        do throws(BackendError) {
            evicted = try state.withLock { state throws(BackendError) in
                try state.pool.evicted(for: request.model, rules: rules)
            }
        } catch {
            guard current == .ready || current == .unready else { return (.skip(error), error.message, []) }
            evicted = []
        }
        switch current {
        case .unready: return (.wait, "it is loaded, and cannot be reached now", [])
        case .ready: return (.ready, "it is loaded", [])
        case .queued: return (.wait, "it waits for room", evicted ?? [])
        case .loading: return (.wait, "it is being loaded", [])
        case .draining, .unloading: return (.wait, "it is being unloaded and would be loaded again", [])
        case .notLoaded, .failed:
            guard request.startsAutomatically else {
                let error = BackendError.modelNotLoaded(request.model, name)
                return (.skip(error), error.message, [])
            }
            guard let evicted else { return (.wait, "it would wait for room", []) }
            let room = evicted.isEmpty ? "" : "; \(evicted.joined(separator: ", ")) would be unloaded to make room"
            return (.load, "it would be loaded\(room)", evicted)
        }
    }

    /// Why none of the models that its configuration names can be had now; nil if one can, or might.
    func unready(_ layers: BackendConfiguration) -> BackendFailure? {
        let names = served(layers).names
        return state.withLock { $0.pool.unready(serving: names) }
    }

    /// The models that are known, by name: the first ones after a name, as many as `limit` says.
    func snapshots(after name: String? = nil, limit: Int = .max) -> [ModelSnapshot] {
        let (now, uptime) = (clock.now(), clock.uptime())
        return state.withLock { $0.pool.entries.members(after: name, limit: limit) }.map { model, entry in
            ModelSnapshot(model, seen(entry, of: model), backend: self.name, now: now, uptime: uptime)
        }
    }

    /// A model that needs no loading is as ready as its backend is now.
    private func seen(_ entry: ModelPool.Entry, of model: String) -> ModelPool.Entry {
        guard entry.isStatic, entry.state == .ready, case .unavailable(let error) = offer(of: model) else {
            return entry
        }
        var entry = entry
        (entry.state, entry.endpoint, entry.unready) = (.unready, nil, BackendFailure(error))
        return entry
    }

    /// One model, also if it is served without being known.
    func snapshot(of model: String, rules: ModelRules, endpoint: ModelEndpoint?) -> ModelSnapshot {
        let (now, uptime) = (clock.now(), clock.uptime())
        let known = state.withLock { $0.pool.entries[model] }
        var entry = known ?? ModelPool.Entry(state: endpoint == nil ? .notLoaded : .ready, rules: rules)
        if known == nil { (entry.endpoint, entry.stateTime) = (endpoint, uptime) }
        return ModelSnapshot(model, entry, backend: name, now: now, uptime: uptime)
    }

    /// Uses under way of each of some models; nil stands for all models together.
    func uses(of models: [String?]) -> [Int] {
        state.withLock { state in
            models.map { model in
                model.map { state.pool.entries[$0]?.holders.count ?? 0 } ?? state.pool.entries.uses
            }
        }
    }
}

extension ModelSnapshot {
    init(_ model: String, _ entry: ModelPool.Entry, backend: String, now: Timestamp, uptime: Duration) {
        self.init(
            model: model, backend: backend, state: entry.state, failure: entry.state == .failed ? entry.failure : nil,
            unready: entry.state == .unready ? entry.unready : nil, endpoint: entry.endpoint, uses: entry.holders.count,
            waiting: entry.waiters.count, rules: entry.rules,
            stateTime: now - (uptime - entry.stateTime), loadDuration: entry.loadDuration)
    }
}
