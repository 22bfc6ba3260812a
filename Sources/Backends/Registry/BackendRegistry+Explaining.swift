// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// Backends after which others get their turn on the loop.
    static let looksPerTurn = 64

    /// What each backend would do for a model, in priority order, without doing it. Counts as no use.
    package func explain(_ request: ModelRequest) async throws(BackendError) -> [BackendVerdict] {
        try ModelID.check(request.model)
        let targets = try routes.withLock { $0 }.selected(request.backends)
        var verdicts: [BackendVerdict] = []
        for target in targets {
            if !verdicts.isEmpty, verdicts.count.isMultiple(of: Self.looksPerTurn) { await Task.yield() }
            // One that was deleted meanwhile has nothing to say.
            guard let entry = state.withLock({ $0.entries[target.name] }) else { continue }
            let (verdict, message, evicted) = verdict(of: target, request, entry)
            verdicts.append(
                BackendVerdict(
                    backend: target.name, type: entry.type.name, backendState: entry.state,
                    modelState: target.models.modelState(request.model), verdict: verdict, message: message,
                    evicted: evicted, isInProcess: target.models.served(entry.layers).isInProcess))
        }
        guard !request.allowsInProcess else { return verdicts }
        return Self.withServersFirst(verdicts, request.model)
    }

    /// One that leaves the model to the caller's process only answers where no other serves it.
    private static func withServersFirst(_ verdicts: [BackendVerdict], _ model: String) -> [BackendVerdict] {
        let hasServer = verdicts.contains { verdict in
            switch verdict.verdict {
            case .skip(let error): !verdict.isInProcess && error.reason.tellsOfServing
            case .ready, .wait, .load, .start: !verdict.isInProcess
            }
        }
        guard hasServer else { return verdicts }
        return verdicts.map { verdict in
            guard verdict.isInProcess, verdict.isAnswer else { return verdict }
            let error = BackendError.modelInProcess(model, verdict.backend)
            var verdict = verdict
            (verdict.verdict, verdict.message) = (.skip(error), error.message)
            return verdict
        }
    }

    private func verdict(
        of target: ContextRoutes.Target, _ request: ModelRequest, _ entry: BackendEntry
    ) -> (BackendVerdict.Verdict, String, [String]) {
        func skipped(_ error: BackendError) -> (BackendVerdict.Verdict, String, [String]) {
            (.skip(error), error.message, [])
        }
        guard target.models.isOpen else {
            if let refusal = target.models.served(entry.layers).refusal(request.model) {
                return skipped(refusal.error(request.model, target.name))
            }
            guard request.startsAutomatically else { return skipped(.backendNotStarted(target.name)) }
            if let refusal = refusal(toStart: entry) { return skipped(refusal) }
            return (.start, "backend \(target.name) would be started", [])
        }
        switch target.models.offer(of: request.model) {
        case .notServed: return skipped(.modelNotServed(request.model, target.name))
        case .declined(let error): return skipped(error)
        case .unavailable(let error): return (.wait, "it would be waited for: \(error.message)", [])
        case .endpoint(let endpoint, _):
            let place = endpoint.isInProcess ? "in the caller's process" : "at \(endpoint.address)"
            return (.ready, "it is served \(place)", [])
        case .loadable(let rules): return target.models.verdict(on: request, rules)
        }
    }
}
