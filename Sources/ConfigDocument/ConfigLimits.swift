// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The bounds of every parsed configuration.
package enum ConfigLimits {
    /// The longest text a parser takes.
    package static let bytes = 1 << 20
    /// The most values of one document, what aliases repeat counted each time.
    package static let nodes = 100_000
    /// The most maps and lists inside each other.
    package static let depth = 64
    /// The most bytes of keys and strings of one document, what aliases repeat counted each time.
    package static let textBytes = 4 << 20
    /// The most violations one check reports.
    package static let violations = 64
}
