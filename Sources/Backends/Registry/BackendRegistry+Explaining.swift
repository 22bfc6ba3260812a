// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// What each backend would do for a model, in priority order, without doing it. Counts as no use.
    package func explain(_ request: ModelRequest) throws(BackendError) -> [BackendVerdict] {
        try ModelID.check(request.model)
        let targets = try routes.withLock { $0 }.selected(request.backends)
        return try targets.map { target throws(BackendError) in
            let entry = try state.withLock { state throws(BackendError) in try state.entry(target.name) }
            let (verdict, message, evicted) = verdict(of: target, request, entry)
            return BackendVerdict(
                backend: target.name, type: entry.type.name, backendState: entry.state,
                modelState: target.models.modelState(request.model),
                verdict: verdict, message: message, evicted: evicted)
        }
    }

    private func verdict(
        of target: ContextRoutes.Target, _ request: ModelRequest, _ entry: BackendEntry
    ) -> (BackendVerdict.Verdict, String, [String]) {
        func skipped(_ error: BackendError) -> (BackendVerdict.Verdict, String, [String]) {
            (.skip(error), error.message, [])
        }
        guard target.models.isOpen else {
            guard target.backend.serves(request.model, configuration: entry.layers.effective) else {
                return skipped(.modelNotServed(request.model, target.name))
            }
            guard request.startsAutomatically else { return skipped(.backendNotStarted(target.name)) }
            if let refusal = refusal(toStart: entry) { return skipped(refusal) }
            return (.start, "backend \(target.name) would be started", [])
        }
        switch target.models.offer(of: request.model) {
        case .declined(let error): return skipped(error)
        case .unavailable(let error): return (.wait, "it would be waited for: \(error.message)", [])
        case .endpoint(let endpoint, _):
            let place = endpoint.isInProcess ? "in the caller's process" : "at \(endpoint.address)"
            return (.ready, "it is served \(place)", [])
        case .loadable(let rules): return target.models.verdict(on: request, rules)
        }
    }
}
