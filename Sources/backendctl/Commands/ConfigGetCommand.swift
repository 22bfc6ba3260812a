// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument

struct ConfigGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Shows the effective configuration, or one value of it; secrets are masked.",
        discussion: "A single string is written without quotes, so that a script can use it.")

    @OptionGroup var backend: BackendArgument
    @OptionGroup var global: GlobalOptions

    @Argument(help: "Keys joined by dots, for example model.revision.")
    var path: String?

    @Flag(help: "Show which layer decided each path.")
    var origins = false

    func run() async throws {
        let path = try path.map { try ConfigSelection(parsing: $0) }
        let description = try await global.withClient { client in
            try await client.backend(backend.name).describe(origins: origins)
        }
        guard let path else { return try global.write(.config(description, withOrigins: origins)) }
        try global.write(try path.report(on: description, withOrigins: origins))
    }
}
