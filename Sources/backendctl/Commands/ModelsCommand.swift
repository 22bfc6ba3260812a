// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists the models that are loaded, being loaded or failed.")

    @Option(help: "Only the models of this backend.", completion: .backendNames)
    var backend: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try global.write(.models(try await global.withClient { client in try await client.models(of: backend) }))
    }
}
