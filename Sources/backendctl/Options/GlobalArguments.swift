// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The options of all commands, which users may write before or after the command.
package enum GlobalArguments {
    /// The options that have a value.
    static let withValue: Set<String> = ["--socket", "--output", "-o", "--timeout"]

    /// The commands that call no daemon, for which the options mean nothing.
    private static let commandsWithout: Set<String> = ["help", "completions"]

    /// Returns the arguments with the options before the command moved to after it, or left out if it has none.
    ///
    /// A command is one word, or two for `config`. Anything unknown before the command stays, for the parser to refuse.
    package static func behindCommand(_ arguments: [String]) -> [String] {
        let options = leading(arguments[...])
        let rest = arguments[options.endIndex...]
        guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
        if commandsWithout.contains(command) { return Array(rest) }
        let words = command == "config" ? rest.prefix(2) : rest.prefix(1)
        return Array(words + options + rest.dropFirst(words.count))
    }

    /// Whether the arguments, of which there is at least one, are nothing but these options.
    static func areOnly(_ arguments: ArraySlice<String>) -> Bool {
        !arguments.isEmpty && leading(arguments).endIndex == arguments.endIndex
    }

    /// Returns the options with which the arguments begin.
    private static func leading(_ arguments: ArraySlice<String>) -> ArraySlice<String> {
        var rest = arguments
        while let word = rest.first {
            if withValue.contains(word), rest.count > 1 {
                rest = rest.dropFirst(2)
            } else if let equals = word.firstIndex(of: "="), withValue.contains(String(word[..<equals])) {
                rest = rest.dropFirst()
            } else if word.hasPrefix("-o"), word.count > 2 {
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        return arguments[..<rest.startIndex]
    }

    /// Returns the last value of an option among the arguments, whether or not they parse. What comes after `--` is the
    /// command line of another program.
    package static func value(of names: [String], in arguments: [String]) -> String? {
        values(of: names, in: arguments).last
    }

    /// Returns the values of an option that may be repeated.
    package static func values(of names: [String], in arguments: [String]) -> [String] {
        let own = arguments.prefix { $0 != "--" }
        var values: [String] = []
        for (index, word) in own.enumerated() {
            if names.contains(word), index + 1 < own.count {
                values.append(own[index + 1])
            } else if let name = names.first(where: { word.hasPrefix($0 + "=") }) {
                values.append(String(word.dropFirst(name.count + 1)))
            } else if word.hasPrefix("-o"), names.contains("-o"), word.count > 2 {
                values.append(String(word.dropFirst(2)))
            }
        }
        return values
    }

    /// Returns the format for errors, which is that of the results.
    package static func output(_ arguments: [String]) -> OutputFormat {
        value(of: ["--output", "-o"], in: arguments).flatMap { OutputFormat(rawValue: $0) } ?? .table
    }
}
