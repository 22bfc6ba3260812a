// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// The longest wait for a model or for the end of its uses.
    package static let modelWaitLimit = Duration.seconds(3600)

    /// Uses a model: from now until the use is released it is not unloaded, except with force.
    ///
    /// Waits for the model and for a free place as long as `wait` says; nil or zero: not at all. A caller that gives up frees its place in
    /// the queue at once. `redirects` is where the context sends the request; a backend that is started for it is handed the
    /// context then.
    package func use(
        _ request: ModelRequest, redirects: RequestRoutes = RequestRoutes(), context: OwnedRuntimeContext? = nil,
        wait: Duration? = nil
    ) async throws(BackendError) -> ModelUse {
        try ModelID.check(request.model)
        let limit = try Self.checkedWait(wait, field: "wait") ?? .zero
        var request = request
        request.waitsUntilReady = limit > .zero
        let walk = try walk(for: request, redirects)
        guard limit > .zero else { return try await take(walk, context) }
        let wanted = request
        let work = { @Sendable () async throws(BackendError) -> ModelUse in try await self.take(walk, context) }
        return try await first(of: work, until: limit) {
            .modelNotReady(wanted.model, within: limit, self.condition(of: wanted.model, on: wanted.backends))
        }
    }

    /// Walks until a backend gives a place.
    private func take(
        _ walk: ModelWalk, _ context: OwnedRuntimeContext?
    ) async throws(BackendError) -> ModelUse {
        var walk = walk
        let step = walk.advance()
        return try await complete(walk, from: step, context) { (step, walk) async throws(BackendError) -> ModelUse? in
            switch step {
            case .exhausted:
                return nil
            case .found(let member, let endpoint, let rules):
                return try await self.place(at: member, endpoint, rules, walk)
            case .wait(let member, .load(let rules)):
                return try await self.place(at: member, nil, rules, walk)
            case .wait(let member, let wait):
                _ = try await self.prepare(member, wait, for: walk.request)
                return nil
            }
        }
    }

    /// Asks for a place; with an endpoint when there is nothing to load.
    private func place(
        at member: PriorityList.Member, _ endpoint: ModelEndpoint?, _ rules: ModelRules?, _ walk: ModelWalk
    ) async throws(BackendError) -> ModelUse? {
        let (model, models) = (walk.request.model, member.models)
        // One that was ready a moment ago may have to be loaded by now.
        let given = rules
        var rules = rules
        if rules == nil, case .loadable(let offered) = member.models.offer(of: model) { rules = offered }
        let asked = try models.request { (pool, caller, now) throws(BackendError) in
            if let endpoint, let rules = given {
                return try pool.useRequested(model, by: caller, endpoint: endpoint, rules: rules, at: now)
            }
            return try pool.requested(model, by: caller, want: .use, rules: rules ?? ModelRules(), at: now)
        }
        if !walk.request.waitsUntilReady && !asked.reply.isSet {
            let condition = models.condition(of: model)
            models.leave(asked.caller, model)
            throw .modelNotReady(model, member.name, condition)
        }
        guard let result = await asked.reply.value() else {
            models.leave(asked.caller, model)
            throw .callerCancelled
        }
        guard case .endpoint(let endpoint) = try result.get() else { return nil }
        let resolved = ResolvedModel(backend: member.name, endpoint: endpoint, skipped: walk.skipped)
        return ModelUse(resolved, of: model, caller: asked.caller, models: models, loss: asked.loss)
    }

    static func checkedWait(_ wait: Duration?, field: String) throws(BackendError) -> Duration? {
        guard let wait, wait < .zero || wait > modelWaitLimit else { return wait }
        let rule = "must be from 0s to \(modelWaitLimit.text)"
        throw BackendError(
            .invalidArgument, .waitInvalid, "cannot wait for \(wait.exactText): it \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }

    static func result<Value: Sendable>(
        _ work: () async throws(BackendError) -> Value
    ) async -> Result<Value, BackendError> {
        do throws(BackendError) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}
