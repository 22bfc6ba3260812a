// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists the models that are loaded, being loaded or failed.")

    @Option(help: "Only the models of this backend.", completion: .backendNames)
    var backend: String?

    @Flag(
        help:
            "Instead, list the models that could be loaded: the IDs and patterns in the configurations of the backends."
    )
    var available = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if backend?.isEmpty == true { throw ValidationError("--backend needs a name") }
    }

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
