// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a dispatch got without waiting.
package enum ContextDispatch: Sendable {
    /// Every backend is through; one result each, in priority order.
    case finished([ContextResult])
    /// A backend has to wait; resume it for the rest.
    case pending(PendingDispatch)
}
