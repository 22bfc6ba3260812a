// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument
internal import SystemIO

struct ConfigImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Creates or configures the backends of a configuration file.",
        discussion: """
            Reads the list 'backends' of the file, which is checked as a whole before anything is created. A backend that does not \
            exist is created, after those that it comes after. One that exists with the same type gets the configuration as the \
            patch of an owner, unless all that the entry sets is in effect already; its priority, 'start' and 'after' stay. Other \
            backends, and other keys of the file, are left alone; 'apply' counts only in the daemon's own file. If the daemon \
            refuses a backend, for example because it is started and its configuration differs, the others are created and \
            configured all the same, and the highest status is the exit status.
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
            let known = try await client.backends()
            let steps = try plan.steps(beside: known)
            var (present, outcome) = (PresentConfigurations(known), Outcome())
            for step in steps {
                do {
                    let report = try await report(of: step, &present, client)
                    try Output.write(report.renderedAsItem(as: global.output))
                    outcome.done.append(step.entry.name)
                } catch let error as BackendClientError {
                    outcome.failures.append((step.entry, error))
                    // Without a daemon, the rest fails in the same way.
                    if ExitStatus(error) == .noDaemon { break }
                }
            }
            try await complain(outcome, plan, steps.map(\.entry.name), client)
        }
    }

    /// What became of the entries.
    private struct Outcome {
        var done: [String] = []
        var failures: [(entry: ImportedBackend, error: BackendClientError)] = []
    }

    /// Writes what was refused, and what is done of the file, if anything was refused.
    private func complain(_ outcome: Outcome, _ plan: ImportPlan, _ names: [String], _ client: BackendClient)
        async throws
    {
        guard let status = outcome.failures.map({ ExitStatus($0.error) }).max() else { return }
        for (entry, error) in outcome.failures {
            var line = ErrorLine(error, message: plan.message(of: error, about: entry))
            line.hint = await Suggestion.hint(for: error, from: client) ?? line.hint
            try ProcessInformation.writeStandardError(line.rendered(as: global.output))
        }
        // The other formats have an item for each backend that is done.
        if global.output == .table {
            let rest = names.filter { !outcome.done.contains($0) }.joined(separator: ", ")
            let done = outcome.done.isEmpty ? "none" : outcome.done.joined(separator: ", ")
            let words = PlainText.escaped("backendctl: done: \(done); not done: \(rest)")
            try ProcessInformation.writeStandardError(words + "\n")
        }
        throw ExitCode(status.rawValue)
    }

    private func report(
        of step: ImportPlan.Step, _ present: inout PresentConfigurations, _ client: BackendClient
    ) async throws -> Report {
        let entry = step.entry
        guard step.isNew else {
            if let backend = try await present.unchanged(by: entry, client) { return .unchanged(backend) }
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

/// The configurations that are in effect before an import.
private struct PresentConfigurations {
    private let backends: [String: BackendDescription]
    /// With secrets, as they are exported; nil until an entry needs them.
    private var exported: [String: ConfigValue]?

    init(_ known: [BackendDescription]) {
        backends = Dictionary(known.map { ($0.name, $0) }) { $1 }
    }

    /// Returns the backend if all that an entry sets is in effect, and no change waits for its next start.
    mutating func unchanged(
        by entry: ImportedBackend, _ client: BackendClient
    ) async throws(BackendClientError) -> BackendDescription? {
        guard let backend = backends[entry.name], !backend.isConfigStaged else { return nil }
        let effective = ConfigValue(backend.config)
        if entry.isInEffect(in: effective) { return backend }
        // A secret differs from its mask.
        guard backend.config.description.contains("***") else { return nil }
        let all = try await withSecrets(client)
        guard let config = all[entry.name], entry.isInEffect(in: effective.merged(with: config)) else { return nil }
        return backend
    }

    private mutating func withSecrets(_ client: BackendClient) async throws(BackendClientError) -> [String: ConfigValue]
    {
        if let exported { return exported }
        let list =
            ConfigValue(try await client.exportConfiguration(includingSecrets: true))["backends"]?.listValue ?? []
        let all = Dictionary(list.map { ($0["name"]?.stringValue ?? "", $0["config"] ?? [:]) }) { $1 }
        exported = all
        return all
    }
}
