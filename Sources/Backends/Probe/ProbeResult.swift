// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one look at an instance brought.
package enum ProbeResult: Hashable, Sendable {
    case success
    /// What was seen instead; short, and nothing secret.
    case failure(String)
}
