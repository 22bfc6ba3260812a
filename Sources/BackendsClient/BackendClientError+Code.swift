// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

extension BackendClientError {
    /// The class of a failure, with the names and numbers of gRPC; numbers that this version does not know survive unchanged.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number on the wire.
        public let rawValue: Int32

        /// Makes a code from its number on the wire.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The caller, or the loss of its connection, ended the call.
        public static let cancelled = Code(rawValue: 1)
        /// A failure without a better code.
        public static let unknown = Code(rawValue: 2)
        /// The request is wrong, whatever the state of the daemon.
        public static let invalidArgument = Code(rawValue: 3)
        /// The time for the call was over.
        public static let deadlineExceeded = Code(rawValue: 4)
        /// What the request names does not exist.
        public static let notFound = Code(rawValue: 5)
        /// What the request creates exists.
        public static let alreadyExists = Code(rawValue: 6)
        /// The caller may not do this.
        public static let permissionDenied = Code(rawValue: 7)
        /// A limit was reached.
        public static let resourceExhausted = Code(rawValue: 8)
        /// The backend is in the wrong state.
        public static let failedPrecondition = Code(rawValue: 9)
        /// Somebody else was first: a lock is held, a configuration conflicts, a generation moved.
        public static let aborted = Code(rawValue: 10)
        /// Past the end of what there is.
        public static let outOfRange = Code(rawValue: 11)
        /// The daemon does not know the call.
        public static let unimplemented = Code(rawValue: 12)
        /// Something broke that should not have.
        public static let `internal` = Code(rawValue: 13)
        /// No daemon answers, or it is about to end.
        public static let unavailable = Code(rawValue: 14)
        /// Data was lost for good.
        public static let dataLoss = Code(rawValue: 15)
        /// The caller did not say who it is.
        public static let unauthenticated = Code(rawValue: 16)
    }
}

extension BackendClientError.Code: CustomStringConvertible {
    /// The name as gRPC writes it, `CODE_n` for a number it does not define.
    public var description: String { wire.description }
}
