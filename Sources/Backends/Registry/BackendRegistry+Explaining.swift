// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// How many backends are checked before the loop runs other work.
    static let checksPerTurn = 64

    /// What each backend would do for a model, in priority order, without doing it. Does not count as a use.
    package func explain(_ request: ModelRequest) async throws(BackendError) -> [BackendVerdict] {
        try ModelID.check(request.model)
        let members = try self.members(named: request.backends)
        var verdicts: [BackendVerdict] = []
        for member in members {
            if !verdicts.isEmpty, verdicts.count.isMultiple(of: Self.checksPerTurn) { await Task.yield() }
            // One that was deleted meanwhile is skipped.
            guard let backend = try? backend(member.name) else { continue }
            let (verdict, message, evicted) = verdict(of: backend, request)
            verdicts.append(
                BackendVerdict(
                    backend: member.name, type: backend.entry.type.name, backendState: backend.entry.state,
                    modelState: member.models.modelState(request.model), verdict: verdict, message: message,
                    evicted: evicted, isInProcess: backend.served.isInProcess))
        }
        guard !request.allowsInProcess else { return verdicts }
        return Self.withServersFirst(verdicts, request.model)
    }

    /// One that leaves the model to the caller's process only answers if no other serves it.
    private static func withServersFirst(_ verdicts: [BackendVerdict], _ model: String) -> [BackendVerdict] {
        let hasServer = verdicts.contains { verdict in
            switch verdict.verdict {
            case .skip(let error): !verdict.isInProcess && error.reason.impliesServing
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
        of backend: RegisteredBackend, _ request: ModelRequest
    ) -> (BackendVerdict.Verdict, String, [String]) {
        func skipped(_ error: BackendError) -> (BackendVerdict.Verdict, String, [String]) {
            (.skip(error), error.message, [])
        }
        let member = backend.member
        guard member.models.isOpen else {
            if let refusal = backend.served.refusal(request.model) {
                return skipped(refusal.error(request.model, member.name))
            }
            guard request.startsAutomatically else { return skipped(.backendNotStarted(member.name)) }
            if let refusal = refusal(toStart: backend.entry) { return skipped(refusal) }
            return (.start, "backend \(member.name) would be started", [])
        }
        switch member.models.offer(of: request.model) {
        case .notServed: return skipped(.modelNotServed(request.model, member.name))
        case .declined(let error): return skipped(error)
        case .unavailable(let error): return (.wait, "the call would wait: \(error.message)", [])
        case .endpoint(let endpoint, _):
            let place = endpoint.isInProcess ? "in the caller's process" : "at \(endpoint.address)"
            return (.ready, "it is served \(place)", [])
        case .loadable(let rules): return member.models.verdict(on: request, rules)
        }
    }
}
