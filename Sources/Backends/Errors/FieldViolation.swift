// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// One field of a command that is wrong, and how.
package struct FieldViolation: Hashable, Sendable {
    /// Where the field is, keys joined by dots, for example `config.connection.hostname`.
    package var path: String
    package var description: String

    package init(path: String, description: String) {
        // Keys and words of others may hold what is a secret.
        self.path = SecretWords.shown(path)
        self.description = SecretWords.shown(PlainText.cleaned(description))
    }
}
