// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

/// Answers `ModelService`. If a model is ready, `ResolveModel` answers inline.
struct ModelHandler: ModelService {
    let registry: BackendRegistry
    let audit: AuditLog
    let processes: PeerProcesses

    init(registry: BackendRegistry, audit: AuditLog, processes: PeerProcesses) {
        self.registry = registry
        self.audit = audit
        self.processes = processes
        registry.answerResolutions { resolved in
            try? ResolveModelResponse(resolved, []).encoded(escapingNUL: true)
        }
    }

    func resolveModel(
        _ request: borrowing ResolveModelRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ResolveModelResponse> {
        if request.backendsCount == 0, !request.hasSource,
            let answer = request.withModelID({
                registry.keptAnswer(for: $0, allowsInProcess: request.allowInProcess)
            })
        {
            return .encoded(answer)
        }
        try request.checkModelID(isRequired: true)
        let names = (0..<request.backendsCount).map { index in
            request.withBackends(at: index) { String(checked: $0) }
        }
        let wanted = ModelRequest(
            request.modelID, backends: names, waitsUntilReady: request.waitReady,
            startsAutomatically: request.autoStart, allowsInProcess: request.allowInProcess)
        let dispatch: ContextDispatch
        do throws(BackendError) {
            dispatch = request.hasSource ? try registry.dispatch(request, to: names) : .finished(.none)
        } catch {
            throw RPCStatus(error)
        }
        switch dispatch {
        case .finished(let finished):
            let results = finished.list
            switch try resolve(wanted, after: results) {
            case .finished(let resolved):
                return .now(ResolveModelResponse(resolved, results))
            case .pending(let pending):
                let source: OwnedRuntimeContext? = request.hasSource ? request.copied() : nil
                return .later { () async throws(RPCStatus) in
                    try await finish(pending, source, results, wanted, context)
                }
            }
        case .pending(let dispatch):
            let source: OwnedRuntimeContext = request.copied()
            return .later { () async throws(RPCStatus) in
                let results = try await asStatus { () async throws(BackendError) in try await dispatch.resume() }
                switch try resolve(wanted, after: results) {
                case .finished(let resolved): return ResolveModelResponse(resolved, results)
                case .pending(let pending): return try await finish(pending, source, results, wanted, context)
                }
            }
        }
    }

    private func resolve(
        _ wanted: ModelRequest, after results: [ContextResult]
    ) throws(RPCStatus) -> ModelResolution {
        try asStatus { () throws(BackendError) in try registry.resolve(wanted, redirects: RequestRoutes(results)) }
    }

    /// Waits for the model. If the request allows to start and to load, which may unload others, that is a change and gets its line in
    /// the audit log.
    private func finish(
        _ pending: PendingResolution, _ source: OwnedRuntimeContext?, _ results: [ContextResult],
        _ wanted: ModelRequest, _ context: CallContext
    ) async throws(RPCStatus) -> ResolveModelResponse {
        try await audit.record(context) { () async throws(RPCStatus) in
            if wanted.startsAutomatically { AuditLog.note(backend: "", model: wanted.model) }
            let resolved = try await asStatus { () async throws(BackendError) in
                try await registry.within(
                    wanted.waitsUntilReady ? context.deadline?.remaining() : nil, model: wanted.model,
                    on: wanted.backends
                ) { () async throws(BackendError) in
                    try await pending.resume(with: source)
                }
            }
            if wanted.startsAutomatically { AuditLog.note(backend: resolved.backend, model: wanted.model) }
            return ResolveModelResponse(resolved, results)
        }
    }

    func explainModel(
        _ request: ExplainModelRequest, context: CallContext
    ) async throws(RPCStatus) -> ExplainModelResponse {
        let wanted = ModelRequest(
            request.modelID, backends: request.backends, waitsUntilReady: true, startsAutomatically: request.autoStart,
            allowsInProcess: request.allowInProcess)
        let verdicts = try await asStatus { () async throws(BackendError) in try await registry.explain(wanted) }
        return ExplainModelResponse(
            verdicts: verdicts.map { BackendsAPI.BackendVerdict($0) },
            backend: verdicts.first(where: \.isAnswer)?.backend ?? "")
    }

    func loadModel(_ request: LoadModelRequest, context: CallContext) async throws(RPCStatus) -> LoadModelResponse {
        AuditLog.note(backend: request.backend, model: request.modelID)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.within(
                context.deadline?.remaining(), model: request.modelID,
                on: request.backend.isEmpty ? [] : [request.backend]
            ) { () async throws(BackendError) in
                try await registry.loadModel(
                    request.modelID, on: request.backend.nilIfEmpty, startsAutomatically: request.autoStart)
            }
        }
        AuditLog.note(backend: outcome.model.backend, model: request.modelID)
        return LoadModelResponse(model: Model(outcome.model), alreadyLoaded: !outcome.isChanged)
    }

    func unloadModel(
        _ request: UnloadModelRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadModelResponse {
        AuditLog.note(backend: request.backend, model: request.modelID)
        let drain = try Duration.checked(request.drain, field: "drain")
        let changed = try await asStatus { () async throws(BackendError) in
            try await registry.unloadModel(
                request.modelID, from: request.backend.nilIfEmpty, force: request.force, drain: drain)
        }
        if !changed.isEmpty { AuditLog.note(backend: changed.joined(separator: ","), model: request.modelID) }
        return UnloadModelResponse(alreadyUnloaded: changed.isEmpty)
    }

    func listModels(_ request: ListModelsRequest, context: CallContext) async throws(RPCStatus) -> ListModelsResponse {
        let page = try await asStatus { () async throws(BackendError) in
            try await registry.models(
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
        AuditLog.note(backend: "", model: request.modelID)
        try await ModelUseSession(
            registry: registry, request: request, requests: requests, responses: responses, context: context,
            processes: processes
        ).run()
    }

    func reportFailure(
        _ request: ReportFailureRequest, context: CallContext
    ) async throws(RPCStatus) -> ReportFailureResponse {
        AuditLog.note(backend: request.backend, model: request.modelID)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.reportFailure(
                of: request.modelID, on: request.backend.nilIfEmpty, code: request.code)
        }
        AuditLog.note(backend: outcome.backend, model: request.modelID)
        return ReportFailureResponse(
            verdict: BackendsAPI.FailureVerdict(outcome.verdict), backend: outcome.backend)
    }

    func loadPromptArtifacts(
        _ request: LoadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> LoadPromptArtifactsResponse {
        AuditLog.note(backend: request.backend, model: request.modelID)
        let paths = try await asStatus { () async throws(BackendError) in
            try await registry.loadPrompt(
                request.promptID, of: request.modelID, on: request.backend.nilIfEmpty, from: request.paths)
        }
        return LoadPromptArtifactsResponse(paths: paths)
    }

    func unloadPromptArtifacts(
        _ request: UnloadPromptArtifactsRequest, context: CallContext
    ) async throws(RPCStatus) -> UnloadPromptArtifactsResponse {
        AuditLog.note(backend: request.backend, model: request.modelID)
        try await asStatus { () async throws(BackendError) in
            try await registry.unloadPrompts(
                request.promptIds, of: request.modelID, on: request.backend.nilIfEmpty)
        }
        return UnloadPromptArtifactsResponse()
    }
}

extension ResolveModelResponse {
    fileprivate init(_ resolved: ResolvedModel, _ results: [ContextResult]) {
        self.init(
            endpoint: BackendsAPI.ModelEndpoint(resolved.endpoint, backend: resolved.backend),
            skipped: resolved.skipped.map { BackendsAPI.SkippedBackend($0) },
            contextResults: results.map { BackendContextResult($0, isFollowed: true) },
            skippedOthers: UInt32(clamping: resolved.skippedOthers))
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
