// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// A port of 127.0.0.1 that nobody else gets for as long as the value lives.
package struct PortReservation: ~Copyable, Sendable {
    package let port: UInt16
    private let socket: FileDescriptor

    /// Nil where somebody else has the port.
    package init?(port: UInt16) {
        let number = csys_bind_loopback(port)
        guard number >= 0 else { return nil }
        self.init(port, FileDescriptor(adopting: number))
    }

    private init(_ port: UInt16, _ socket: consuming FileDescriptor) {
        self.port = port
        self.socket = socket
    }
}
