// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ConfigSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Sets values of the configuration.",
        discussion: """
            A value is YAML or JSON: 3 is a number, "3" in quotes is a string, null deletes what lower layers set, and \
            an empty value is an empty string. Put a key with special characters in double quotes.
            Example: backendctl config set assistant model.revision=3 'labels."a.b"=x'
            """)

    @OptionGroup var backend: BackendArgument

    @Argument(help: ArgumentHelp("What to set.", valueName: "key.path=value"))
    var assignments: [String]

    @OptionGroup var patch: PatchOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let document = try Assignment.patch(assignments.map { try Assignment(parsing: $0) })
        let value = try ConfigurationValue(configuration: document)
        let change = try await global.withClient { client in
            try await patch.register(value, on: backend.handle(client))
        }
        try global.write(.configured(change))
    }
}
