// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why there is no answer.
package struct HTTPTransferError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The library that speaks HTTP is not installed, or not usable.
        case unavailableLibrary
        /// So many requests are under way that this one was not begun.
        case tooMany
        /// The name was not found, or nobody listens there.
        case connect
        /// The certificates of one side do not satisfy the other, or a file of ours cannot be used.
        case tls
        /// The time is over.
        case timeout
        /// The request cannot be sent as it is, or what came back is no answer.
        case `protocol`
        case cancelled
        /// The answer has more bytes than wanted.
        case tooLarge
    }

    package let kind: Kind
    /// What was tried, on what, and what happened. It names the server, never a path, query or header.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension HTTPTransferError: CustomStringConvertible {
    package var description: String { message }
}
