// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a name has no addresses, as the end of a sentence about it.
package struct NameResolutionError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// There is no such name, or it has no address.
        case notFound
        /// Nobody could say.
        case failed
        case timeout
        case cancelled
        /// So many names are being looked up that this one was not begun.
        case tooMany
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension NameResolutionError: CustomStringConvertible {
    package var description: String { message }
}
