// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

extension UnixSocket {
    /// Sends bytes, at least one, with copies of descriptors attached. Returns the number of bytes sent.
    ///
    /// At most 16 descriptors; they stay the caller's. `wouldBlock` is the error `EAGAIN`.
    package static func send(
        _ bytes: [UInt8], descriptors: [Int32], over socket: borrowing FileDescriptor
    ) throws(SystemError) -> Int {
        precondition(!bytes.isEmpty && descriptors.count <= 16, "descriptors travel with a byte, sixteen at most")
        while true {
            let sent = unsafe csys_send_descriptors(
                socket.rawValue, bytes, bytes.count, descriptors, descriptors.count)
            if sent >= 0 { return sent }
            let code = errno
            guard code == EINTR else { throw SystemError(code: code, call: "send descriptors") }
        }
    }

    /// Receives bytes and the descriptors that came with them, which the caller closes. Descriptors beyond `limit` are
    /// closed at once.
    package static func receive(
        atMost length: Int, descriptors limit: Int, from socket: borrowing FileDescriptor
    ) throws(SystemError) -> ReceivedDescriptors {
        precondition(length > 0 && (0...16).contains(limit), "a byte at least, sixteen descriptors at most")
        var bytes = [UInt8](repeating: 0, count: length)
        var numbers = [Int32](repeating: -1, count: 16)
        var count = 0
        var truncated = false
        while true {
            let got = unsafe csys_receive_descriptors(
                socket.rawValue, &bytes, length, &numbers, limit, &count, &truncated)
            if got >= 0 {
                return ReceivedDescriptors(
                    bytes: Array(bytes.prefix(got)), descriptors: Array(numbers.prefix(count)), isTruncated: truncated)
            }
            let code = errno
            guard code == EINTR else { throw SystemError(code: code, call: "receive descriptors") }
        }
    }
}

/// Bytes and the descriptors that came with them.
package struct ReceivedDescriptors: Hashable, Sendable {
    /// Empty when the peer has closed the connection.
    package let bytes: [UInt8]
    /// Numbers of open descriptors, close-on-exec, which the receiver closes.
    package let descriptors: [Int32]
    /// Whether more came than were wanted; the surplus is closed.
    package let isTruncated: Bool

    package init(bytes: [UInt8], descriptors: [Int32], isTruncated: Bool) {
        self.bytes = bytes
        self.descriptors = descriptors
        self.isTruncated = isTruncated
    }
}
