// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a read brought.
package enum ReadResult: Hashable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing yet.
    case wouldBlock
    /// Nothing any more.
    case endOfFile
}
