// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
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

    /// The YAML or JSON in it; errors name the path at which it is to stand.
    package func document(at path: ConfigPath = []) throws(CommandFailure) -> ConfigValue {
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
        return text.root
    }

    /// The configuration in it. Without one, what writes it has probably failed.
    package func configuration() throws(CommandFailure) -> ConfigurationValue {
        let document = try document()
        guard document != .null else {
            throw .usage(
                "CONFIG_INVALID", "\(name) is empty, and a configuration is a map of keys to values",
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
