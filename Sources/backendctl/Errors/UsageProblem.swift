// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// A command line that does not parse.
package enum UsageProblem {
    private static let commands = Set(Backendctl.configuration.subcommands.compactMap(\.configuration.commandName))
    private static let configCommands = Set(
        ConfigCommand.configuration.subcommands.compactMap(\.configuration.commandName))

    /// The failure for what the parser says, with a hint where the help for it is.
    package static func failure(_ message: String, _ arguments: [String]) -> CommandFailure {
        let words = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
        let lines = words.split(separator: "\n").map { String($0) }
        let command = GlobalArguments.behindCommand(arguments).prefix { !$0.hasPrefix("-") }
        let help =
            switch command.first {
            case "config"? where command.dropFirst().first.map(configCommands.contains) == true:
                " config \(command[1])"
            case let name? where commands.contains(name): " \(name)"
            case nil, _?: ""
            }
        return .usage("USAGE", lines.joined(separator: " "), hint: "see 'backendctl\(help) --help'")
    }
}
