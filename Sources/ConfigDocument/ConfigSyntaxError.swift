// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why a text is no configuration, and where.
package struct ConfigSyntaxError: Error, Hashable, CustomStringConvertible {
    package let location: SourceLocation
    package let problem: String

    package var description: String { "\(location): \(problem)" }
}
