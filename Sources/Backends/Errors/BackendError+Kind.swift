// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

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
        /// Somebody else was first; reading the state again and repeating can help.
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
