// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// A Unix datagram socket like that of a service manager: at a path, or at an abstract name written with `@`.
package final class DatagramReceiver: Sendable {
    private let socket: FileDescriptor

    package init(address: String) throws(SystemError) {
        let number = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard number >= 0 else { throw .last("make a socket") }
        socket = FileDescriptor(adopting: number)
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &target.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(number, $0, length) }
        }
        guard result == 0 else { throw .last("bind", address) }
    }

    /// The next datagram, as text.
    package func receive() throws -> String {
        let events = try socket.wait(for: .read, timeout: .seconds(60))
        guard !events.isEmpty else { throw RawPeer.Failure(description: "no datagram came") }
        var buffer = ByteBuffer()
        _ = try socket.read(into: &buffer, atMost: 65536)
        return String(decoding: buffer.copied(), as: UTF8.self)
    }
}
