// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Copies the files of a tuned prompt to where a model's server finds them.
    ///
    /// Files that the prompt has already are replaced one by one; each is complete at any time.
    ///
    /// - Parameters:
    ///   - promptID: An ID that matches `[A-Za-z0-9._-]{1,128}` and is neither `.` nor `..`.
    ///   - paths: Absolute paths of files that the daemon can read.
    ///   - modelID: The model's ID.
    ///   - backend: The name of the backend whose server gets them; nil: the first in priority order that serves the
    ///     model and has a directory for prompts.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: The paths of the files as the model's server sees them.
    /// - Throws: ``FailureReason/promptIDInvalid`` if the ID is not valid, ``FailureReason/promptsUnsupported`` if no
    ///   started backend has a directory for prompts, and ``FailureReason/artifactUnusable`` if a file cannot be
    ///   copied.
    @discardableResult
    public func loadPromptArtifacts(
        _ promptID: String, from paths: [String], for modelID: String, backend: String? = nil, timeout: Duration? = nil
    ) async throws(BackendClientError) -> [String] {
        let request = LoadPromptArtifactsRequest(
            modelID: modelID, backend: backend ?? "", promptID: promptID, paths: paths)
        return try await calling { () async throws(RPCStatus) in
            try await models.loadPromptArtifacts(request, options: options(timeout)).paths
        }
    }

    /// Removes tuned prompts from a model's server. A prompt that it does not have is not an error.
    ///
    /// - Parameters:
    ///   - promptIDs: The IDs that the prompts were loaded with.
    ///   - modelID: The model's ID.
    ///   - backend: The name of the backend whose server has them; nil: the first in priority order that serves the
    ///     model and has a directory for prompts.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Throws: ``FailureReason/promptIDInvalid`` if an ID is not valid; why the files cannot be removed.
    public func unloadPromptArtifacts(
        _ promptIDs: [String], for modelID: String, backend: String? = nil, timeout: Duration? = nil
    ) async throws(BackendClientError) {
        let request = UnloadPromptArtifactsRequest(
            modelID: modelID, backend: backend ?? "", promptIds: promptIDs)
        _ = try await calling { () async throws(RPCStatus) in
            try await models.unloadPromptArtifacts(request, options: options(timeout))
        }
    }
}
