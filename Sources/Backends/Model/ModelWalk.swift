// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A walk along the priority list: who is next, and why the earlier ones were passed over.
///
/// It never waits. Where the next backend could serve the model after a while, it says after what, and the caller goes on there.
struct ModelWalk: Sendable {
    /// What a backend could serve the model after.
    enum Wait: Sendable {
        /// The start of the backend; by a request whose route it may follow, also where it serves the model by that alone.
        case start(forRoute: Bool)
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
    /// Where the context of this request sends it.
    private var routes: RequestRoutes
    private var next = 0
    private(set) var skipped = SkippedBackends()
    /// The first backend that leaves the model to the caller's own process, and those that were passed over before it.
    private var inProcess: (position: Int, skipped: SkippedBackends)?
    /// Whether a backend was passed over that serves the model, and not in the caller's own process.
    private var hasServer = false

    init(_ request: ModelRequest, _ targets: [ContextRoutes.Target], routes: RequestRoutes = RequestRoutes()) {
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
        skipped = inProcess.skipped
        self.inProcess = nil
        return advance()
    }

    /// Looks at the backend whose turn it was once more, after a wait.
    mutating func again() -> Step {
        next = max(0, next - 1)
        return advance()
    }

    /// A backend was started for the request, and made this of its context.
    mutating func asked(_ target: ContextRoutes.Target, _ results: [ContextResult]) {
        routes.asked(target.name, results)
    }

    /// Passes over the backend whose turn it was.
    mutating func skip(_ error: BackendError) {
        guard next > 0 else { return }
        let name = targets[next - 1].name
        passOver(error.reason, retryAfter: error.retryAfter) { SkippedBackend(backend: name, error: error) }
    }

    private mutating func passOver(
        _ reason: BackendError.Reason, retryAfter: Duration? = nil, _ make: () -> SkippedBackend
    ) {
        skipped.append(reason, retryAfter: retryAfter, make)
        if hasServer || !reason.tellsOfServing { return }
        hasServer = !targets[next - 1].models.served.isInProcess
    }

    private mutating func skip(_ refusal: ServedModels.Refusal) {
        let (model, name) = (request.model, targets[next - 1].name)
        switch refusal {
        case .notServed: passOver(.modelNotServed) { SkippedBackend(backend: name, doesNotServe: model) }
        case .addressMissing, .idUnfit: skip(refusal.error(model, name))
        }
    }

    private mutating func consider(_ target: ContextRoutes.Target) -> Step? {
        switch routes.decision(of: target.name) {
        case .success(let route): return .found(target, route, rules(of: target))
        case .failure(let refusal):
            // Whether others may serve the request is decided by all that was said of its route.
            let name = target.name
            skipped.append(refusal.reason, retryAfter: refusal.retryAfter) {
                SkippedBackend(backend: name, error: refusal)
            }
            return nil
        case nil: break
        }
        let (ready, isOpen) = target.models.look(at: request.model)
        // Whether or not it was started meanwhile: it has not seen the route.
        if routes.isUnasked(target.name), isOpen || request.startsAutomatically {
            return .wait(target, .start(forRoute: true))
        }
        if let refusal = routes.refusal {
            if target.models.served.contains(request.model) { skip(refusal) } else { skip(.notServed) }
            return nil
        }
        if let ready { return found(target, ready, nil) }
        guard isOpen else { return considerStopped(target) }
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

    private mutating func considerStopped(_ target: ContextRoutes.Target) -> Step? {
        if routes.isUnasked(target.name) {
            passOver(.backendNotStarted) { SkippedBackend(notStarted: target.name) }
            return nil
        }
        // By the configuration that it had when it was last changed or asked for; before a start the newest one decides.
        if let refusal = target.models.served.refusal(request.model) {
            skip(refusal)
            return nil
        }
        if request.startsAutomatically { return .wait(target, .start(forRoute: false)) }
        passOver(.backendNotStarted) { SkippedBackend(notStarted: target.name) }
        return nil
    }

    /// The verdict that the caller runs the model itself waits for the others, unless the caller asked for it.
    private mutating func found(
        _ target: ContextRoutes.Target, _ endpoint: ModelEndpoint, _ rules: ModelRules?
    ) -> Step? {
        guard endpoint.isInProcess, !request.allowsInProcess else { return .found(target, endpoint, rules) }
        inProcess = inProcess ?? (next - 1, skipped)
        let model = request.model
        skipped.append(.modelInProcess) {
            SkippedBackend(backend: target.name, error: .modelInProcess(model, target.name))
        }
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
        if let refusal = routes.refusal, !routes.hasUnasked || !request.startsAutomatically { return refusal }
        let serving = skipped.kept.filter { $0.reason != .modelNotServed && $0.reason != .modelInProcess }
        if serving.count == 1 || serving.allSatisfy({ routes.isDeclined(by: $0.backend) }), let first = serving.first {
            return first.error
        }
        guard !serving.isEmpty else {
            return .modelNotFound(
                request.model, asked: skipped.kept.map(\.backend), of: skipped.count,
                because: skipped.kept.lazy.compactMap(\.misfit).first)
        }
        let reasons = serving.map { "\($0.backend) \($0.reason.rawValue)" }
        return BackendError(
            .unavailable, .modelUnavailable,
            "no backend can serve model \(BackendName.quoted(request.model)) now: "
                + reasons.listed(of: skipped.serving),
            metadata: ["model": request.model], retryAfter: skipped.retryAfter)
    }
}
