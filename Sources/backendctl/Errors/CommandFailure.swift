// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// Why a command fails before or after its calls to the daemon.
package struct CommandFailure: Error, Hashable, Sendable {
    package let status: ExitStatus
    package let code: String
    package let reason: String
    package let message: String
    package let hint: String?

    /// The command line or its input is wrong.
    package static func usage(_ reason: String, _ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(status: .usage, code: "INVALID_ARGUMENT", reason: reason, message: message, hint: hint)
    }

    /// Refuses an option or argument for a model that is empty, which the daemon would take as absent.
    package static func checkNamed(_ model: String?) throws(CommandFailure) {
        guard model?.isEmpty == true else { return }
        throw .usage(
            "MODEL_ID_INVALID", "\"\" is not a valid model ID; it must have 1 to 255 bytes",
            hint: "name a model, or leave the option out")
    }

    /// An address was asked for, and the model has none.
    package static func inProcess(_ model: String, backend: String) -> CommandFailure {
        CommandFailure(
            status: .conflict, code: "FAILED_PRECONDITION", reason: "MODEL_IN_PROCESS",
            message: "model \"\(model)\" has no address: backend \(backend) leaves it to the caller's own process",
            hint: "pass --allow-in-process to accept that, or --backend to ask another backend")
    }

    /// A number at a path might be rounded; the message has it as it was written.
    package static func inexact(_ number: String, at path: ConfigPath) -> CommandFailure {
        .usage(
            "NUMBER_INEXACT",
            "\(path.isEmpty ? "the value" : path.description) is \(number), which might be rounded",
            hint: "whole numbers are exact up to \(ConfigValue.largestExactInteger); write it as a string, in quotes")
    }

    /// A system call or another program failed.
    package static func failure(_ reason: String, _ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(status: .failure, code: "INTERNAL", reason: reason, message: message, hint: hint)
    }
}

extension CommandFailure: CustomStringConvertible {
    package var description: String { message }
}
