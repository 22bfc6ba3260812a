// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ConfigMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merges a patch into the configuration.",
        discussion: """
            The patch is YAML or JSON, a merge patch (RFC 7396): maps merge, other values replace, null deletes what lower \
            layers set. An empty document is an error; {} is a patch that changes nothing.
            Example: backendctl config merge assistant --owner team-a '{"model": {"revision": 2}}'
            """)

    @OptionGroup var backend: BackendArgument

    @Argument(help: "The patch itself, @FILE, or - for standard input.")
    var document = "-"

    @OptionGroup var patch: PatchOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let value = try Input(textOrFile: document).configuration()
        let change = try await global.withClient { client in
            try await patch.register(value, on: backend.handle(client))
        }
        try global.write(.configured(change))
    }
}
