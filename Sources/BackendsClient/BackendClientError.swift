// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// Why a call to the daemon failed: the error that every call of this library throws.
///
/// Programs compare ``code`` and ``reason``; ``message`` is for people. See <doc:Errors>.
public struct BackendClientError: Error, Hashable, Sendable {
    /// The class of the failure.
    public let code: Code
    /// The cause of the failure; nil if the daemon gave none.
    public let reason: FailureReason?
    /// What was tried, on what, why it failed and what to do.
    public let message: String
    /// Details for programs by name, for example the `pid` of the process that holds a start lock.
    public let metadata: [String: String]
    /// The fields of the request that are wrong; empty if the failure has another cause.
    public let violations: [FieldViolation]
    /// How long to wait before the next try; nil if waiting alone does not help.
    public let retryAfter: Duration?

    package init(
        _ code: Code, reason: FailureReason? = nil, _ message: String, metadata: [String: String] = [:],
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
        /// The path of the field, for example `config.connection.hostname`.
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

extension BackendClientError {
    /// The class of a failure, with the names and numbers of gRPC. Numbers that this version does not know survive
    /// unchanged.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number on the wire.
        public let rawValue: Int32

        /// Makes a code from its number on the wire.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The caller cancelled the call.
        public static let cancelled = Code(rawValue: 1)
        /// A failure that no other code describes.
        public static let unknown = Code(rawValue: 2)
        /// The request is wrong, whatever the state of the daemon.
        public static let invalidArgument = Code(rawValue: 3)
        /// The call timed out.
        public static let deadlineExceeded = Code(rawValue: 4)
        /// What the request names does not exist.
        public static let notFound = Code(rawValue: 5)
        /// What the request creates already exists.
        public static let alreadyExists = Code(rawValue: 6)
        /// The caller is not allowed to do this.
        public static let permissionDenied = Code(rawValue: 7)
        /// A limit is reached.
        public static let resourceExhausted = Code(rawValue: 8)
        /// The backend is in the wrong state.
        public static let failedPrecondition = Code(rawValue: 9)
        /// Another caller was first: a lock is held, a configuration conflicts, or a generation moved.
        public static let aborted = Code(rawValue: 10)
        /// The request goes past the end of what exists.
        public static let outOfRange = Code(rawValue: 11)
        /// The daemon does not know the call.
        public static let unimplemented = Code(rawValue: 12)
        /// A fault of the daemon, the library or the protocol between them.
        public static let `internal` = Code(rawValue: 13)
        /// No daemon answers, or the daemon is shutting down.
        public static let unavailable = Code(rawValue: 14)
        /// Data was lost and cannot be recovered.
        public static let dataLoss = Code(rawValue: 15)
        /// The caller did not say who it is.
        public static let unauthenticated = Code(rawValue: 16)
    }
}

extension BackendClientError.Code: CustomStringConvertible {
    /// The name in gRPC, for example `NOT_FOUND`; `CODE_n` for a number that gRPC does not define.
    public var description: String { wire.description }
}
