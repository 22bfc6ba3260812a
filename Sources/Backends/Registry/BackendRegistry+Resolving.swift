// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// Where the model is: at the first backend in priority order that serves it.
    ///
    /// Does not wait: when something has to be started, loaded or waited for, the answer says so and the caller resumes it.
    /// `redirects` is where the context of the request sends it.
    package func resolve(
        _ request: ModelRequest, redirects: RequestRoutes = RequestRoutes()
    ) throws(BackendError) -> ModelResolution {
        try ModelID.check(request.model)
        let list = priorityList.withLock { $0 }
        var walk = try ModelWalk(request, list, redirects: redirects)
        switch walk.advance() {
        case .found(let member, let endpoint, _):
            let resolved = ResolvedModel(backend: member.name, endpoint: endpoint, skipped: walk.skipped)
            if walk.isDecidedByOne, redirects.isEmpty { keep(resolved, request, member, list) }
            return .finished(resolved)
        case .wait(let member, let wait):
            return .pending(PendingResolution(registry: self, walk: walk, step: .wait(member, wait)))
        case .exhausted:
            throw walk.failure
        }
    }

    /// Sets what encodes the answer about a model that a backend serves.
    package func answerResolutions(with encode: @escaping @Sendable (ResolvedModel) -> [UInt8]?) {
        priorityList.withLock { $0.resolutionAnswer = encode }
    }

    /// The answer to a request that names a model alone, if the same was answered before; nil: see ``resolve(_:redirects:)``. The
    /// busiest answer: nothing is made.
    package func keptAnswer(for model: Span<UInt8>, allowsInProcess: Bool) -> [UInt8]? {
        guard let kept = priorityList.withLock({ $0.resolution(of: model) }),
            allowsInProcess || !kept.endpoint.isInProcess, kept.models.endpoint(of: kept.model) == kept.endpoint
        else { return nil }
        return kept.answer
    }

    private func keep(
        _ resolved: ResolvedModel, _ request: ModelRequest, _ member: PriorityList.Member, _ list: PriorityList
    ) {
        guard let answer = list.resolutionAnswer(resolved) else { return }
        let kept = KeptResolutions.Entry(request.model, of: member.models, at: resolved.endpoint, answer: answer)
        priorityList.withLock { $0.keep(kept, ofVersion: list.version) }
    }

    func walk(
        for request: ModelRequest, _ redirects: RequestRoutes = RequestRoutes()
    ) throws(BackendError) -> ModelWalk {
        try ModelWalk(request, priorityList.withLock { $0 }, redirects: redirects)
    }

    /// Continues the walk until a visit gives something: the same backend is looked at again after one that gave nothing, and passed over
    /// after one that failed. One that was started meanwhile is handed the context that it has missed.
    func complete<Value>(
        _ walk: ModelWalk, from step: ModelWalk.Step, _ context: OwnedRuntimeContext? = nil,
        _ visit: (ModelWalk.Step, ModelWalk) async throws(BackendError) -> Value?
    ) async throws(BackendError) -> Value {
        var (walk, step) = (walk, step)
        while true {
            if case .exhausted = step { throw walk.failure }
            do throws(BackendError) {
                if let value = try await visit(step, walk) { return value }
                if case .wait(let member, .start) = step {
                    var missed: [ContextResult] = []
                    if let context { missed = try await results(of: context, on: member) }
                    walk.asked(member, missed)
                }
            } catch {
                if error.reason == .callerCancelled || error.reason == .shuttingDown { throw error }
                walk.skip(error)
                step = walk.advance()
                continue
            }
            step = walk.again()
        }
    }

    private func results(
        of context: OwnedRuntimeContext, on member: PriorityList.Member
    ) async throws(BackendError) -> [ContextResult] {
        switch try dispatch(context, to: [member.name]) {
        case .finished(let results): return results.list
        case .pending(let pending): return try await pending.resume()
        }
    }

    /// Does what a backend needs before it can serve the model. Gives the endpoint, or nil when the backend has to be looked at again.
    ///
    /// If the request does not wait, the work begins and the error says that the model is not ready.
    func prepare(
        _ member: PriorityList.Member, _ wait: ModelWalk.Wait, for request: ModelRequest
    ) async throws(BackendError) -> ModelEndpoint? {
        switch wait {
        case .start(let forRoute):
            try requireServing(request.model, by: member, forRoute: forRoute)
            // It was started meanwhile, and is to be handed the context.
            if member.models.isOpen { return nil }
            guard request.startsAutomatically else { throw .backendNotStarted(member.name) }
            guard request.waitsUntilReady else {
                runs.spawn { _ = try? await self.start(member.name, by: .request) }
                throw .modelNotReady(request.model, member.name, "the backend is being started")
            }
            _ = try await start(member.name, by: .request)
            try requireCurrent(member)
            return nil
        case .readiness(let error):
            try await readinessMayHaveChanged(of: member, request.model, since: error)
            return nil
        case .load(let rules):
            let asked = try member.models.request { (pool, caller, now) throws(BackendError) in
                try pool.requested(request.model, by: caller, want: .endpoint, rules: rules, at: now)
            }
            if !request.waitsUntilReady && !asked.reply.isSet {
                let condition = member.models.condition(of: request.model)
                member.models.leave(asked.caller, request.model)
                throw .modelNotReady(request.model, member.name, condition)
            }
            switch try await member.models.answer(to: asked, request.model) {
            case .endpoint(let endpoint): return endpoint
            case .done, .loaded: return nil
            }
        }
    }

    /// Refuses a backend in the place of which another one of its name was started.
    private func requireCurrent(_ member: PriorityList.Member) throws(BackendError) {
        guard try backend(member.name).entry.creation != member.rank.creation else { return }
        throw BackendError(
            .failedPrecondition, .backendDeleting,
            "backend \(member.name) was replaced while the request waited for it; send the request again",
            metadata: ["backend": member.name])
    }

    /// Waits for an event, as long as the backend says that it cannot serve now.
    private func readinessMayHaveChanged(
        of member: PriorityList.Member, _ model: String, since error: BackendError
    ) async throws(BackendError) {
        while true {
            let newest = events.newest
            guard member.models.look(at: model).isOpen else { return }
            guard case .unavailable = member.models.offer(of: model) else { return }
            guard try await events.waitForEvent(after: newest) else { throw .shuttingDown }
        }
    }

    /// Before it is started, the configuration tells whether a backend will serve the model, or may by a route.
    func requireServing(
        _ model: String, by member: PriorityList.Member, forRoute: Bool = false
    ) throws(BackendError) {
        let backend = try backend(member.name)
        let served = backend.served
        let isRouted = forRoute && served.routed?.takes(model) == true
        if !isRouted, let refusal = served.refusal(model) { throw refusal.error(model, member.name) }
        if let refusal = refusal(toStart: backend.entry) { throw refusal }
    }

    /// For how long a backend that has failed is not started by itself.
    private static let startPause: Int64 = 5

    /// Why a request does not start a backend now: never if its policy keeps requests from it, while its start lock is held, or after it
    /// was given up, and not immediately after a failure.
    func refusal(toStart entry: BackendEntry) -> BackendError? {
        if let refusal = entry.refusal(by: .request) { return refusal }
        if entry.lock.token != nil { return entry.lock.heldError }
        guard entry.state == .failed, let failure = entry.failure else { return nil }
        let isGivenUp = failure.reason == BackendError.Reason.crashLoop.rawValue
        let rest = entry.stateTime.seconds + Self.startPause - clock.now().seconds
        guard isGivenUp || (1...Self.startPause).contains(rest) else { return nil }
        let remedy = isGivenUp ? "fix the cause, then start it again" : "it is started again after a pause"
        return BackendError(
            .unavailable, .backendFailed, "backend \(entry.name) has failed: \(failure.message); \(remedy)",
            metadata: ["backend": entry.name, "failure": failure.reason],
            retryAfter: isGivenUp ? nil : .seconds(rest))
    }
}
