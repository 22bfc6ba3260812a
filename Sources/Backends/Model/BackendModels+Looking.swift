// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Questions that change nothing but the time of the last use.
extension BackendModels {
    /// Where a loaded model is that needs nothing more, and whether the backend is started. The busiest question: one lock, and
    /// nothing is made.
    func look(at model: String) -> (endpoint: ModelEndpoint?, isOpen: Bool) {
        let now = clock.uptime()
        return state.withLock { state in
            guard state.pool.isOpen else { return (nil, false) }
            return (state.pool.readyEndpoint(of: model, at: now), true)
        }
    }

    var isOpen: Bool { state.withLock { $0.pool.isOpen } }

    /// Whether the model is loaded, or on its way.
    func isComing(_ model: String) -> Bool {
        switch modelState(model) {
        case .queued, .loading, .ready, .draining, .unloading: true
        case .notLoaded, .failed: false
        }
    }

    func modelState(_ model: String) -> ModelState {
        state.withLock { $0.pool.state(of: model) }
    }

    /// What would become of a model that has to be loaded.
    func verdict(on request: ModelRequest, _ rules: ModelRules) -> (BackendVerdict.Verdict, String, [String]) {
        let now = clock.uptime()
        let (current, isReachable, refusal) = state.withLock { state in
            let entry = state.pool.entries[request.model]
            return (
                entry?.state ?? .notLoaded, entry?.endpoint != nil, state.pool.refusal(of: request.model, at: now)
            )
        }
        if let refusal { return (.skip(refusal), refusal.message, []) }
        let evicted: [String]?
        do throws(BackendError) {
            evicted = try state.withLock { state throws(BackendError) in
                try state.pool.evicted(for: request.model, rules: rules)
            }
        } catch {
            guard current == .ready else { return (.skip(error), error.message, []) }
            evicted = []
        }
        switch current {
        case .ready where !isReachable: return (.wait, "it is loaded, and cannot be reached now", [])
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

    /// Every model that is known, by name.
    func snapshots() -> [ModelSnapshot] {
        let (now, uptime) = (clock.now(), clock.uptime())
        return state.withLock { state in
            state.pool.entries.sorted { $0.key < $1.key }.map { model, entry in
                ModelSnapshot(model, entry, backend: name, now: now, uptime: uptime)
            }
        }
    }

    /// One model, also where it is served without being known.
    func snapshot(of model: String, rules: ModelRules, endpoint: ModelEndpoint?) -> ModelSnapshot {
        let (now, uptime) = (clock.now(), clock.uptime())
        let known = state.withLock { $0.pool.entries[model] }
        var entry = known ?? ModelPool.Entry(state: endpoint == nil ? .notLoaded : .ready, rules: rules)
        if known == nil { (entry.endpoint, entry.stateTime) = (endpoint, uptime) }
        return ModelSnapshot(model, entry, backend: name, now: now, uptime: uptime)
    }

    /// Uses under way, by model.
    func uses() -> [String: Int] {
        state.withLock { state in
            state.pool.entries.mapValues(\.holders.count).filter { $0.value > 0 }
        }
    }
}

extension ModelSnapshot {
    fileprivate init(_ model: String, _ entry: ModelPool.Entry, backend: String, now: Timestamp, uptime: Duration) {
        self.init(
            model: model, backend: backend, state: entry.state, failure: entry.state == .failed ? entry.failure : nil,
            endpoint: entry.endpoint, uses: entry.holders.count, waiting: entry.waiters.count, rules: entry.rules,
            stateTime: now - (uptime - entry.stateTime), loadDuration: entry.loadDuration)
    }
}
