// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Lets the daemon read its configuration file again, and shows what changes.",
        discussion: """
            Backends that have not changed run on. A change that needs a restart takes effect as 'apply' in the entry of the \
            backend says: now, next_start (the default) or rolling. The command returns once everything is decided; stops, \
            starts and restarts go on. A file with an error changes nothing; the error names its line and column.
            Example: backendctl reload --dry-run
            """)

    @Flag(help: "Change nothing; only show what would change.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let plan = try await global.withClient { client in try await client.reloadConfiguration(isDryRun: dryRun) }
        try global.write(.reloaded(plan, isDryRun: dryRun))
    }
}
