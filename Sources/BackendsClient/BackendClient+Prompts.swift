// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Gives a model's server the files of a tuned prompt; those it has under the same id are replaced, each at once.
    ///
    /// - Parameters:
    ///   - promptID: Matches `[A-Za-z0-9._-]{1,128}` and is neither `.` nor `..`.
    ///   - paths: Absolute paths of files that the daemon can read.
    ///   - modelID: The model's id.
    ///   - backend: Whose server; nil: the first in priority order that serves the model and has a directory for prompts.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The files as the model's server finds them.
    /// - Throws: `PROMPT_ID_INVALID` for an id that is none; what kept the daemon from copying.
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

    /// Takes tuned prompts from a model's server; one that it does not have is no error.
    ///
    /// - Parameters:
    ///   - promptIDs: The ids they were loaded with.
    ///   - modelID: The model's id.
    ///   - backend: Whose server; nil: the first in priority order that serves the model and has a directory for prompts.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Throws: `PROMPT_ID_INVALID` for an id that is none; what kept the daemon from deleting.
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
