// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument

struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a stopped backend.",
        discussion: "Example: backendctl create assistant --type LOCAL --config '{\"model\": {\"revision\": 1}}'")

    @Argument(
        help:
            "The backend's name: a lowercase letter, then lowercase letters, digits and hyphens; at most 63 characters."
    )
    var name: String

    @OptionGroup var global: GlobalOptions

    @Option(help: "The backend's type; see 'backendctl types'.", completion: .typeNames)
    var type: String

    // A negative number looks like an option.
    @Option(
        parsing: .unconditional, help: "Backends with a lower number are asked first. Default: after the last backend.")
    var priority: Int32?

    @Option(help: "The backend's configuration as YAML or JSON: the text itself, @FILE, or - for standard input.")
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Who may start it: boot (the daemon at its own start, and requests), on_demand (requests), manual (only 'backendctl start').",
            valueName: "policy"),
        completion: .list(["boot", "on_demand", "manual"]), transform: StartPolicy.parsed)
    var start = StartPolicy.onDemand

    @Option(
        help: "A backend that is started before it when the daemon starts; may be repeated.", completion: .backendNames)
    var after: [String] = []

    func run() async throws {
        let config = try config.map { try Input(textOrFile: $0).configuration() } ?? [:]
        let backend = try await global.withClient { client in
            try await client.createBackend(
                name, type: type, priority: priority, config: config, start: start, after: after)
        }
        try global.write(.created(backend))
    }
}

extension StartPolicy {
    /// The policy that configuration files call by the word.
    init?(word: String) {
        switch word {
        case "boot": self = .boot
        case "on_demand": self = .onDemand
        case "manual": self = .manual
        default: return nil
        }
    }

    fileprivate static func parsed(_ text: String) throws -> StartPolicy {
        guard let policy = StartPolicy(word: text) else {
            throw ValidationError("must be boot, on_demand or manual")
        }
        return policy
    }
}
