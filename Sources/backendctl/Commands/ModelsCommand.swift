// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists the models that are loaded, being loaded or failed.")

    @Option(help: "Only the models of this backend.", completion: .backendNames)
    var backend: String?

    @Flag(help: "List what could be asked for instead: the ids and patterns that the backends are configured for.")
    var available = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        guard !available else { return try await listAvailable() }
        try global.write(.models(try await global.withClient { client in try await client.models(of: backend) }))
    }

    private func listAvailable() async throws {
        let backends = try await global.withClient { client in
            if let backend { [try await client.backend(backend).describe()] } else { try await client.backends() }
        }
        try global.write(.available(backends))
    }
}
