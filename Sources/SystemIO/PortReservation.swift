// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// A port of 127.0.0.1 that nobody else gets for as long as the value lives.
package struct PortReservation: ~Copyable, Sendable {
    package let port: UInt16
    private let socket: FileDescriptor

    /// Throws when another process has the port, or when there is no descriptor left.
    package init(port: UInt16) throws(SystemError) {
        let number = csys_bind_loopback(port)
        guard number >= 0 else { throw .last("reserve", "port \(port)") }
        self.init(port, FileDescriptor(adopting: number))
    }

    private init(_ port: UInt16, _ socket: consuming FileDescriptor) {
        self.port = port
        self.socket = socket
    }
}
