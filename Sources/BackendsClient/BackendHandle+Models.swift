// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// What a client does for models, here of one backend.
extension BackendHandle {
    /// Returns the models of this backend that are loaded, being loaded or failed, sorted by ID.
    ///
    /// - Parameter timeout: How long each page of the list may take; nil: the client's timeout.
    /// - Returns: The models as they are now.
    /// - Throws: ``FailureReason/backendNotFound`` if the backend does not exist.
    public func models(timeout: Duration? = nil) async throws(BackendClientError) -> [ModelDescription] {
        try await client.models(of: name, timeout: timeout)
    }

    /// Returns where a model of this backend can be reached.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - context: The context of the request that the model is for, which the backend gets first; nil: none.
    ///   - waitReady: Whether to wait for a model that is being loaded.
    ///   - autoStart: Whether to start the backend if it is stopped, and to load the model if it is not loaded.
    ///   - allowInProcess: Whether the caller can run the model in its own process.
    ///   - timeout: How long the call may take, the wait included; nil: the client's timeout.
    /// - Returns: The endpoint.
    /// - Throws: ``FailureReason/modelNotFound`` if the backend does not serve the model, and why it cannot now.
    public func resolveModel(
        _ modelID: String, context: RuntimeContext? = nil, waitReady: Bool = true, autoStart: Bool = true,
        allowInProcess: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelResolution {
        try await client.resolveModel(
            modelID, context: context, backends: [name], waitReady: waitReady, autoStart: autoStart,
            allowInProcess: allowInProcess, timeout: timeout)
    }

    /// Loads a model in this backend and waits until it is ready.
    ///
    /// A model that is loaded stays as it is, and a load under way is joined.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - autoStart: Whether to start the backend if it is stopped.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The model, and whether it was loaded by this call.
    /// - Throws: Why the load failed.
    @discardableResult
    public func loadModel(
        _ modelID: String, autoStart: Bool = true, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelUpdate {
        try await client.loadModel(modelID, backend: name, autoStart: autoStart, timeout: timeout)
    }

    /// Waits until the uses of a model of this backend have ended, then unloads it.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - force: Whether to end the current uses instead of waiting for them.
    ///   - drain: How long to wait for the current uses, at most one hour; zero: not at all.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Whether the backend unloaded the model. Unloading a model that is not loaded succeeds.
    /// - Throws: ``FailureReason/modelBusy`` if the model is still in use after `drain`,
    ///   ``FailureReason/modelNotLoadable`` if the backend serves it without loading it.
    @discardableResult
    public func unloadModel(
        _ modelID: String, force: Bool = false, drain: Duration = BackendClient.defaultDrain, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ModelUnload {
        try await client.unloadModel(modelID, backend: name, force: force, drain: drain, timeout: timeout)
    }

    /// Uses a model of this backend while `body` runs: the daemon does not unload it meanwhile, unless it is forced to.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - context: The context of the request that the model is for, which the backend gets first; nil: none.
    ///   - autoStart: Whether to start the backend if it is stopped, and to load the model if it is not loaded.
    ///   - allowInProcess: Whether the caller can run the model in its own process.
    ///   - wait: How long to wait for the model and for a free place, at most one hour; zero: not at all; nil: the
    ///     client's timeout.
    ///   - body: What to do with the model, as a task of its own. It is cancelled if the daemon ends the use.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``FailureReason/queueFull`` and ``FailureReason/modelNotReady`` if there is no
    ///   place in time; ``FailureReason/modelUnloaded`` if the daemon ended the use.
    public func withModel<Value: Sendable>(
        _ modelID: String, context: RuntimeContext? = nil, autoStart: Bool = true, allowInProcess: Bool = false,
        wait: Duration? = nil, _ body: @escaping @Sendable (ModelEndpoint) async throws -> Value
    ) async throws -> Value {
        try await client.withModel(
            modelID, context: context, backends: [name], autoStart: autoStart, allowInProcess: allowInProcess,
            wait: wait, body)
    }

    /// Tells the daemon that a call to a model of this backend failed. The backend probes the model, and restarts its
    /// process if it is unhealthy.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - code: The gRPC code that the call ended with.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: What the daemon did about it.
    /// - Throws: ``FailureReason/modelNotFound`` if the backend does not serve the model.
    @discardableResult
    public func reportFailure(
        of modelID: String, code: BackendClientError.Code, timeout: Duration? = nil
    ) async throws(BackendClientError) -> FailureVerdict {
        try await client.reportFailure(of: modelID, backend: name, code: code, timeout: timeout)
    }

    /// Copies the files of a tuned prompt to where the server of a model of this backend finds them.
    ///
    /// - Parameters:
    ///   - promptID: An ID that matches `[A-Za-z0-9._-]{1,128}` and is neither `.` nor `..`.
    ///   - paths: Absolute paths of files that the daemon can read.
    ///   - modelID: The model's ID.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The paths of the files as the model's server sees them.
    /// - Throws: ``FailureReason/promptIDInvalid`` if the ID is not valid, ``FailureReason/promptsUnsupported`` if the
    ///   backend has no directory for prompts, and ``FailureReason/artifactUnusable`` if a file cannot be copied.
    @discardableResult
    public func loadPromptArtifacts(
        _ promptID: String, from paths: [String], for modelID: String, timeout: Duration? = nil
    ) async throws(BackendClientError) -> [String] {
        try await client.loadPromptArtifacts(promptID, from: paths, for: modelID, backend: name, timeout: timeout)
    }

    /// Removes tuned prompts from the server of a model of this backend. A prompt that it does not have is not an
    /// error.
    ///
    /// - Parameters:
    ///   - promptIDs: The IDs that the prompts were loaded with.
    ///   - modelID: The model's ID.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Throws: ``FailureReason/promptIDInvalid`` if an ID is not valid; why the files cannot be removed.
    public func unloadPromptArtifacts(
        _ promptIDs: [String], for modelID: String, timeout: Duration? = nil
    ) async throws(BackendClientError) {
        try await client.unloadPromptArtifacts(promptIDs, for: modelID, backend: name, timeout: timeout)
    }

    /// Runs `body` with the lines that the processes of this backend wrote to their outputs.
    ///
    /// The stream is that of
    /// ``BackendClient/withLogs(of:modelID:lines:since:follow:stream:patience:timeout:onInterruption:_:)``, with the
    /// same order, limits and way to resume.
    ///
    /// - Parameters:
    ///   - modelID: The ID of the model whose process to read; nil: all processes.
    ///   - lines: The number of the newest lines to begin with, at least 1; nil: 200, or all with `since`.
    ///   - since: The time of the oldest line to begin with; nil: any.
    ///   - follow: Whether to continue with what is written from now on.
    ///   - stream: The output to read; nil: both.
    ///   - patience: How long to try to resume before the stream throws.
    ///   - timeout: How long the stream may last; nil: without a limit.
    ///   - onInterruption: Called on another task with each loss of the stream, before it tries to resume.
    ///   - body: What to do with the lines.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws. The stream throws ``FailureReason/logsNotFound`` if there is nothing to read,
    ///   ``FailureReason/deadlineExceeded`` after `timeout`, and why it cannot begin or resume.
    public func withLogs<Value>(
        modelID: String? = nil, lines: Int? = nil, since: Timestamp? = nil, follow: Bool = false,
        stream: LogLine.Stream? = nil, patience: Duration = BackendClient.defaultPatience, timeout: Duration? = nil,
        onInterruption: @escaping @Sendable (BackendClientError) -> Void = { _ in },
        _ body: (sending BackendStream<LogLine>) async throws -> Value
    ) async throws -> Value {
        try await client.withLogs(
            of: name, modelID: modelID, lines: lines, since: since, follow: follow, stream: stream, patience: patience,
            timeout: timeout, onInterruption: onInterruption, body)
    }
}
