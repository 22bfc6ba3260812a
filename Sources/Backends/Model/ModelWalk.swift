// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A walk along the priority list: who is next, and why the earlier ones were passed over.
///
/// It never waits. Where the next backend could serve the model after a while, it says after what, and the caller goes on there.
struct ModelWalk: Sendable {
    /// What a backend could serve the model after.
    enum Wait: Sendable {
        /// The start of the backend.
        case start
        /// The return of its readiness.
        case readiness(BackendError)
        case load(ModelRules)
    }

    enum Step: Sendable {
        /// It serves the model at once; with rules where there is nothing to load.
        case found(ContextRoutes.Target, ModelEndpoint, ModelRules?)
        case wait(ContextRoutes.Target, Wait)
        /// Nobody is left.
        case exhausted
    }

    private(set) var request: ModelRequest
    private let targets: [ContextRoutes.Target]
    /// Where the context of this request has sent it, by backend.
    private var routes: ContextResult.Routes
    private var next = 0
    private(set) var skipped: [SkippedBackend] = []
    /// The first backend that leaves the model to the caller's own process, and how many were passed over before it.
    private var inProcess: (position: Int, skipped: Int)?
    /// Whether a backend was passed over that serves the model, and not in the caller's own process.
    private var hasServer = false

    init(_ request: ModelRequest, _ targets: [ContextRoutes.Target], routes: ContextResult.Routes = [:]) {
        self.request = request
        self.targets = targets
        self.routes = routes
    }

    /// Goes to the next backend that serves the model, or could.
    mutating func advance() -> Step {
        while next < targets.count {
            let target = targets[next]
            next += 1
            if let step = consider(target) { return step }
        }
        guard let inProcess, !hasServer else { return .exhausted }
        // No other serves it: back to the one that leaves it to the caller.
        request.allowsInProcess = true
        next = inProcess.position
        skipped.removeSubrange(inProcess.skipped...)
        self.inProcess = nil
        return advance()
    }

    /// Looks at the backend whose turn it was once more, after a wait.
    mutating func again() -> Step {
        next = max(0, next - 1)
        return advance()
    }

    /// The context of the request has sent it there.
    mutating func sent(_ routes: ContextResult.Routes) {
        self.routes.merge(routes) { $1 }
    }

    /// Passes over the backend whose turn it was.
    mutating func skip(_ error: BackendError) {
        guard next > 0 else { return }
        passOver(SkippedBackend(backend: targets[next - 1].name, error: error))
    }

    private mutating func passOver(_ backend: SkippedBackend) {
        skipped.append(backend)
        if hasServer || !backend.reason.tellsOfServing { return }
        hasServer = !targets[next - 1].models.served.isInProcess
    }

    private mutating func skip(_ refusal: ServedModels.Refusal) {
        let name = targets[next - 1].name
        switch refusal {
        case .notServed: passOver(SkippedBackend(backend: name, doesNotServe: request.model))
        case .addressMissing: skip(refusal.error(request.model, name))
        }
    }

    private mutating func consider(_ target: ContextRoutes.Target) -> Step? {
        switch routes[target.name] {
        case .success(let route): return .found(target, route, rules(of: target))
        case .failure(let refusal):
            skip(refusal)
            return nil
        case nil: break
        }
        let (ready, isOpen) = target.models.look(at: request.model)
        if let ready { return found(target, ready, nil) }
        guard isOpen else {
            // By the configuration that it had when it was last changed or asked for; before a start the newest one decides.
            if let refusal = target.models.served.refusal(request.model) {
                skip(refusal)
                return nil
            }
            if request.startsAutomatically { return .wait(target, .start) }
            passOver(SkippedBackend(notStarted: target.name))
            return nil
        }
        switch target.models.offer(of: request.model) {
        case .endpoint(let endpoint, let rules):
            return found(target, endpoint, rules)
        case .loadable(let rules):
            if request.loads || target.models.isComing(request.model) {
                return .wait(target, .load(rules))
            }
            skip(.modelNotLoaded(request.model, target.name))
        case .unavailable(let error):
            if request.waitsUntilReady { return .wait(target, .readiness(error)) }
            skip(error)
        case .notServed: skip(.notServed)
        case .declined(let error): skip(error)
        }
        return nil
    }

    /// The verdict that the caller runs the model itself waits for the others, unless the caller asked for it.
    private mutating func found(
        _ target: ContextRoutes.Target, _ endpoint: ModelEndpoint, _ rules: ModelRules?
    ) -> Step? {
        guard endpoint.isInProcess, !request.allowsInProcess else { return .found(target, endpoint, rules) }
        inProcess = inProcess ?? (next - 1, skipped.count)
        skip(.modelInProcess(request.model, target.name))
        return nil
    }

    private func rules(of target: ContextRoutes.Target) -> ModelRules {
        switch target.models.offer(of: request.model) {
        case .endpoint(_, let rules), .loadable(let rules): rules
        case .unavailable, .notServed, .declined: ModelRules()
        }
    }

    /// Why nobody serves the model.
    var failure: BackendError {
        let serving = skipped.filter { $0.reason != .modelNotServed && $0.reason != .modelInProcess }
        let model = BackendName.quoted(request.model)
        if serving.count == 1 { return serving[0].error }
        guard !serving.isEmpty else {
            let asked = skipped.isEmpty ? "there is no backend" : "asked: \(names(of: skipped))"
            return BackendError(
                .notFound, .modelNotFound, "no backend serves model \(model); \(asked)",
                metadata: ["model": request.model])
        }
        return BackendError(
            .unavailable, .modelUnavailable,
            "no backend can serve model \(model) now: "
                + serving.prefix(8).map { "\($0.backend) \($0.reason.rawValue)" }.joined(separator: ", "),
            metadata: ["model": request.model], retryAfter: serving.compactMap(\.retryAfter).min())
    }

    private func names(of skipped: [SkippedBackend]) -> String {
        skipped.prefix(8).map(\.backend).joined(separator: ", ") + (skipped.count > 8 ? ", …" : "")
    }
}
