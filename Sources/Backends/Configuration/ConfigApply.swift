// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// When a patch is to take effect.
package enum ConfigApply: Hashable, Sendable {
    /// At once; refused while the backend is starting, started or stopping.
    case now
    /// With the next start, where it cannot be applied at once.
    case nextStart
}
