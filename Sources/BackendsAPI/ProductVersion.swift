// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The version of the daemon, its command line and its client: they are released together.
package enum ProductVersion {
    package static let current = "0.1.0"
}
