// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
package import BackendsClient
package import ConfigDocument
internal import SystemIO

struct ConfigImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Creates or configures the backends of a configuration file.",
        discussion: """
            Reads the list 'backends' of the file. A backend that does not exist is created. One that exists with the same type \
            gets the configuration as the patch of an owner; its priority stays. Other backends, and other keys of the file, \
            are left alone. The command stops at the first backend that is refused.
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
        let entries = try ImportedBackend.all(in: try Input(file: file).document())
        try await global.withClient { client in
            let known = try await client.backends()
            for entry in entries {
                let report = try await report(of: entry, known.first { $0.name == entry.name }, client)
                try Output.write(report.renderedAsItem(as: global.output))
            }
        }
    }

    private func report(
        of entry: ImportedBackend, _ known: BackendDescription?, _ client: BackendClient
    ) async throws -> Report {
        guard let known else {
            return .created(
                try await client.createBackend(
                    entry.name, type: entry.type, priority: entry.priority, config: entry.config, start: entry.start,
                    after: entry.after))
        }
        guard known.type == entry.type else {
            throw CommandFailure.usage(
                "TYPE_DIFFERS", "backend \(entry.name) is of type \(known.type), not \(entry.type)",
                hint: "delete it first, or take it out of the file")
        }
        return .configured(
            try await client.backend(entry.name).registerConfig(
                entry.config, owner: owner ?? "user-\(ProcessInformation.uid)", apply: nextStart ? .nextStart : .now,
                lockWait: lock.lockWait, force: force))
    }
}

/// An entry of the list `backends` of a configuration file.
package struct ImportedBackend: Hashable, Sendable {
    package let name: String
    package let type: String
    package let priority: Int32?
    package let config: ConfigurationValue
    package let start: StartPolicy
    package let after: [String]

    /// Reads all entries.
    ///
    /// - Throws: What is wrong with the document; the failure names the path. That a backend does not take its configuration is found by
    ///   the daemon.
    package static func all(in document: ConfigValue) throws(CommandFailure) -> [ImportedBackend] {
        guard let list = document["backends"]?.listValue else {
            throw .usage(
                "CONFIG_INVALID", "the file has no list 'backends'", hint: "see 'backendctl config export' for its form"
            )
        }
        var entries: [ImportedBackend] = []
        for (index, entry) in list.enumerated() {
            entries.append(try ImportedBackend(entry, at: ConfigPath(["backends", .index(index)])))
        }
        return entries
    }

    private init(_ entry: ConfigValue, at path: ConfigPath) throws(CommandFailure) {
        guard let name = entry["name"]?.stringValue, let type = entry["type"]?.stringValue else {
            throw .usage("CONFIG_INVALID", "\(path) needs a name and a type, both strings")
        }
        self.name = name
        self.type = type
        let number = entry["priority"]?.integerValue
        priority = number.flatMap { Int32(exactly: $0) }
        guard entry["priority"] == nil || priority != nil else {
            throw .usage("CONFIG_INVALID", "\(path).priority must be a whole number of 32 bits")
        }
        start = try Self.start(entry["start"], at: path)
        after = (entry["after"]?.listValue ?? []).compactMap(\.stringValue)
        let config = entry["config"] ?? [:]
        if let (masked, _) = config.leafPaths().first(where: { $0.1 == ConfigSchema.mask }) {
            throw .usage(
                "SECRET_MASKED", "\(path).config.\(masked) of backend \(name) is a masked secret",
                hint: "write the secret itself, or export with --secrets")
        }
        self.config = try ConfigurationValue(configuration: config)
    }

    private static func start(_ value: ConfigValue?, at path: ConfigPath) throws(CommandFailure) -> StartPolicy {
        guard let value else { return .onDemand }
        guard let policy = value.stringValue.flatMap({ StartPolicy(word: $0) }) else {
            throw .usage("CONFIG_INVALID", "\(path).start must be boot, on_demand or manual")
        }
        return policy
    }
}
