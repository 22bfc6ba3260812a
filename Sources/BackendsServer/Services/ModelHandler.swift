// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// Answers `ModelService`. Where a model is ready, `ResolveModel` answers inline.
struct ModelHandler: ModelService {
    let registry: BackendRegistry
    let audit: AuditLog
    let drain: DrainSignal

    func resolveModel(
        _ request: borrowing ResolveModelRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ResolveModelResponse> {
        let names = (0..<request.backendsCount).map { index in
            request.withBackends(at: index) { String(checked: $0) }
        }
        let wanted = ModelRequest(
            request.modelID, backends: names, waitsUntilReady: request.waitReady,
            startsAutomatically: request.autoStart)
        guard request.hasSource else { return try resolve(wanted, after: []) }
        let dispatch: ContextDispatch
        do throws(BackendError) {
            dispatch = try registry.dispatch(request, to: names)
        } catch {
            throw RPCStatus(error)
        }
        switch dispatch {
        case .finished(let results):
            return try resolve(wanted, after: results)
        case .pending(let pending):
            return .later { () async throws(RPCStatus) in
                let results = try await asStatus { () async throws(BackendError) in try await pending.resume() }
                return try await resolved(wanted, after: results)
            }
        }
    }

    private func resolve(
        _ wanted: ModelRequest, after results: [ContextResult]
    ) throws(RPCStatus) -> Reply<ResolveModelResponse> {
        let resolution = try asStatus { () throws(BackendError) in
            try registry.resolve(wanted, routes: results.routes)
        }
        switch resolution {
        case .finished(let resolved):
            return .now(ResolveModelResponse(resolved, results))
        case .pending(let pending):
            return .later { () async throws(RPCStatus) in
                ResolveModelResponse(
                    try await asStatus { () async throws(BackendError) in try await pending.resume() }, results)
            }
        }
    }

    private func resolved(
        _ wanted: ModelRequest, after results: [ContextResult]
    ) async throws(RPCStatus) -> ResolveModelResponse {
        switch try resolve(wanted, after: results) {
        case .now(let response): return response
        case .later(let work): return try await work()
        }
    }

    func explainModel(
        _ request: ExplainModelRequest, context: CallContext
    ) async throws(RPCStatus) -> ExplainModelResponse {
        let wanted = ModelRequest(
            request.modelID, backends: request.backends, waitsUntilReady: true, startsAutomatically: request.autoStart)
        let verdicts = try asStatus { () throws(BackendError) in try registry.explain(wanted) }
        return ExplainModelResponse(
            verdicts: verdicts.map { BackendsAPI.BackendVerdict($0) },
            backend: verdicts.first(where: \.isAnswer)?.backend ?? "")
    }

    func loadModel(_ request: LoadModelRequest, context: CallContext) async throws(RPCStatus) -> LoadModelResponse {
        try await audit.record(context, backend: request.backend) { () async throws(RPCStatus) in
            let outcome = try await asStatus { () async throws(BackendError) in
                try await registry.loadModel(
                    request.modelID, on: request.backend.nilIfEmpty, startsAutomatically: request.autoStart)
            }
            return LoadModelResponse(model: Model(outcome.model), alreadyLoaded: !outcome.isChanged)
        }
    }

    func unloadModel(
        _ request: UnloadModelRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadModelResponse {
        try await audit.record(context, backend: request.backend) { () async throws(RPCStatus) in
            let drain = try Duration.checked(request.drain, field: "drain")
            let isChanged = try await asStatus { () async throws(BackendError) in
                try await registry.unloadModel(
                    request.modelID, from: request.backend.nilIfEmpty, force: request.force, drain: drain)
            }
            return UnloadModelResponse(alreadyUnloaded: !isChanged)
        }
    }

    func listModels(_ request: ListModelsRequest, context: CallContext) async throws(RPCStatus) -> ListModelsResponse {
        let page = try asStatus { () throws(BackendError) in
            try registry.models(
                of: request.backend.nilIfEmpty, size: Int(request.pageSize), after: request.pageToken)
        }
        return ListModelsResponse(models: page.models.map { Model($0) }, nextPageToken: page.nextToken ?? "")
    }

    func useModel(
        _ requests: RequestStream<UseModelRequest>, responses: ResponseStream<UseModelResponse>, context: CallContext
    ) async throws(RPCStatus) {
        guard let request = try await requests.next() else {
            throw .invalid("model_id", "is missing: the first message names the model")
        }
        try await audit.record(context, backend: "") { () async throws(RPCStatus) in
            try await ModelUseSession(
                registry: registry, request: request, requests: requests, responses: responses, context: context,
                drain: drain
            ).run()
        }
    }

    func reportFailure(
        _ request: ReportFailureRequest, context: CallContext
    ) async throws(RPCStatus) -> ReportFailureResponse {
        try await audit.record(context, backend: request.backend) { () async throws(RPCStatus) in
            let outcome = try await asStatus { () async throws(BackendError) in
                try await registry.reportFailure(
                    of: request.modelID, on: request.backend.nilIfEmpty, code: request.code)
            }
            return ReportFailureResponse(
                verdict: BackendsAPI.FailureVerdict(outcome.verdict), backend: outcome.backend)
        }
    }

    func loadPromptArtifacts(
        _ request: LoadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> LoadPromptArtifactsResponse {
        try await audit.record(context, backend: request.backend) { () async throws(RPCStatus) in
            let paths = try await asStatus { () async throws(BackendError) in
                try await registry.loadPrompt(
                    request.promptID, of: request.modelID, on: request.backend.nilIfEmpty, from: request.paths)
            }
            return LoadPromptArtifactsResponse(paths: paths)
        }
    }

    func unloadPromptArtifacts(
        _ request: UnloadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadPromptArtifactsResponse {
        try await audit.record(context, backend: request.backend) { () async throws(RPCStatus) in
            try await asStatus { () async throws(BackendError) in
                try await registry.unloadPrompts(
                    request.promptIds, of: request.modelID, on: request.backend.nilIfEmpty)
            }
            return UnloadPromptArtifactsResponse()
        }
    }
}

extension ResolveModelResponse {
    fileprivate init(_ resolved: ResolvedModel, _ results: [ContextResult]) {
        self.init(
            endpoint: BackendsAPI.ModelEndpoint(resolved.endpoint, backend: resolved.backend),
            skipped: resolved.skipped.map { BackendsAPI.SkippedBackend($0) },
            contextResults: results.map { BackendContextResult($0) })
    }
}

extension [ContextResult] {
    /// Where a context has sent its request, by backend.
    var routes: [String: Backends.ModelEndpoint] {
        var routes: [String: Backends.ModelEndpoint] = [:]
        for result in self {
            if case .routed(let endpoint) = result.outcome { routes[result.backend] = endpoint }
        }
        return routes
    }
}

extension BackendsAPI.FailureVerdict {
    fileprivate init(_ verdict: Backends.FailureVerdict) {
        switch verdict {
        case .ignored: self = .ignored
        case .healthy: self = .healthy
        case .notReady: self = .notReady
        case .restarted: self = .restarted
        }
    }
}

extension String {
    /// Proto3 has no absent strings: an empty one means that nothing was said.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
