// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
package import ConfigDocument
internal import SystemIO

/// The input of a command: text, the name of a file, or standard input.
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

    /// Reads the YAML or JSON in it. Errors name the path where the value belongs.
    package func document(at path: ConfigPath = []) throws(CommandFailure) -> ConfigValue {
        try text(at: path).root
    }

    /// The same, with the place of each value.
    package func text(at path: ConfigPath = []) throws(CommandFailure) -> ConfigText {
        let bytes = try bytes()
        let text: ConfigText
        do throws(ConfigSyntaxError) {
            text = try ConfigText.parse(bytes, name: name)
        } catch {
            throw .usage("INPUT_INVALID", "cannot read \(error)", hint: "give YAML or JSON")
        }
        if let (place, number) = text.root.inexactIntegers().first {
            throw .inexact(
                text.inexactNumber(at: place) ?? "\(number)",
                at: path.appending(place))
        }
        return text
    }

    /// Reads the configuration in it. Empty input is refused: the program that writes it has probably failed.
    package func configuration() throws(CommandFailure) -> ConfigurationValue {
        let document = try document()
        guard document != .null else {
            throw .usage(
                "CONFIG_INVALID", "\(name) is empty, but a configuration must be a map of keys to values",
                hint: "write {} for an empty one")
        }
        return try ConfigurationValue(configuration: document)
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

/// A `NAME=VALUE` of the command line, for metadata and headers.
package struct Pair: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(parsing argument: String) throws(CommandFailure) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw .usage("PAIR_INVALID", "\"\(argument)\" is not NAME=VALUE")
        }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}

/// Durations in the form that users write: `5s`, `1m30s`, `250ms`.
enum DurationInput {
    static func duration(_ text: String) throws(CommandFailure) -> Duration {
        do throws(ConfigDurationError) {
            return try ConfigDuration(parsing: text).duration
        } catch {
            throw .usage("DURATION_INVALID", "\(error)")
        }
    }

    /// Returns a duration in that form.
    static func text(_ duration: Duration) -> String { ConfigDuration(duration)?.description ?? "\(duration)" }

    /// The same for an option of the command line.
    static let transform: @Sendable (String) throws -> Duration = { try duration($0) }
}
