// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import ConfigDocument
internal import TextKeys

/// A command line that does not parse.
package enum UsageProblem {
    /// Returns the failure for a message of the parser, with what was probably meant and where its help is.
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
        if !type.configuration.subcommands.isEmpty, GlobalArguments.areOnly(words.dropFirst(path.count)) {
            return .usage("USAGE", "the command is missing", hint: help)
        }
        let text = readable(message)
        if text.hasPrefix("Missing value"), let (option, value) = negativeValue(words) {
            return .usage("USAGE", "the value of '\(option)' must not be negative, but is \(value)", hint: help)
        }
        let misspelt = misspeltOption(words.dropFirst(path.count), of: type, named: unknownOption(in: text))
        let meant = misspelt.map { "did you mean '\($0.meant)'? " } ?? ""
        let message = misspelt.map { "unknown option '\($0.used)'" } ?? text
        return .usage("USAGE", message, hint: meant + help)
    }

    /// Returns the failure of `help` for a command that does not exist; nil if it exists.
    package static func unknownTopic(_ arguments: [String]) -> CommandFailure? {
        let arguments = GlobalArguments.behindCommand(arguments)
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
        let near =
            synonyms[word].flatMap { known.contains($0) ? $0 : nil }
            ?? Spelling.nearest(to: word, among: known.sorted())
        let meant = near.map { "did you mean '\((["backendctl"] + path + [$0]).joined(separator: " "))'? " } ?? ""
        let command = (path + [word]).joined(separator: " ")
        return .usage("USAGE", "unknown command \(command.quoted())", hint: meant + help)
    }

    /// Words of other programs for a command. Some are similar to a command that does something else.
    private static let synonyms = [
        "stat": "status", "st": "status", "rm": "delete", "remove": "delete", "show": "get", "describe": "get",
        "version": "info", "log": "logs",
    ]

    /// Returns the first option that is followed by a negative number, which the parser takes for another option.
    private static func negativeValue(_ words: some Sequence<String>) -> (option: String, value: String)? {
        let words = Array(words)
        return zip(words, words.dropFirst()).first { option, value in
            option.hasPrefix("-") && value.hasPrefix("-") && value.dropFirst().first?.isNumber == true
        }
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName].compactMap { $0 } + command.configuration.aliases
    }

    private static func command(
        _ word: String, of type: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        type.configuration.subcommands.first { names(of: $0).contains(word) }
    }

    /// Returns the parser's message as one sentence, without the option that it guesses, which may be far from the one that was used.
    private static func readable(_ message: String) -> String {
        let words = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
        var text = words.split(separator: "\n").map { String($0) }.joined(separator: " ")
            .replacing(":   - ", with: ": ").replacing("   - ", with: ", ")
            .replacing(". Please provide", with: "; give").replacing("one of the following", with: "one of these")
        if let guess = text.firstRange(of: ". Did you mean '") { text = String(text[..<guess.lowerBound]) }
        while text.last == "." { text.removeLast() }
        return text
    }

    /// Returns the option that the parser's message refuses.
    private static func unknownOption(in message: String) -> String? {
        let beginning = "Unknown option '"
        guard message.hasPrefix(beginning) else { return nil }
        return String(message.dropFirst(beginning.count).prefix { $0 != "'" && $0 != "=" })
    }

    /// Options that users expect of a command, and the one that it has.
    private static let optionSynonyms = ["--timeout": "--wait"]

    /// Returns the first unknown option, or the `named` one, and the one that was probably meant. The parser reports
    /// missing arguments before unknown ones.
    private static func misspeltOption(
        _ words: ArraySlice<String>, of type: any ParsableCommand.Type, named: String?
    ) -> (used: String, meant: String)? {
        let separators: Set<Character> = [" ", "\n", "[", "]", "(", ")", ",", ".", ";", "'"]
        let help = Backendctl.helpMessage(for: type).split { separators.contains($0) }
        let known = Set(help.filter { $0.hasPrefix("--") }.map { String($0) })
        let used = named.map { [$0] } ?? words.map { String($0.prefix { $0 != "=" }) }
        return used.lazy.filter { $0.hasPrefix("--") && !known.contains($0) }.compactMap { word in
            let synonym = optionSynonyms[word].flatMap { known.contains($0) ? $0 : nil }
            return (synonym ?? Spelling.nearest(to: word, among: known.sorted())).map { (word, $0) }
        }.first
    }
}
