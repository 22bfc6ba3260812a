// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The options of all commands, where users write them: before the command as well as behind it.
package enum GlobalArguments {
    private static let withValue: Set<String> = ["--socket", "--output", "-o", "--timeout"]

    /// The arguments with the options that stand before the command moved behind it.
    ///
    /// The words of a command are one, or two for `config`. Anything unknown before the command stays, for the parser to refuse.
    package static func behindCommand(_ arguments: [String]) -> [String] {
        var options: [String] = []
        var rest = arguments[...]
        while let word = rest.first, word.hasPrefix("-") {
            if withValue.contains(word), rest.count > 1 {
                options += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if let equals = word.firstIndex(of: "="), withValue.contains(String(word[..<equals])) {
                options.append(word)
                rest = rest.dropFirst()
            } else {
                return arguments
            }
        }
        guard let command = rest.first else { return arguments }
        let words = command == "config" ? rest.prefix(2) : rest.prefix(1)
        return words + options + rest.dropFirst(words.count)
    }
}
