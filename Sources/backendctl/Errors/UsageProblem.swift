// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import ConfigDocument

/// A command line that does not parse.
package enum UsageProblem {
    private static let commands = names(of: Backendctl.configuration.subcommands)
    private static let configCommands = names(of: ConfigCommand.configuration.subcommands)

    private static func names(of commands: [any ParsableCommand.Type]) -> Set<String> {
        Set(
            commands.flatMap { command in
                [command.configuration.commandName].compactMap { $0 } + command.configuration.aliases
            })
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
        let meant = unknownWord(command).map { "did you mean 'backendctl \($0)'? " } ?? ""
        return .usage("USAGE", lines.joined(separator: " "), hint: "\(meant)see 'backendctl\(help) --help'")
    }

    /// The command that a word which is none was probably meant to be.
    private static func unknownWord(_ words: ArraySlice<String>) -> String? {
        guard let word = words.first else { return nil }
        guard word == "config" else {
            return commands.contains(word) ? nil : Spelling.nearest(to: word, among: commands.sorted())
        }
        guard let word = words.dropFirst().first, !configCommands.contains(word) else { return nil }
        return Spelling.nearest(to: word, among: configCommands.sorted()).map { "config \($0)" }
    }
}
