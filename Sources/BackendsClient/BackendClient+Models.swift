// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Where a model can be reached: the first backend in priority order that serves it.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - context: The context of the request it is for; handed to the backends first. Nil: none.
    ///   - backends: Only these backends; empty: all.
    ///   - waitReady: Wait for a model that is being loaded.
    ///   - autoStart: Start a backend that is stopped, and load a model that is not loaded.
    ///   - allowInProcess: The caller can run the model in its own process: a backend that leaves it to the caller answers in its
    ///     turn. Otherwise it answers only where no other backend serves the model.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The endpoint, and why backends with a better priority were not taken.
    /// - Throws: `MODEL_NOT_FOUND` where nobody serves it; `MODEL_NOT_READY` where it is on its way and `waitReady` is not set; what kept
    ///   the one backend that serves it from doing so.
    public func resolveModel(
        _ modelID: String, context: RuntimeContext? = nil, backends: [String] = [], waitReady: Bool = true,
        autoStart: Bool = true, allowInProcess: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelResolution {
        let request = ResolveModelRequest(
            modelID: modelID, context: context?.wire, backends: backends,
            waitReady: waitReady, autoStart: autoStart, allowInProcess: allowInProcess)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.resolveModel(request, options: options(timeout))
        }
        return ModelResolution(
            endpoint: try ModelEndpoint(answered: answer.endpoint), skipped: answer.skipped.map { SkippedBackend($0) },
            skippedOthers: Int(answer.skippedOthers), contextResults: answer.contextResults.map { ContextResult($0) })
    }

    /// What ``resolveModel(_:context:backends:waitReady:autoStart:allowInProcess:timeout:)`` would do and why, without doing it.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - backends: Only these backends; empty: all.
    ///   - autoStart: Whether it might start and load.
    ///   - allowInProcess: Whether the caller can run the model in its own process.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: What each backend would do, in priority order; the first that does not skip would be the answer.
    /// - Throws: What kept the daemon from answering.
    public func explainModel(
        _ modelID: String, backends: [String] = [], autoStart: Bool = true, allowInProcess: Bool = false,
        timeout: Duration? = nil
    ) async throws(BackendClientError) -> [ModelVerdict] {
        let request = ExplainModelRequest(
            modelID: modelID, backends: backends, autoStart: autoStart, allowInProcess: allowInProcess)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.explainModel(request, options: options(timeout))
        }
        return answer.verdicts.map { ModelVerdict($0) }
    }

    /// Loads a model and waits until it is ready. One that is loaded stays as it is; a load under way is joined.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - backend: Where to load it; nil: the first backend in priority order that can.
    ///   - autoStart: Start the backend where it is stopped.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The model, and whether it was loaded before.
    /// - Throws: What made the load fail.
    @discardableResult
    public func loadModel(
        _ modelID: String, backend: String? = nil, autoStart: Bool = true, timeout: Duration? = nil
    ) async throws(BackendClientError) -> (model: ModelDescription, wasLoaded: Bool) {
        let request = LoadModelRequest(modelID: modelID, backend: backend ?? "", autoStart: autoStart)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.loadModel(request, options: options(timeout))
        }
        guard let model = answer.model else {
            throw BackendClientError(.internal, reason: "PROTOCOL_ERROR", "the daemon's answer has no model in it")
        }
        return (ModelDescription(model), answer.alreadyLoaded)
    }

    /// Waits until nobody uses a model, then unloads it.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - backend: Which backend unloads it; nil: every one that has it.
    ///   - force: Ends the uses there are instead of waiting for them.
    ///   - drain: How long to wait for them; nil: 30 s.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Whether anything was done; a model that is not loaded is no error.
    /// - Throws: `MODEL_BUSY` where it is still in use after that time, `MODEL_NOT_LOADABLE` where it is served without being
    ///   loaded.
    @discardableResult
    public func unloadModel(
        _ modelID: String, backend: String? = nil, force: Bool = false, drain: Duration? = nil,
        timeout: Duration? = nil
    ) async throws(BackendClientError) -> Bool {
        let request = UnloadModelRequest(
            modelID: modelID, backend: backend ?? "", force: force, drain: drain.map { GoogleDuration($0) })
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.unloadModel(request, options: options(timeout))
        }
        return !answer.alreadyUnloaded
    }

    /// The models that are loaded, being loaded or failed, fetched page by page.
    ///
    /// - Parameters:
    ///   - backend: Only this backend's; nil: of all.
    ///   - timeout: How long each page may take; nil: the client's timeout.
    /// - Returns: Every model, by backend in priority order, then by id.
    /// - Throws: What kept the daemon from answering.
    public func models(
        of backend: String? = nil, timeout: Duration? = nil
    ) async throws(BackendClientError) -> [ModelDescription] {
        var found: [ModelDescription] = []
        var token = ""
        repeat {
            let request = ListModelsRequest(backend: backend ?? "", pageToken: token)
            let page = try await calling { () async throws(RPCStatus) in
                try await models.listModels(request, options: options(timeout))
            }
            guard page.nextPageToken.isEmpty || (page.nextPageToken != token && !page.models.isEmpty) else {
                throw BackendClientError(
                    .internal, reason: "PROTOCOL_ERROR", "the daemon's list of models does not come to an end")
            }
            found += page.models.map { ModelDescription($0) }
            token = page.nextPageToken
        } while !token.isEmpty
        return found
    }

    /// Tells the daemon that a call to a model failed; the backend looks, and restarts what is unhealthy.
    ///
    /// - Parameters:
    ///   - modelID: The model's id.
    ///   - backend: The backend it was resolved to; nil: the one that would be resolved now.
    ///   - code: The gRPC code that the call ended with.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: What became of it.
    /// - Throws: `MODEL_NOT_FOUND` where no backend has the model.
    @discardableResult
    public func reportFailure(
        of modelID: String, backend: String? = nil, code: Int32, timeout: Duration? = nil
    ) async throws(BackendClientError) -> FailureVerdict {
        let request = ReportFailureRequest(modelID: modelID, backend: backend ?? "", code: code)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.reportFailure(request, options: options(timeout))
        }
        return FailureVerdict(answer.verdict)
    }
}
