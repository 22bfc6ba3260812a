// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Connections over TCP to numeric addresses. Every descriptor is close-on-exec from the start.
package enum TCPSocket {
    /// Begins to connect; nil if the address is a name. The socket becomes writable when it is connected or has failed.
    package static func connect(address: String, port: UInt16) throws(SystemError) -> FileDescriptor? {
        let number = unsafe csys_tcp_connect(address, port)
        if number >= 0 { return FileDescriptor(adopting: number) }
        let code = errno
        guard code != EINVAL else { return nil }
        throw SystemError(code: code, call: "connect to", subject: subject(address, port))
    }

    /// Throws why a socket that is writable has not been connected.
    package static func finish(
        _ socket: borrowing FileDescriptor, address: String, port: UInt16
    ) throws(SystemError) {
        let code = csys_socket_error(socket.rawValue)
        guard code == 0 else {
            throw SystemError(code: code, call: "connect to", subject: subject(address, port))
        }
    }

    private static func subject(_ address: String, _ port: UInt16) -> String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

/// A port of 127.0.0.1 that no other process gets while the value lives.
package struct PortReservation: ~Copyable, Sendable {
    package let port: UInt16
    private let socket: FileDescriptor

    /// Throws if another process has the port, or if no descriptor is left.
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
