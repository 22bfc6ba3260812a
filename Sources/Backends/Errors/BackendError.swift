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
    /// How long to wait before the same command can succeed, if waiting helps.
    package var retryAfter: Duration?

    /// Messages quote libraries, processes and file systems, so all of them are cleaned here.
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

extension BackendError {
    /// The classes of failure that callers tell apart.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The backend, type or page named does not exist.
        case notFound
        /// The name is taken.
        case alreadyExists
        /// A field of the command is wrong whatever the state is.
        case invalidArgument
        /// The command is right but not in this state.
        case failedPrecondition
        /// Another caller was first; rereading the state and trying again can help.
        case aborted
        /// The caller may not do this.
        case permissionDenied
        /// A bound is reached.
        case resourceExhausted
        /// A time limit passed.
        case deadlineExceeded
        /// The caller gave up.
        case cancelled
        /// The daemon is stopping.
        case unavailable
        /// A fault of the daemon or of a backend type.
        case `internal`
    }
}

/// One field of a command that is wrong, and how.
package struct FieldViolation: Hashable, Sendable {
    /// Where the field is, keys joined by dots, for example `config.connection.hostname`.
    package var path: String
    package var description: String

    package init(path: String, description: String) {
        // Keys and texts of other programs may contain a secret.
        self.path = SecretWords.shown(path)
        self.description = SecretWords.shown(PlainText.cleaned(description))
    }
}
