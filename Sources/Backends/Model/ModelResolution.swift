// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a resolution got without waiting.
package enum ModelResolution: Sendable {
    case finished(ResolvedModel)
    /// Something has to be started, loaded or waited for; resume it.
    case pending(PendingResolution)
}
