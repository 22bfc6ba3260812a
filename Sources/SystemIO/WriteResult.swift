// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How far a write came.
package enum WriteResult: Hashable, Sendable {
    /// The buffer is empty.
    case drained
    /// The rest of the buffer has to wait until the descriptor is writable.
    case wouldBlock
}
