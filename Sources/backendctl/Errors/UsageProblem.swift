// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// A command line that does not parse.
package enum UsageProblem {
    private static let commands = names(of: Backendctl.configuration.subcommands)
    private static let configCommands = names(of: ConfigCommand.configuration.subcommands)

    private static func names(of commands: [any ParsableCommand.Type]) -> Set<String> {
        Set(commands.compactMap { command in command.configuration.commandName })
    }

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
