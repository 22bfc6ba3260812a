// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The version of the program.
package enum Version {
    package static let current = "0.1.0"
}
