// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// A listening socket: TCP on the loopback, at a port that the system chose, or at a path.
package final class LoopbackListener: Sendable {
    package let port: UInt16
    private let socket: FileDescriptor

    /// Listens. A backlog of 0 has room for one connection; the next one is not answered.
    package init(v6: Bool = false, backlog: Int32 = 128) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(v6 ? AF_INET6 : AF_INET, type, 0)
        guard number >= 0 else { throw .last("make a socket") }
        socket = FileDescriptor(adopting: number)
        guard (v6 ? Self.bind6(number) : Self.bind4(number)) == 0, listen(number, backlog) == 0 else {
            throw .last("listen on", "the loopback")
        }
        port = Self.port(of: number, v6: v6)
    }

    /// Listens on a Unix socket. The port is 0.
    package init(path: String) throws(SystemError) {
        socket = try UnixSocket.listen(path: path)
        try socket.setNonBlocking(false)
        port = 0
    }

    /// Waits for a connection; nil once `stop` was called.
    package func accept() -> FileDescriptor? {
        while let result = try? UnixSocket.accept(socket) {
            if case .accepted(let connection) = consume result { return connection }
        }
        return nil
    }

    /// Ends `accept`; later connects are refused.
    package func stop() {
        _ = shutdown(socket.rawValue, Int32(SHUT_RDWR))
    }

    /// The same socket, for a caller that accepts without waiting.
    func nonBlocking() throws(SystemError) -> FileDescriptor {
        let copy = try socket.duplicate()
        try copy.setNonBlocking(true)
        return copy
    }

    /// Connects without waiting for the other side.
    package func begin() throws(SystemError) -> FileDescriptor {
        let number = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard number >= 0 else { throw .last("make a socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe connect(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        return FileDescriptor(adopting: number)
    }

    private static func bind4(_ number: Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
    }

    private static func bind6(_ number: Int32) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
    }

    /// The port has the same place in the addresses of both families.
    private static func port(of number: Int32, v6: Bool) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = unsafe withUnsafeMutableBytes(of: &address) { bytes in
            unsafe getsockname(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
        }
        return UInt16(bigEndian: address.sin6_port)
    }
}
