// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// Where the model is: at the first backend in priority order that serves it.
    ///
    /// Does not wait: where something has to be started, loaded or waited for, the answer says so and the caller resumes it.
    /// `routes` is where the context of the request sends it.
    package func resolve(
        _ request: ModelRequest, routes: RequestRoutes = RequestRoutes()
    ) throws(BackendError) -> ModelResolution {
        try ModelID.check(request.model)
        let targets = try self.routes.withLock { $0 }.selected(request.backends)
        // The usual case, without a walk.
        if routes.isEmpty, !targets.isEmpty, let ready = targets[0].models.look(at: request.model).endpoint,
            !ready.isInProcess || request.allowsInProcess
        {
            return .finished(ResolvedModel(backend: targets[0].name, endpoint: ready, skipped: []))
        }
        var walk = ModelWalk(request, targets, routes: routes)
        switch walk.advance() {
        case .found(let target, let endpoint, _):
            return .finished(ResolvedModel(backend: target.name, endpoint: endpoint, skipped: walk.skipped))
        case .wait(let target, let wait):
            return .pending(PendingResolution(registry: self, walk: walk, step: .wait(target, wait)))
        case .exhausted:
            throw walk.failure
        }
    }

    /// Walks on until a visit gives something: the same backend is looked at again after one that gave nothing, and passed over
    /// after one that failed. One that was started meanwhile is handed the context that it has missed.
    func follow<Value>(
        _ walk: ModelWalk, from step: ModelWalk.Step, _ context: OwnedRuntimeContext? = nil,
        _ visit: (ModelWalk.Step, ModelWalk) async throws(BackendError) -> Value?
    ) async throws(BackendError) -> Value {
        var (walk, step) = (walk, step)
        while true {
            if case .exhausted = step { throw walk.failure }
            do throws(BackendError) {
                if let value = try await visit(step, walk) { return value }
                if case .wait(let target, .start) = step {
                    var missed: [ContextResult] = []
                    if let context { missed = try await results(of: context, on: target) }
                    walk.asked(target, missed)
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
        of context: OwnedRuntimeContext, on target: ContextRoutes.Target
    ) async throws(BackendError) -> [ContextResult] {
        switch try dispatch(context, to: [target.name]) {
        case .finished(let results): return results
        case .pending(let pending): return try await pending.resume()
        }
    }

    /// Does what a backend needs before it can serve the model. Gives the endpoint, or nil where it is to be looked at again.
    ///
    /// Where the request does not wait, the work begins and the error says that the model is not ready.
    func prepare(
        _ target: ContextRoutes.Target, _ wait: ModelWalk.Wait, for request: ModelRequest
    ) async throws(BackendError) -> ModelEndpoint? {
        switch wait {
        case .start(let forRoute):
            try requireServing(request.model, by: target, forRoute: forRoute)
            // It was started meanwhile, and is to be handed the context.
            if target.models.isOpen { return nil }
            guard request.startsAutomatically else { throw .backendNotStarted(target.name) }
            guard request.waitsUntilReady else {
                runs.spawn { _ = try? await self.start(target.name) }
                throw .modelNotReady(request.model, target.name, "the backend is being started")
            }
            _ = try await start(target.name)
            return nil
        case .readiness(let error):
            try await readinessMayHaveChanged(of: target, request.model, since: error)
            return nil
        case .load(let rules):
            let asked = try target.models.request { (pool, caller, now) throws(BackendError) in
                try pool.requested(request.model, by: caller, want: .endpoint, rules: rules, at: now)
            }
            if !request.waitsUntilReady && !asked.reply.isSet {
                let condition = target.models.condition(of: request.model)
                target.models.leave(asked.caller, request.model)
                throw .modelNotReady(request.model, target.name, condition)
            }
            switch try await target.models.answer(to: asked, request.model) {
            case .endpoint(let endpoint): return endpoint
            case .done, .loaded: return nil
            }
        }
    }

    /// Waits for an event, as long as the backend says that it cannot serve now.
    private func readinessMayHaveChanged(
        of target: ContextRoutes.Target, _ model: String, since error: BackendError
    ) async throws(BackendError) {
        while true {
            let newest = events.newest
            guard target.models.look(at: model).isOpen else { return }
            guard case .unavailable = target.models.offer(of: model) else { return }
            guard try await events.waitForEvent(after: newest) else { throw .shuttingDown }
        }
    }

    /// Before it is started, the configuration tells whether a backend will serve the model, or may by a route.
    func requireServing(
        _ model: String, by target: ContextRoutes.Target, forRoute: Bool = false
    ) throws(BackendError) {
        let entry = try state.withLock { state throws(BackendError) in try state.entry(target.name) }
        let served = target.models.served(entry.layers)
        let isRouted = forRoute && served.routed?.takes(model) == true
        if !isRouted, let refusal = served.refusal(model) { throw refusal.error(model, target.name) }
        if let refusal = refusal(toStart: entry) { throw refusal }
    }

    /// For how long a backend that has failed is not started by itself.
    private static let startPause: Int64 = 5

    /// Why a backend is not started by itself now: one that was given up never is, one that has just failed not at once.
    func refusal(toStart entry: BackendEntry) -> BackendError? {
        guard entry.state == .failed, let failure = entry.failure else { return nil }
        let isGivenUp = failure.reason == BackendError.Reason.crashLoop.rawValue
        let rest = entry.stateTime.seconds + Self.startPause - clock.now().seconds
        guard isGivenUp || (1...Self.startPause).contains(rest) else { return nil }
        let remedy = isGivenUp ? "start it again once that is mended" : "it is started again after a pause"
        return BackendError(
            .unavailable, .backendFailed, "backend \(entry.name) has failed: \(failure.message); \(remedy)",
            metadata: ["backend": entry.name, "failure": failure.reason],
            retryAfter: isGivenUp ? nil : .seconds(rest))
    }
}
