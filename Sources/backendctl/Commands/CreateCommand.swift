// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument

struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a stopped backend.",
        discussion: "Example: backendctl create assistant --type LOCAL --config '{\"model\": {\"revision\": 1}}'")

    @Argument(help: "Its name, of lower-case letters, digits and hyphens.")
    var name: String

    @OptionGroup var global: GlobalOptions

    @Option(help: "Its type; see 'backendctl types'.", completion: .typeNames)
    var type: String

    // A negative number looks like an option.
    @Option(parsing: .unconditional, help: "Lower comes first. Default: after the last backend.")
    var priority: Int32?

    @Option(help: "Its configuration, YAML or JSON: the text itself, @FILE, or - for standard input.")
    var config: String?

    func run() async throws {
        let config = try config.map { try Input(textOrFile: $0).configuration() } ?? [:]
        let backend = try await global.withClient { client in
            try await client.create(name, type: type, priority: priority, config: config)
        }
        try global.write(.created(backend))
    }
}
