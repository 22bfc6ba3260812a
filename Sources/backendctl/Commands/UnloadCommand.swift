// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct UnloadCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "unload", abstract: "Waits until the uses of a model have ended, then unloads it.",
        discussion:
            "A model that is not loaded is left alone; one that is served without being loaded, or by no backend, is an error."
    )

    @Argument(help: "The model's id.", completion: .modelNames)
    var model: String

    @Option(help: "Which backend unloads it; else every one that has it.", completion: .backendNames)
    var backend: String?

    @Flag(help: "End the uses there are instead of waiting for them.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "How long the uses under way may go on before the unload fails. Default: 30s.", valueName: "duration"),
        transform: DurationInput.transform)
    var drain: Duration?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let isChanged = try await global.withClient(showing: .model(model)) { client in
            try await client.unloadModel(model, backend: backend, force: force, drain: drain)
        }
        try global.write(.unloaded(model, wasUnloaded: !isChanged))
    }
}
