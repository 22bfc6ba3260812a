// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Two sockets that are connected to each other.
package struct SocketPair: ~Copyable, Sendable {
    package let first: FileDescriptor
    package let second: FileDescriptor

    /// Gives both away, each to an owner of its own.
    package consuming func take() -> (Int32, Int32) {
        (first.release(), second.release())
    }
}
