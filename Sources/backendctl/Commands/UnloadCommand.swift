// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct UnloadCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "unload", abstract: "Waits until the uses of a model have ended, then unloads it.",
        discussion:
            "Unloading a model that is not loaded succeeds. It fails for a model that a backend serves without loading it, or "
            + "that no backend serves."
    )

    @Argument(help: "The model's ID.", completion: .modelNames)
    var model: String

    @Option(help: "The backend that unloads it. Default: every backend that has loaded it.", completion: .backendNames)
    var backend: String?

    @Flag(help: "End the current uses instead of waiting for them.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "How long to wait for the current uses to end before the unload fails, at most 1h. Default: "
                + "\(DurationInput.text(BackendClient.defaultDrain)).",
            valueName: "duration"),
        transform: DurationInput.transform)
    var drain = BackendClient.defaultDrain

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let unload = try await global.withClient(showing: .model(model)) { client in
            try await client.unloadModel(model, backend: backend, force: force, drain: drain)
        }
        try global.write(.unloaded(unload))
    }
}
