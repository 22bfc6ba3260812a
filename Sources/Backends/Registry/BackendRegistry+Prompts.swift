// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendRegistry {
    /// Copies the files of a tuned prompt to where the server of a model finds them, see ``PromptArtifacts``.
    package func loadPrompt(
        _ id: String, of model: String, on backend: String?, from paths: [String]
    ) async throws(BackendError) -> [String] {
        try await prompts(of: model, on: backend).load(paths, as: id)
    }

    /// Removes tuned prompts, one after the other; those that are not there are fine.
    package func unloadPrompts(_ ids: [String], of model: String, on backend: String?) async throws(BackendError) {
        let prompts = try prompts(of: model, on: backend)
        for id in ids { try await prompts.unload(id) }
    }

    private func prompts(of model: String, on backend: String?) throws(BackendError) -> PromptArtifacts {
        PromptArtifacts(directory: try promptDirectory(of: model, on: backend), clock: clock)
    }
}
