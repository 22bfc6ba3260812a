// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

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

    /// The machine did not do what it was asked.
    package static func failure(_ reason: String, _ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(status: .failure, code: "INTERNAL", reason: reason, message: message, hint: hint)
    }
}

extension CommandFailure: CustomStringConvertible {
    package var description: String { message }
}
