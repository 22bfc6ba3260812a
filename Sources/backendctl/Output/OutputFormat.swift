// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How a command writes what it found.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// For a person.
    case table
    /// For a program: one JSON value, or one a line where there may be many.
    case json
    /// The same values as YAML.
    case yaml
}
