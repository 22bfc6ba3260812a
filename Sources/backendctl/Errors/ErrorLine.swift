// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// What a failed command writes to standard error: `backendctl: CODE REASON: message; hint`, or the same as JSON or
/// YAML.
package struct ErrorLine: Hashable, Sendable, CustomStringConvertible {
    package let code: String
    package let reason: String?
    package let message: String
    package var hint: String?
    package private(set) var violations: [BackendClientError.FieldViolation] = []

    /// Makes the line for a call of a command that failed.
    package init(_ error: BackendClientError, in command: String? = nil) {
        (code, reason, message) = (error.code.description, error.reason?.rawValue, error.message)
        (hint, violations) = (ErrorHint.text(for: error, in: command), error.violations)
    }

    /// Makes the line for a call that failed for one of several backends; the message names the backend.
    package init(_ error: BackendClientError, about name: String) {
        let message = error.message.contains(name) ? error.message : "\(name): \(error.message)"
        (code, reason, self.message) = (error.code.description, error.reason?.rawValue, message)
        (hint, violations) = (ErrorHint.text(for: error), error.violations)
    }

    /// Makes the line for a call that failed for one entry of a file; the message has its place.
    package init(_ error: BackendClientError, message: String) {
        (code, reason, self.message) = (error.code.description, error.reason?.rawValue, message)
        (hint, violations) = (ErrorHint.text(for: error), error.violations)
    }

    package init(_ failure: CommandFailure) {
        (code, reason, message, hint) = (failure.code, failure.reason, failure.message, failure.hint)
    }

    /// The text without a line end. A message of several lines keeps them, all but the first indented. Control
    /// characters are escaped.
    package var description: String {
        let told =
            violations
            .filter { !message.contains($0.description) }
            .map { " [\($0.field): \($0.description)]" }.joined()
        let end = message + told
        let advice = hint.map { (end.hasSuffix("?") ? " " : "; ") + $0 } ?? ""
        let words = "backendctl: \(code)\(reason.map { " \($0)" } ?? ""): \(end)\(advice)"
        return words.split(separator: "\n").map { PlainText.escaped(String($0)) }.joined(separator: "\n  ")
    }

    /// Returns the text for standard error.
    package func rendered(as format: OutputFormat) -> String {
        Report(text: description + "\n", document: document).renderedAsItem(as: format)
    }

    private var document: ConfigValue {
        [
            "code": .string(code), "reason": ConfigValue(reason), "message": .string(message),
            "hint": ConfigValue(hint),
            "violations": .list(
                violations.map { ["field": .string($0.field), "description": .string($0.description)] }),
        ]
    }
}
