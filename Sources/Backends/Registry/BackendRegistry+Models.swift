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
        var request = ModelRequest(
            model, backends: backend.map { [$0] } ?? [], waitsUntilReady: true, startsAutomatically: startsAutomatically
        )
        request.loads = true
        var walk = try walk(for: request)
        let step = walk.advance()
        return try await complete(walk, from: step) {
            (step, walk) async throws(BackendError) -> (model: ModelSnapshot, isChanged: Bool)? in
            switch step {
            case .exhausted:
                return nil
            case .found(let member, let endpoint, let rules?):
                return (member.models.snapshot(of: model, rules: rules, endpoint: endpoint), false)
            case .found(let member, _, nil):
                // It was ready a moment ago, and may have to be loaded by now.
                guard case .loadable(let rules) = member.models.offer(of: model) else { return nil }
                return try await self.load(model, rules, on: member.models)
            case .wait(let member, .load(let rules)):
                return try await self.load(model, rules, on: member.models)
            case .wait(let member, let wait):
                _ = try await self.prepare(member, wait, for: walk.request)
                return nil
            }
        }
    }

    private func load(
        _ model: String, _ rules: ModelRules, on models: ModelPoolDriver
    ) async throws(BackendError) -> (model: ModelSnapshot, isChanged: Bool)? {
        let asked = try models.request { (pool, caller, now) throws(BackendError) in
            try pool.requested(model, by: caller, want: .load, rules: rules, isExplicit: true, at: now)
        }
        guard case .loaded(let snapshot, let isChanged) = try await models.answer(to: asked, model) else { return nil }
        return (snapshot, isChanged)
    }

    /// Unloads a model: waits until it is not in use, as long as `drain` says, or ends its uses with `force`.
    ///
    /// Without a backend every one that has it unloads it. Returns the names of those that did something. A model that a backend would
    /// load but has not loaded is not an error. A model that is served without being loaded is an error, and so is one that none of the
    /// backends serves.
    package func unloadModel(
        _ model: String, from backend: String? = nil, force: Bool = false, drain: Duration? = nil
    ) async throws(BackendError) -> [String] {
        try ModelID.check(model)
        let limit = try Self.checkedWait(drain, field: "drain") ?? Self.modelDrain
        let members = try members(named: backend, serving: model)
        var (changed, isKnown, failure): ([String], Bool, BackendError?) = ([], false, nil)
        for member in members {
            if member.models.modelState(model) == .notLoaded { continue }
            isKnown = true
            do throws(BackendError) {
                if try await unload(model, from: member, force, limit) { changed.append(member.name) }
            } catch {
                if error.reason == .callerCancelled { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        if changed.isEmpty { try await checkUnloadable(model, members, isKnown: isKnown, on: backend) }
        return changed
    }

    /// When no backend had anything to unload: throws unless one of them could load the model.
    private func checkUnloadable(
        _ model: String, _ members: [PriorityList.Member], isKnown: Bool, on backend: String?
    ) async throws(BackendError) {
        var isServed = isKnown
        var serving: PriorityList.Member?
        for (index, member) in members.enumerated() {
            if index > 0, index.isMultiple(of: Self.checksPerTurn) { await Task.yield() }
            guard member.models.isOpen else {
                guard servesOnceStarted(model, member) else { continue }
                if !member.models.served.isInProcess { return }
                isServed = true
                continue
            }
            switch member.models.offer(of: model) {
            case .loadable: return
            case .endpoint, .unavailable: if serving?.models.served.isInProcess ?? true { serving = member }
            case .declined: isServed = true
            case .notServed: continue
            }
        }
        if let serving { throw .notUnloadable(model, serving.name) }
        guard isServed else {
            let asked = try self.members(named: backend)
            throw .modelNotFound(model, asked: asked.prefix(SkippedBackends.limit).map(\.name), of: asked.count)
        }
    }

    /// Whether the model could be asked for there once the backend is started.
    private func servesOnceStarted(_ model: String, _ member: PriorityList.Member) -> Bool {
        guard let backend = try? backend(member.name) else { return false }
        return backend.served.refusal(model) != .notServed
    }

    func unload(
        _ model: String, from member: PriorityList.Member, _ force: Bool, _ limit: Duration
    ) async throws(BackendError) -> Bool {
        let models = member.models
        let asked = try models.request { (pool, caller, now) throws(BackendError) in
            pool.unloadRequested(model, by: caller, force: force, at: now)
        }
        return try await withDeadline(after: limit, sleep: clock.sleep(for:)) {
            models.giveUpUnloading(asked.caller, model)
        } _: { () async throws(BackendError) in
            guard case .done(let isChanged) = try await models.answer(to: asked, model) else { return false }
            return isChanged
        }
    }

    /// A client's call to a model ended with a code of gRPC: the backend looks, and restarts what is unhealthy.
    ///
    /// Only codes that a broken server gives make it look. Without a backend it is the one that would be resolved now.
    package func reportFailure(
        of model: String, on backend: String? = nil, code: Int32
    ) async throws(BackendError) -> (backend: String, verdict: FailureVerdict) {
        try ModelID.check(model)
        var request = ModelRequest(model, backends: backend.map { [$0] } ?? [], waitsUntilReady: true)
        request.loads = backend != nil
        var walk = try walk(for: request)
        let serving: PriorityList.Member
        switch walk.advance() {
        case .found(let member, _, _), .wait(let member, _): serving = member
        case .exhausted: throw backend.map { .modelNotLoaded(model, $0) } ?? .modelNotFound(model)
        }
        guard Self.suspiciousCodes.contains(code) else { return (serving.name, .ignored) }
        return (serving.name, try await serving.backend.examine(model))
    }

    /// UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL and UNAVAILABLE.
    private static let suspiciousCodes: Set<Int32> = [2, 4, 10, 13, 14]
}
