// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

struct ConfigImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Creates or configures the backends of a configuration file.",
        discussion: """
            Reads the list 'backends' of the file, which is checked as a whole before anything is created. A backend that does not \
            exist is created, after those that it comes after. One that exists with the same type gets the configuration as the \
            patch of an owner; its priority, 'start' and 'after' stay. Other backends, and other keys of the file, are left alone; \
            'apply' counts only in the daemon's own file. The command stops at the first backend that the daemon refuses.
            Example: backendctl config import config.yaml
            """)

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(
            "The owner whose layer of backends that exist to change. Default: user-UID, one layer per user.",
            valueName: "owner"))
    var owner: String?

    @Flag(help: "Keep the change of a backend for its next start if it is starting, started or stopping.")
    var nextStart = false

    @Flag(help: "Ignore the start locks of other processes, and break them.")
    var force = false

    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let plan = try ImportPlan(try Input(file: file).text())
        try await global.withClient { client in
            for step in try plan.steps(beside: try await client.backends()) {
                try Output.write(try await report(of: step, client).renderedAsItem(as: global.output))
            }
        }
    }

    private func report(of step: ImportPlan.Step, _ client: BackendClient) async throws -> Report {
        let entry = step.entry
        guard step.isNew else {
            return .configured(
                try await client.backend(entry.name).registerConfig(
                    entry.config, owner: owner ?? "user-\(ProcessInformation.uid)",
                    apply: nextStart ? .nextStart : .now, lockWait: lock.lockWait, force: force))
        }
        return .created(
            try await client.createBackend(
                entry.name, type: entry.type, priority: step.priority, config: entry.config, start: entry.start,
                after: entry.after),
            ignoring: entry.ignoredKeys)
    }
}
