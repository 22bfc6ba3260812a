// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How a call failed: what every RPC of this package throws.
///
/// The shape is `google.rpc.Status`: a code for programs, a message for people, and typed details.
/// OK is never thrown.
public struct RPCStatus: Error, Hashable, Sendable {
    /// The gRPC status code.
    public var code: Code
    /// What was tried, on what, and what to do.
    public var message: String
    /// Typed details, each a serialized message with its type URL.
    public var details: [GoogleAny]

    /// Makes a status with ready details.
    public init(_ code: Code, _ message: String, details: [GoogleAny] = []) {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension RPCStatus: CustomStringConvertible {
    /// The code's name and the message in one line.
    public var description: String { "\(code): \(message)" }
}

extension RPCStatus {
    /// A gRPC status code; codes that this version does not know are kept.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number on the wire.
        public let rawValue: Int32

        /// Makes a code from its number on the wire.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// 0: the call succeeded.
        public static let ok = Code(rawValue: 0)
        /// 1: the caller, or the loss of its connection, cancelled the call.
        public static let cancelled = Code(rawValue: 1)
        /// 2: an error without a better code.
        public static let unknown = Code(rawValue: 2)
        /// 3: the request is wrong, whatever the state of the server.
        public static let invalidArgument = Code(rawValue: 3)
        /// 4: the deadline passed first.
        public static let deadlineExceeded = Code(rawValue: 4)
        /// 5: what the request names does not exist.
        public static let notFound = Code(rawValue: 5)
        /// 6: what the request creates exists already.
        public static let alreadyExists = Code(rawValue: 6)
        /// 7: the caller may not do this.
        public static let permissionDenied = Code(rawValue: 7)
        /// 8: a limit was reached.
        public static let resourceExhausted = Code(rawValue: 8)
        /// 9: the state of the server must change first.
        public static let failedPrecondition = Code(rawValue: 9)
        /// 10: a conflict with another caller ended the call.
        public static let aborted = Code(rawValue: 10)
        /// 11: past the end of a range.
        public static let outOfRange = Code(rawValue: 11)
        /// 12: the server has no such service or method.
        public static let unimplemented = Code(rawValue: 12)
        /// 13: an invariant broke, or bytes did not decode.
        public static let `internal` = Code(rawValue: 13)
        /// 14: the server cannot serve now; a retry may succeed.
        public static let unavailable = Code(rawValue: 14)
        /// 15: data was lost for good.
        public static let dataLoss = Code(rawValue: 15)
        /// 16: the caller did not say who it is.
        public static let unauthenticated = Code(rawValue: 16)
    }
}

extension RPCStatus.Code: CustomStringConvertible {
    private static let names = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]

    /// The name that gRPC uses, `CODE_n` for a number it does not define.
    public var description: String {
        Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : "CODE_\(rawValue)"
    }
}
