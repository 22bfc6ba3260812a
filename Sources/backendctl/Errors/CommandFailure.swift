// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// Why a command fails on this side of the socket.
package struct CommandFailure: Error, Hashable, Sendable {
    package let status: ExitStatus
    package let code: String
    package let reason: String
    package let message: String
    package let hint: String?

    /// What was typed, or the input, is wrong.
    package static func usage(_ reason: String, _ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(status: .usage, code: "INVALID_ARGUMENT", reason: reason, message: message, hint: hint)
    }

    /// An option or argument for a model is there and empty, which for the daemon would be as if it were not.
    package static func checkNamed(_ model: String?) throws(CommandFailure) {
        guard model?.isEmpty == true else { return }
        throw .usage(
            "MODEL_ID_INVALID", "\"\" is not a valid model ID; it must have 1 to 255 bytes",
            hint: "name a model, or leave it out")
    }

    /// The model has no address, and one was asked for.
    package static func inProcess(_ model: String, backend: String) -> CommandFailure {
        CommandFailure(
            status: .conflict, code: "FAILED_PRECONDITION", reason: "MODEL_IN_PROCESS",
            message: "model \"\(model)\" has no address: backend \(backend) leaves it to the caller's own process",
            hint: "pass --allow-in-process to accept that, or --backend to ask another backend")
    }

    /// A number at a path that would be rounded, as it was written.
    package static func inexact(_ number: String, at path: ConfigPath) -> CommandFailure {
        .usage(
            "NUMBER_INEXACT",
            "\(path.isEmpty ? "the value" : path.description) is \(number), which would be rounded",
            hint: "whole numbers are exact up to \(ConfigValue.largestExactInteger); write it as text, in quotes")
    }

    /// The machine did not do what it was asked.
    package static func failure(_ reason: String, _ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(status: .failure, code: "INTERNAL", reason: reason, message: message, hint: hint)
    }
}

extension CommandFailure: CustomStringConvertible {
    package var description: String { message }
}
