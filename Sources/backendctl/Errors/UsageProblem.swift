// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import ConfigDocument

/// A command line that does not parse.
package enum UsageProblem {
    /// The failure for what the parser says, with what was probably meant and where the help for it is.
    package static func failure(_ message: String, _ arguments: [String]) -> CommandFailure {
        let words = GlobalArguments.behindCommand(arguments).prefix { $0 != "--" }
        let named = words.prefix { !$0.hasPrefix("-") }
        var (type, path, rest) = (Backendctl.self as any ParsableCommand.Type, [String](), named)
        while let word = rest.first, let command = command(word, of: type) {
            (type, path, rest) = (command, path + [word], rest.dropFirst())
        }
        let help = "see 'backendctl\(path.map { " \($0)" }.joined()) --help'"
        if let word = rest.first, !type.configuration.subcommands.isEmpty {
            return unknownCommand(word, of: type, path, help: help)
        }
        let text = readable(message)
        let option = text.meant ?? misspeltOption(words.dropFirst(path.count), of: type)
        let meant = option.map { "did you mean '\($0)'? " } ?? ""
        return .usage("USAGE", text.message, hint: meant + help)
    }

    /// The failure of `help` about a command that there is not; nil where there is.
    package static func unknownTopic(_ arguments: [String]) -> CommandFailure? {
        guard arguments.first == "help" else { return nil }
        let words = arguments.dropFirst().filter { !$0.hasPrefix("-") }
        var (type, path) = (Backendctl.self as any ParsableCommand.Type, [String]())
        for word in words {
            guard let command = command(word, of: type) else {
                return unknownCommand(word, of: type, path, help: "see 'backendctl --help'")
            }
            (type, path) = (command, path + [word])
        }
        return nil
    }

    private static func unknownCommand(
        _ word: String, of type: any ParsableCommand.Type, _ path: [String], help: String
    ) -> CommandFailure {
        let known = type.configuration.subcommands.flatMap { names(of: $0) }
        let near = Spelling.nearest(to: word, among: known.sorted())
        let meant = near.map { "did you mean '\((["backendctl"] + path + [$0]).joined(separator: " "))'? " } ?? ""
        let command = (path + [word]).joined(separator: " ")
        return .usage("USAGE", "unknown command \(ConfigText.quoted(command))", hint: meant + help)
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName].compactMap { $0 } + command.configuration.aliases
    }

    private static func command(
        _ word: String, of type: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        type.configuration.subcommands.first { names(of: $0).contains(word) }
    }

    /// The parser's words as one sentence, and the option that it guesses.
    private static func readable(_ message: String) -> (message: String, meant: String?) {
        let words = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
        var text = words.split(separator: "\n").map { String($0) }.joined(separator: " ")
            .replacing(":   - ", with: ": ").replacing("   - ", with: ", ")
            .replacing(". Please provide", with: "; give").replacing("one of the following", with: "one of these")
        var meant: String?
        if let guess = text.firstRange(of: ". Did you mean '") {
            meant = String(text[guess.upperBound...].prefix { $0 != "'" })
            text = String(text[..<guess.lowerBound])
        }
        while text.last == "." { text.removeLast() }
        return (text, meant)
    }

    /// The option that the first unknown one was probably meant to be. The parser complains of what is missing first.
    private static func misspeltOption(
        _ words: ArraySlice<String>, of type: any ParsableCommand.Type
    ) -> String? {
        let separators: Set<Character> = [" ", "\n", "[", "]", "(", ")", ",", ".", ";", "'"]
        let help = Backendctl.helpMessage(for: type).split { separators.contains($0) }
        let known = Set(help.filter { $0.hasPrefix("--") }.map { String($0) })
        let used = words.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
        return used.lazy.filter { !known.contains($0) }.compactMap { Spelling.nearest(to: $0, among: known.sorted()) }
            .first
    }
}
