// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One place of a configuration that its schema does not allow.
package struct ConfigViolation: Hashable, Sendable, CustomStringConvertible {
    package let path: ConfigPath
    package let message: String

    package init(path: ConfigPath, message: String) {
        self.path = path
        // Words of others, such as the path of a program, may hold what is a secret.
        self.message = SecretWords.shown(message)
    }

    package var description: String {
        path.isEmpty ? message : "\(SecretWords.shown(path.description)): \(message)"
    }
}
