// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends

/// A pool of models and what it decides, in words; each test moves the time.
struct PoolTranscript {
    var pool: ModelPool
    var time = Duration.zero

    init(capacity: ModelCapacity = ModelCapacity(), limits: ModelPool.Limits = ModelPool.Limits(), isOpen: Bool = true)
    {
        pool = ModelPool(backend: "b", limits: limits)
        if isOpen { pool.opened(capacity: capacity) }
    }

    /// Where a model is in these tests.
    static func place(_ model: String) -> ModelEndpoint { ModelEndpoint(address: "\(model):1") }

    static let broken = BackendError(.internal, .exited, "it broke")

    mutating func ask(
        _ model: String, by caller: CallerID, _ want: ModelPool.Want = .endpoint, rules: ModelRules = ModelRules(),
        isExplicit: Bool = false
    ) -> [String] {
        said { (pool, time) throws(BackendError) in
            try pool.requested(model, by: caller, want: want, rules: rules, isExplicit: isExplicit, at: time)
        }
    }

    mutating func use(_ model: String, by caller: CallerID, rules: ModelRules = ModelRules()) -> [String] {
        ask(model, by: caller, .use, rules: rules)
    }

    /// A use of a model that needs no loading.
    mutating func useThere(_ model: String, by caller: CallerID, rules: ModelRules = ModelRules()) -> [String] {
        said { (pool, time) throws(BackendError) in
            try pool.useRequested(model, by: caller, endpoint: Self.place(model), rules: rules, at: time)
        }
    }

    mutating func loaded(_ model: String, run: RunID, _ error: BackendError? = nil) -> [String] {
        said { (pool, time) throws(BackendError) in
            pool.loadFinished(
                model, run: run, error.map { .failure($0) } ?? .success(Self.place(model)), at: time)
        }
    }

    mutating func unloaded(_ model: String, run: RunID, _ error: BackendError? = nil) -> [String] {
        said { (pool, time) throws(BackendError) in pool.unloadFinished(model, run: run, error: error, at: time) }
    }

    mutating func release(_ model: String, by caller: CallerID) -> [String] {
        said { (pool, time) throws(BackendError) in pool.released(caller, model, at: time) }
    }

    mutating func leave(_ model: String, by caller: CallerID) -> [String] {
        said { (pool, time) throws(BackendError) in pool.callerLeft(caller, model, at: time) ?? [] }
    }

    mutating func roomTimePassed() -> [String] {
        said { (pool, time) throws(BackendError) in pool.roomTimePassed(at: time) }
    }

    mutating func unload(_ model: String, by caller: CallerID, force: Bool = false) -> [String] {
        said { (pool, time) throws(BackendError) in
            pool.unloadRequested(model, by: caller, force: force, at: time)
        }
    }

    /// Any other event.
    mutating func said(
        _ body: (inout ModelPool, Duration) throws(BackendError) -> [ModelPool.Action]
    ) -> [String] {
        do throws(BackendError) {
            return try body(&pool, time).compactMap(Self.words)
        } catch {
            return ["throws \(error.reason.rawValue)"]
        }
    }

    /// Brings models to `ready`, one after the other; their runs are 1, 2 and so on in a new pool.
    mutating func makeReady(_ models: String..., rules: ModelRules = ModelRules()) {
        for model in models {
            _ = ask(model, by: 1000, .load, rules: rules)
            _ = loaded(model, run: pool.newestRun)
            time += .seconds(1)
        }
    }

    /// Nil for what only has the time watched.
    private static func words(_ action: ModelPool.Action) -> String? {
        switch action {
        case .watchRoom: nil
        case .loaded(let caller, _, _, let changed): "succeed \(caller) \(changed)"
        case .record(let model, let old, let new, let cause, let failure):
            "\(model) \(old) \(new) \(cause.rawValue)" + (failure.map { " \($0.reason)" } ?? "")
        case .load(let model, let run): "load \(model) #\(run)"
        case .cancelLoad(let run): "cancel #\(run)"
        case .unload(let model, let run): "unload \(model) #\(run)"
        case .watchIdle(let model, let after): "watch \(model) \(after)"
        case .grant(let caller, let endpoint): "grant \(caller) \(endpoint.address)"
        case .succeed(let caller, let changed): "succeed \(caller) \(changed)"
        case .fail(let caller, let error): "fail \(caller) \(error.reason.rawValue)"
        case .lose(let caller, let error): "lose \(caller) \(error.reason.rawValue)"
        }
    }
}
