// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

extension BackendClient {
    /// Finds the first backend in priority order that serves a model, and returns where the model can be reached.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - context: The context of the request that the model is for, which the backends get first; nil: none.
    ///   - backends: The names of the backends to ask; empty: all. They are asked in priority order.
    ///   - waitReady: Whether to wait for a model that is being loaded.
    ///   - autoStart: Whether to start a backend that is stopped, and to load a model that is not loaded.
    ///   - allowInProcess: Whether the caller can run the model in its own process. If so, a backend that leaves models
    ///     to the caller takes its turn; if not, it answers only if no other backend serves the model.
    ///   - timeout: How long the call may take, the wait included; nil: the client's ``timeout``.
    /// - Returns: The endpoint, and why backends with a better priority were passed over.
    /// - Throws: ``FailureReason/modelNotFound`` if none of the backends serves the model,
    ///   ``FailureReason/modelNotReady`` if it is being loaded and the call does not wait, and why the only backend
    ///   that serves it cannot.
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

    /// Returns what ``resolveModel(_:context:backends:waitReady:autoStart:allowInProcess:timeout:)`` would do and why,
    /// without doing it.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - backends: The names of the backends to ask; empty: all.
    ///   - autoStart: Whether it might start a backend and load the model.
    ///   - allowInProcess: Whether the caller can run the model in its own process.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: What each backend would do, in priority order. The first one that would not be passed over would
    ///   answer.
    /// - Throws: Why the daemon did not answer.
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

    /// Loads a model and waits until it is ready.
    ///
    /// A model that is loaded stays as it is, and a load under way is joined. A timeout ends the wait, not the load,
    /// while other callers wait for it.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - backend: The name of the backend that loads it; nil: the first in priority order that can.
    ///   - autoStart: Whether to start the backend if it is stopped.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: The model, and whether it was loaded by this call.
    /// - Throws: Why the load failed.
    @discardableResult
    public func loadModel(
        _ modelID: String, backend: String? = nil, autoStart: Bool = true, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelUpdate {
        let request = LoadModelRequest(modelID: modelID, backend: backend ?? "", autoStart: autoStart)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.loadModel(request, options: options(timeout))
        }
        guard let model = answer.model else {
            throw .protocolError("the daemon's answer does not contain a model")
        }
        return ModelUpdate(model: ModelDescription(model), isChanged: !answer.alreadyLoaded)
    }

    /// Waits until the uses of a model have ended, then unloads it.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - backend: The name of the backend that unloads it; nil: every backend that has loaded it.
    ///   - force: Whether to end the current uses instead of waiting for them.
    ///   - drain: How long to wait for the current uses, at most one hour; zero: not at all.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: Whether a backend unloaded the model. Unloading a model that is not loaded succeeds.
    /// - Throws: ``FailureReason/modelBusy`` if the model is still in use after `drain`,
    ///   ``FailureReason/modelNotLoadable`` if a backend serves it without loading it.
    @discardableResult
    public func unloadModel(
        _ modelID: String, backend: String? = nil, force: Bool = false, drain: Duration = BackendClient.defaultDrain,
        timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelUnload {
        let request = UnloadModelRequest(
            modelID: modelID, backend: backend ?? "", force: force, drain: GoogleDuration(drain))
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.unloadModel(request, options: options(timeout))
        }
        return ModelUnload(modelID: modelID, isChanged: !answer.alreadyUnloaded)
    }

    /// Returns the models that are loaded, being loaded or failed, by backend in priority order, then by ID.
    ///
    /// A long list comes in several pages; a model whose state changes meanwhile may be missing or included.
    ///
    /// - Parameters:
    ///   - backend: The name of the backend whose models to list; nil: those of all backends.
    ///   - timeout: How long each page may take; nil: the client's ``timeout``.
    /// - Returns: The models as they are now.
    /// - Throws: Why the daemon did not answer.
    public func models(
        of backend: String? = nil, timeout: Duration? = nil
    ) async throws(BackendClientError) -> [ModelDescription] {
        try await allPages(of: "models") { (token) async throws(RPCStatus) in
            let request = ListModelsRequest(backend: backend ?? "", pageToken: token)
            let page = try await models.listModels(request, options: options(timeout))
            return (page.models.map { ModelDescription($0) }, page.nextPageToken)
        }
    }

    /// Tells the daemon that a call to a model failed. The backend probes the model, and restarts its process if it is
    /// unhealthy.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - backend: The name of the backend that the model was resolved to; nil: the one that it would be resolved to
    ///     now.
    ///   - code: The gRPC code that the call ended with. `aborted`, `deadlineExceeded`, `internal`, `unavailable` and
    ///     `unknown` make the backend probe the model.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: What the daemon did about it.
    /// - Throws: ``FailureReason/modelNotFound`` if no backend serves the model.
    @discardableResult
    public func reportFailure(
        of modelID: String, backend: String? = nil, code: BackendClientError.Code, timeout: Duration? = nil
    ) async throws(BackendClientError) -> FailureVerdict {
        let request = ReportFailureRequest(modelID: modelID, backend: backend ?? "", code: code.rawValue)
        let answer = try await calling { () async throws(RPCStatus) in
            try await models.reportFailure(request, options: options(timeout))
        }
        return FailureVerdict(answer.verdict)
    }
}

// Models in use.
extension BackendClient {
    /// Uses a model while `body` runs: the daemon does not unload it meanwhile, unless it is forced to.
    ///
    /// The use ends when `body` returns or throws, when the task is cancelled and when this process dies. If the daemon
    /// ends the use before, `body` is cancelled and, once it has ended, the reason is thrown.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - context: The context of the request that the model is for, which the backends get first; nil: none.
    ///   - backends: The names of the backends to ask; empty: all. They are asked in priority order.
    ///   - autoStart: Whether to start a backend that is stopped, and to load a model that is not loaded.
    ///   - allowInProcess: Whether the caller can run the model in its own process. If so, a backend that leaves models
    ///     to the caller takes its turn; if not, it answers only if no other backend serves the model.
    ///   - wait: How long to wait for the model and for a free place, at most one hour; zero: not at all; nil: the
    ///     client's ``timeout``.
    ///   - body: What to do with the model, as a task of its own. The time it takes is not limited.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``FailureReason/queueFull`` and ``FailureReason/modelNotReady`` if there is no
    ///   place in time; ``FailureReason/modelUnloaded`` if the daemon ended the use.
    public func withModel<Value: Sendable>(
        _ modelID: String, context: RuntimeContext? = nil, backends: [String] = [], autoStart: Bool = true,
        allowInProcess: Bool = false, wait: Duration? = nil,
        _ body: @escaping @Sendable (ModelEndpoint) async throws -> Value
    ) async throws -> Value {
        let request = UseModelRequest(
            modelID: modelID, context: context?.wire, backends: backends, autoStart: autoStart,
            wait: GoogleDuration(wait ?? min(timeout, Self.longestWait)), allowInProcess: allowInProcess)
        do {
            return try await models.useModel { stream in
                try await stream.send(request)
                guard case .acquired(let acquired) = try await stream.next()?.event else {
                    throw BackendClientError.protocolError("the daemon's answer does not contain an endpoint")
                }
                let endpoint = try ModelEndpoint(answered: acquired.endpoint)
                let result: Value? = try await firstOf(
                    { try await body(endpoint) },
                    {
                        // The daemon sends nothing but the end of the use.
                        while try await stream.next() != nil {}
                        return nil
                    })
                guard let result else {
                    throw BackendClientError(
                        .aborted, reason: .modelUnloaded, "the daemon ended the use of model \(modelID)")
                }
                return result
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }

    /// The longest wait for a model that the daemon accepts.
    private static let longestWait = Duration.seconds(3600)
}
