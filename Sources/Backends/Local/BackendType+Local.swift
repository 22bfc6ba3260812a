// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

extension BackendType {
    /// `LOCAL`: no resources, any configuration. Without `models` it serves none, so that it never hides a backend after it.
    package static let local = BackendType(
        name: "LOCAL", summary: "Runs in the process of its users and needs no resources here.",
        schema: ConfigSchema(fields: [models], allowsOtherKeys: true), definitionID: "backendd.LocalBackend",
        check: { ModelSettings.problems(in: $0) },
        make: { LocalBackend(name: $0) })

    private static let models = ModelSettings.modelsField(
        "Which models run in the caller's own process: IDs, with * for any text and ? for any character; without it none."
    )
}
