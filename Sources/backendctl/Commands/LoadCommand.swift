// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct LoadCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Loads a model and waits until it is ready; joins a load in progress.")

    @Argument(help: "The model's ID.", completion: .modelNames)
    var model: String

    @Option(
        help: "The backend that loads it. Default: the first in priority order that can.", completion: .backendNames)
    var backend: String?

    @Flag(help: "Do not start a backend that is stopped.")
    var noStart = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let result = try await global.withClient(showing: .model(model)) { client in
            try await client.loadModel(model, backend: backend, autoStart: !noStart)
        }
        try global.write(.loaded(result))
    }
}
