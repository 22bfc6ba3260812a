// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Why the domain refused or failed a command.
///
/// `kind` decides what a caller can do about it, `reason` names the situation for programs and never changes its
/// spelling, and `message` tells a person what was tried, on what, and what to do next.
package struct BackendError: Error, Hashable, Sendable {
    package var kind: Kind
    package var reason: Reason
    package var message: String
    /// Facts for programs, for example the pid of a lock's holder. Never holds a configuration value.
    package var metadata: [String: String]
    /// The fields that are wrong, when `kind` is `invalidArgument`.
    package var violations: [FieldViolation]
    /// How long to wait before the same command can succeed, where waiting helps.
    package var retryAfter: Duration?

    /// Words of libraries, processes and file systems end up in messages, so they are made clean here, whoever wrote them.
    package init(
        _ kind: Kind,
        _ reason: Reason,
        _ message: String,
        metadata: [String: String] = [:],
        violations: [FieldViolation] = [],
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.reason = reason
        self.message = SecretWords.shown(PlainText.cleaned(message))
        self.metadata = metadata.mapValues { SecretWords.shown(PlainText.cleaned($0)) }
        self.violations = violations
        self.retryAfter = retryAfter
    }
}

extension BackendError: CustomStringConvertible {
    package var description: String { "\(reason.rawValue): \(message)" }
}
