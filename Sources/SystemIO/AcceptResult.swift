// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What accepting a connection brought.
package enum AcceptResult: ~Copyable, Sendable {
    /// A connection, which does not block.
    case accepted(FileDescriptor)
    /// Nobody waits.
    case wouldBlock
    /// The process or the system has no descriptor, or no memory, left. The connection still waits, so the listener stays readable.
    case tooManyFiles
    /// This one connection failed; the next may succeed.
    case transient
}
