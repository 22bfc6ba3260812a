// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// Why a backend is in the state `failed`.
package struct BackendFailure: Hashable, Sendable {
    /// The longest message kept; a longer one is cut, so that lists and snapshots stay small.
    package static let messageLimit = 4096

    /// A stable UPPER_SNAKE word.
    package let reason: String
    package let message: String

    package init(reason: String, message: String) {
        self.reason = reason
        let message = SecretWords.shown(PlainText.cleaned(message))
        self.message =
            message.utf8.count <= Self.messageLimit
            ? message : message.cut(toBytes: Self.messageLimit - 3)
    }

    package init(_ error: BackendError) {
        self.init(reason: error.reason.rawValue, message: error.message)
    }
}

extension BackendFailure {
    /// The message without what a program has written.
    var firstLine: String { String(message.prefix { $0 != "\n" }) }
}
