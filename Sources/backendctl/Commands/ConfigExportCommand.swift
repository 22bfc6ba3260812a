// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument

struct ConfigExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Shows all backends as a configuration file of the daemon.",
        discussion: """
            The configuration of each backend is that of its base and its owners together. Patches and reloads that wait for the \
            next start, holds, and whether a backend is disabled are not part of it. Secrets are shown as ***, and neither the daemon nor 'config import' takes them back; with \
            --secrets they are shown as they are.
            Example: backendctl config export --secrets > config.yaml
            """)

    @Flag(help: "Show secrets as they are.")
    var secrets = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let exported = try await global.withClient { client in
            try await client.exportConfiguration(includingSecrets: secrets)
        }
        let document = ConfigValue(exported)
        try global.write(Report(text: document.yaml(), document: document))
    }
}
