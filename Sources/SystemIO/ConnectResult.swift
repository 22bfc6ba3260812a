// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What connecting without waiting brought.
package enum ConnectResult: ~Copyable, Sendable {
    /// A connection, which does not block.
    case connected(FileDescriptor)
    /// Too many wait to be accepted there; to be tried again in a moment.
    case backlogFull
}
