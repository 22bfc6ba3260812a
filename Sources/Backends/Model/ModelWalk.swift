// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A walk along the priority list: which backend is next, and why the earlier ones were passed over.
///
/// It never waits. If the next backend needs something first, the walk says what, and the caller resumes from there.
struct ModelWalk: Sendable {
    /// What a backend could serve the model after.
    enum Wait: Sendable {
        /// The start of the backend; with `forRoute`, also when only the request's route would make it serve the model.
        case start(forRoute: Bool)
        /// The return of its readiness.
        case readiness(BackendError)
        case load(ModelRules)
    }

    enum Step: Sendable {
        /// It serves the model at once; with rules if there is nothing to load.
        case found(PriorityList.Member, ModelEndpoint, ModelRules?)
        case wait(PriorityList.Member, Wait)
        /// No backend is left.
        case exhausted
    }

    private(set) var request: ModelRequest
    private let members: [PriorityList.Member]
    /// Those that may serve the model, if the others need no look; nil: each of them may.
    private let candidates: ModelIndex.Candidates?
    /// Where the context of this request sends it.
    private var redirects: RequestRoutes
    private var next = 0
    private(set) var skipped = SkippedBackends()
    /// The first backend that leaves the model to the caller's own process, and those that were passed over before it.
    private var inProcess: (position: Int, skipped: SkippedBackends)?
    /// Whether a backend was passed over that serves the model, and not in the caller's own process.
    private var hasServer = false
    private var looks = 0
    /// Whether the first backend that may serve the model, of all there are, was the only one to be looked at: the states of others do not
    /// matter then.
    var isDecidedByOne: Bool { candidates != nil && looks == 1 }

    init(_ request: ModelRequest, _ list: PriorityList, redirects: RequestRoutes) throws(BackendError) {
        self.request = request
        members = try list.selected(request.backends)
        candidates = request.backends.isEmpty ? list.candidates(for: request.model, redirects) : nil
        self.redirects = redirects
    }

    /// Goes to the next backend that serves the model, or could.
    mutating func advance() -> Step {
        while true {
            passOverOthers()
            guard next < members.count else { break }
            let member = members[next]
            next += 1
            looks += 1
            if let step = consider(member) { return step }
        }
        guard let inProcess, !hasServer else { return .exhausted }
        // No other serves it: back to the one that leaves it to the caller.
        request.allowsInProcess = true
        next = inProcess.position
        skipped = inProcess.skipped
        self.inProcess = nil
        return advance()
    }

    /// Passes over the backends before the next that may serve the model.
    private mutating func passOverOthers() {
        guard let candidates, next < members.count else { return }
        let place = candidates.place(in: members, from: next) ?? members.count
        skipped.append(members[next..<place].lazy.map(\.name), notServing: request.model)
        next = place
    }

    /// Looks at the backend whose turn it was once more, after a wait.
    mutating func again() -> Step {
        next = max(0, next - 1)
        return advance()
    }

    /// A backend was started for the request, and made this of its context.
    mutating func asked(_ member: PriorityList.Member, _ results: [ContextResult]) {
        redirects.asked(member.name, results)
    }

    /// Passes over the backend whose turn it was.
    mutating func skip(_ error: BackendError) {
        guard next > 0 else { return }
        let name = members[next - 1].name
        passOver(error.reason, retryAfter: error.retryAfter) { SkippedBackend(backend: name, error: error) }
    }

    private mutating func passOver(
        _ reason: BackendError.Reason, retryAfter: Duration? = nil, _ make: () -> SkippedBackend
    ) {
        skipped.append(reason, retryAfter: retryAfter, make)
        if hasServer || !reason.impliesServing { return }
        hasServer = !members[next - 1].models.served.isInProcess
    }

    private mutating func skip(_ refusal: ServedModels.Refusal) {
        let (model, name) = (request.model, members[next - 1].name)
        switch refusal {
        case .notServed: passOver(.modelNotServed) { SkippedBackend(backend: name, doesNotServe: model) }
        case .addressMissing, .idUnfit: skip(refusal.error(model, name))
        }
    }

    private mutating func consider(_ member: PriorityList.Member) -> Step? {
        switch redirects.decision(of: member.name) {
        case .success(let route): return .found(member, route, rules(of: member))
        case .failure(let refusal):
            // Whether others may serve the request is decided by all that was said of its route.
            let name = member.name
            skipped.append(refusal.reason, retryAfter: refusal.retryAfter) {
                SkippedBackend(backend: name, error: refusal)
            }
            return nil
        case nil: break
        }
        let (ready, isOpen) = member.models.look(at: request.model)
        // Whether or not it was started meanwhile: it has not seen the route.
        if redirects.isUndecided(member.name), isOpen || request.startsAutomatically {
            return .wait(member, .start(forRoute: true))
        }
        if let refusal = redirects.refusal {
            if member.models.served.contains(request.model) { skip(refusal) } else { skip(.notServed) }
            return nil
        }
        if let ready { return found(member, ready, nil) }
        guard isOpen else { return considerStopped(member) }
        switch member.models.offer(of: request.model) {
        case .endpoint(let endpoint, let rules):
            return found(member, endpoint, rules)
        case .loadable(let rules):
            if request.loads || member.models.isComing(request.model) {
                return .wait(member, .load(rules))
            }
            skip(.modelNotLoaded(request.model, member.name))
        case .unavailable(let error):
            if request.waitsUntilReady { return .wait(member, .readiness(error)) }
            skip(error)
        case .notServed: skip(.notServed)
        case .declined(let error): skip(error)
        }
        return nil
    }

    private mutating func considerStopped(_ member: PriorityList.Member) -> Step? {
        if redirects.isUndecided(member.name) {
            passOver(.backendNotStarted) { SkippedBackend(notStarted: member.name) }
            return nil
        }
        if let refusal = member.models.served.refusal(request.model) {
            skip(refusal)
            return nil
        }
        if request.startsAutomatically { return .wait(member, .start(forRoute: false)) }
        passOver(.backendNotStarted) { SkippedBackend(notStarted: member.name) }
        return nil
    }

    /// An in-process answer is used only after the others were tried, unless the caller asked for it.
    private mutating func found(
        _ member: PriorityList.Member, _ endpoint: ModelEndpoint, _ rules: ModelRules?
    ) -> Step? {
        guard endpoint.isInProcess, !request.allowsInProcess else { return .found(member, endpoint, rules) }
        inProcess = inProcess ?? (next - 1, skipped)
        let model = request.model
        skipped.append(.modelInProcess) {
            SkippedBackend(backend: member.name, error: .modelInProcess(model, member.name))
        }
        return nil
    }

    private func rules(of member: PriorityList.Member) -> ModelRules {
        switch member.models.offer(of: request.model) {
        case .endpoint(_, let rules), .loadable(let rules): rules
        case .unavailable, .notServed, .declined: ModelRules()
        }
    }

    /// Why no backend serves the model.
    var failure: BackendError {
        if let refusal = redirects.refusal, !redirects.hasUndecided || !request.startsAutomatically { return refusal }
        let serving = skipped.kept.filter { $0.reason != .modelNotServed && $0.reason != .modelInProcess }
        if serving.count == 1 || serving.allSatisfy({ redirects.isDeclined(by: $0.backend) }), let first = serving.first
        {
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
