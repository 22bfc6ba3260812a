// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One place of a configuration that its schema does not allow.
package struct ConfigViolation: Hashable, Sendable, CustomStringConvertible {
    package let path: ConfigPath
    package let message: String

    package init(path: ConfigPath, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String {
        path.isEmpty ? message : "\(path): \(message)"
    }
}
