// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Loads a model and waits until it is ready; joins a load under way, and tries again whatever failed before.
    ///
    /// Without a backend the first in priority order that can loads it. Gives the model, and whether anything was done.
    package func loadModel(
        _ model: String, on backend: String? = nil, startsAutomatically: Bool = false
    ) async throws(BackendError) -> (model: ModelSnapshot, isChanged: Bool) {
        try ModelID.check(model)
        let targets = try routes.withLock { $0 }.selected(backend.map { [$0] } ?? [])
        var request = ModelRequest(model, waitsUntilReady: true, startsAutomatically: startsAutomatically)
        request.loads = true
        var walk = ModelWalk(request, targets)
        let step = walk.advance()
        return try await follow(walk, from: step) {
            (step, walk) async throws(BackendError) -> (model: ModelSnapshot, isChanged: Bool)? in
            switch step {
            case .exhausted:
                return nil
            case .found(let target, let endpoint, let rules?):
                return (target.models.snapshot(of: model, rules: rules, endpoint: endpoint), false)
            case .found(let target, _, nil):
                // It was ready a moment ago, and may have to be loaded by now.
                guard case .loadable(let rules) = target.models.offer(of: model) else { return nil }
                return try await self.load(model, rules, on: target.models)
            case .wait(let target, .load(let rules)):
                return try await self.load(model, rules, on: target.models)
            case .wait(let target, let wait):
                _ = try await self.prepare(target, wait, for: walk.request)
                return nil
            }
        }
    }

    private func load(
        _ model: String, _ rules: ModelRules, on models: BackendModels
    ) async throws(BackendError) -> (model: ModelSnapshot, isChanged: Bool)? {
        let asked = try models.request { (pool, caller, now) throws(BackendError) in
            try pool.requested(model, by: caller, want: .load, rules: rules, isExplicit: true, at: now)
        }
        guard case .loaded(let snapshot, let isChanged) = try await models.answer(to: asked, model) else { return nil }
        return (snapshot, isChanged)
    }

    /// Unloads a model: waits until nobody uses it, as long as `drain` says, or ends the uses there are with `force`.
    ///
    /// Without a backend every one that has it unloads it. Gives the names of those that did something: a model that a backend would
    /// load, and has not, is not an error; one that is served without being loaded is, and so is one that none of them serves.
    package func unloadModel(
        _ model: String, from backend: String? = nil, force: Bool = false, drain: Duration? = nil
    ) async throws(BackendError) -> [String] {
        try ModelID.check(model)
        let limit = try Self.checkedWait(drain, field: "drain") ?? .seconds(30)
        let targets = try routes.withLock { $0 }.selected(backend.map { [$0] } ?? [])
        var (changed, isKnown, failure): ([String], Bool, BackendError?) = ([], false, nil)
        for target in targets {
            // With many backends nearly all of them have nothing of it.
            if target.models.modelState(model) == .notLoaded { continue }
            isKnown = true
            do throws(BackendError) {
                if try await unload(model, from: target, force, limit) { changed.append(target.name) }
            } catch {
                if error.reason == .callerCancelled { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return changed.isEmpty ? try await nothingUnloaded(model, targets, isKnown: isKnown) : changed
    }

    /// What it means that no backend had anything to unload.
    private func nothingUnloaded(
        _ model: String, _ targets: [ContextRoutes.Target], isKnown: Bool
    ) async throws(BackendError) -> [String] {
        var isServed = isKnown
        var serving: ContextRoutes.Target?
        for (index, target) in targets.enumerated() {
            if index > 0, index.isMultiple(of: Self.looksPerTurn) { await Task.yield() }
            guard target.models.isOpen else {
                guard servesOnceStarted(model, target) else { continue }
                if !target.models.served.isInProcess { return [] }
                isServed = true
                continue
            }
            switch target.models.offer(of: model) {
            case .loadable: return []
            case .endpoint, .unavailable: if serving?.models.served.isInProcess ?? true { serving = target }
            case .declined: isServed = true
            case .notServed: continue
            }
        }
        if let serving { throw .notUnloadable(model, serving.name) }
        guard isServed else { throw .modelNotFound(model, asked: targets.map(\.name)) }
        return []
    }

    /// Whether the model could be asked for there once the backend is started.
    private func servesOnceStarted(_ model: String, _ target: ContextRoutes.Target) -> Bool {
        guard let entry = state.withLock({ $0.entries[target.name] }) else { return false }
        return target.models.served(entry.layers).refusal(model) != .notServed
    }

    private func unload(
        _ model: String, from target: ContextRoutes.Target, _ force: Bool, _ limit: Duration
    ) async throws(BackendError) -> Bool {
        let models = target.models
        let asked = try models.request { (pool, caller, now) throws(BackendError) in
            pool.unloadRequested(model, by: caller, force: force, at: now)
        }
        return try await withTaskGroup(of: Void.self) { group async -> Result<Bool, BackendError> in
            group.addTask {
                guard (try? await self.clock.sleep(for: limit)) != nil else { return }
                models.giveUpUnloading(asked.caller, model)
            }
            defer { group.cancelAll() }
            return await Self.result { () async throws(BackendError) in
                guard case .done(let isChanged) = try await models.answer(to: asked, model) else { return false }
                return isChanged
            }
        }.get()
    }

    /// A client's call to a model ended with a code of gRPC: the backend looks, and restarts what is unhealthy.
    ///
    /// Only codes that a broken server gives make it look. Without a backend it is the one that would be resolved now.
    package func reportFailure(
        of model: String, on backend: String? = nil, code: Int32
    ) async throws(BackendError) -> (backend: String, verdict: FailureVerdict) {
        try ModelID.check(model)
        let targets = try routes.withLock { $0 }.selected(backend.map { [$0] } ?? [])
        var request = ModelRequest(model, waitsUntilReady: true)
        request.loads = backend != nil
        var walk = ModelWalk(request, targets)
        let serving: ContextRoutes.Target
        switch walk.advance() {
        case .found(let target, _, _), .wait(let target, _): serving = target
        case .exhausted: throw backend.map { .modelNotLoaded(model, $0) } ?? .modelNotFound(model)
        }
        guard Self.suspiciousCodes.contains(code) else { return (serving.name, .ignored) }
        return (serving.name, try await serving.backend.examine(model))
    }

    /// UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL and UNAVAILABLE.
    private static let suspiciousCodes: Set<Int32> = [2, 4, 10, 13, 14]
}
