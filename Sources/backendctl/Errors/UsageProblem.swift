// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A command line that does not parse.
package enum UsageProblem {
    /// The failure for what the parser says, with a hint where the help for it is.
    package static func failure(_ message: String, _ arguments: [String]) -> CommandFailure {
        let words = message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message
        let lines = words.split(separator: "\n").map { String($0) }
        let command = GlobalArguments.behindCommand(arguments).prefix { !$0.hasPrefix("-") }
        let help = command.first.map { name in
            name == "config" && command.count > 1 ? " config \(command[1])" : " \(name)"
        }
        return .usage("USAGE", lines.joined(separator: " "), hint: "see 'backendctl\(help ?? "") --help'")
    }
}
