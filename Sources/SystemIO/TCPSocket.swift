// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Connections over TCP to numeric addresses. Every descriptor is close-on-exec from the start.
package enum TCPSocket {
    /// Begins to connect; nil where the address is a name. The socket is writable once it is connected or has failed.
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
