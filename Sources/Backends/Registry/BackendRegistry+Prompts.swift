// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

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

    /// Those of the first started backend that has a directory for the model's prompts.
    private func prompts(of model: String, on backend: String?) throws(BackendError) -> PromptArtifacts {
        try ModelID.check(model)
        let members = try members(named: backend, serving: model)
        for member in members where member.models.look(at: model).isOpen {
            guard let directory = member.backend.promptDirectory(of: model) else { continue }
            return PromptArtifacts(directory: directory, clock: clock)
        }
        throw BackendError(
            .failedPrecondition, .promptsUnsupported,
            "no started backend has a directory for the prompts of model \(BackendName.quoted(model)); set prompt_dir",
            metadata: ["model": model])
    }
}
