// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a call to the daemon failed: what every call of this library throws.
///
/// Programs switch on ``code`` and ``reason``; ``message`` is for a person.
public struct BackendClientError: Error, Hashable, Sendable {
    /// The class of the failure.
    public let code: Code
    /// A stable UPPER_SNAKE word, for example `START_LOCK_HELD`.
    public let reason: String?
    /// What was tried, on what, and what to do.
    public let message: String
    /// What a program needs beside the reason, by name, for example the `pid` of a lock's holder.
    public let metadata: [String: String]
    /// Which fields of the request are wrong.
    public let violations: [FieldViolation]
    /// How long to wait before another try, where that helps.
    public let retryAfter: Duration?

    package init(
        _ code: Code, reason: String? = nil, _ message: String, metadata: [String: String] = [:],
        violations: [FieldViolation] = [], retryAfter: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.metadata = metadata
        self.violations = violations
        self.retryAfter = retryAfter
    }
}

extension BackendClientError {
    /// One wrong field of a request.
    public struct FieldViolation: Hashable, Sendable {
        /// Its path, for example `config.connection.hostname`.
        public let field: String
        /// What is wrong with it.
        public let description: String

        package init(field: String, description: String) {
            self.field = field
            self.description = description
        }
    }
}

extension BackendClientError: CustomStringConvertible {
    /// Code, reason and message in one line.
    public var description: String {
        "\(code)\(reason.map { " \($0)" } ?? ""): \(message)"
    }
}
