// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Shows one backend: its state and its configuration, secrets masked.")

    @OptionGroup var backend: BackendArgument
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Show which layer decided each path of the configuration.")
    var origins = false

    func run() async throws {
        let description = try await global.withClient { client in
            try await client.backend(backend.name).describe(origins: origins)
        }
        try global.write(.backend(description, withOrigins: origins))
    }
}
