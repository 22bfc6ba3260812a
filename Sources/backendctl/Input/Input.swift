// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO

/// What a user gives a command to read: text, the name of a file, or standard input.
package enum Input: Hashable, Sendable {
    case text(String)
    case file(String)
    case standardInput

    /// `-` is standard input, `@FILE` a file, everything else the text itself.
    package init(textOrFile argument: String) {
        if argument == "-" {
            self = .standardInput
        } else if argument.hasPrefix("@") {
            self = .file(String(argument.dropFirst()))
        } else {
            self = .text(argument)
        }
    }

    /// `-` is standard input, everything else a file.
    package init(file argument: String) {
        self = argument == "-" ? .standardInput : .file(argument)
    }

    /// The YAML or JSON in it.
    package func document() throws(CommandFailure) -> ConfigValue {
        let bytes = try bytes()
        do throws(ConfigSyntaxError) {
            return try ConfigText.parse(bytes, name: name).root
        } catch {
            throw .usage("INPUT_INVALID", "cannot read \(error)", hint: "give YAML or JSON")
        }
    }

    private var name: String {
        switch self {
        case .text: "the argument"
        case .file(let path): path
        case .standardInput: "standard input"
        }
    }

    private func bytes() throws(CommandFailure) -> [UInt8] {
        do throws(SystemError) {
            switch self {
            case .text(let text): return Array(text.utf8)
            case .file(let path): return try File.read(path: path, limit: ConfigLimits.textBytes)
            case .standardInput: return try ProcessInformation.readStandardInput(limit: ConfigLimits.textBytes)
            }
        } catch {
            throw .usage("INPUT_UNREADABLE", error.description)
        }
    }
}
