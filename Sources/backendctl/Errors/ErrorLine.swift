// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// The one line that a failed command leaves on standard error: `backendctl: CODE REASON: message; hint`.
package struct ErrorLine: Hashable, Sendable, CustomStringConvertible {
    package let code: String
    package let reason: String?
    package let message: String
    package let hint: String?

    package init(code: String, reason: String?, message: String, hint: String?) {
        self.code = code
        self.reason = reason
        self.message = message
        self.hint = hint
    }

    /// The line of a call that the daemon, or the way to it, failed.
    package init(_ error: BackendClientError) {
        let violations = error.violations
            .filter { !error.message.contains($0.description) }
            .map { " [\($0.field): \($0.description)]" }
        self.init(
            code: error.code.description, reason: error.reason, message: error.message + violations.joined(),
            hint: ErrorHint.text(for: error))
    }

    package init(_ failure: CommandFailure) {
        self.init(code: failure.code, reason: failure.reason, message: failure.message, hint: failure.hint)
    }

    /// The line without its end. Whatever the daemon says, it stays one line.
    package var description: String {
        let words = "backendctl: \(code)\(reason.map { " \($0)" } ?? ""): \(message)\(hint.map { "; \($0)" } ?? "")"
        return PlainText.escaped(words)
    }
}
