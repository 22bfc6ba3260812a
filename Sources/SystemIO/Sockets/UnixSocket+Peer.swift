// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

extension UnixSocket {
    /// The process that connected, as the kernel recorded it then.
    package static func peerCredentials(_ socket: borrowing FileDescriptor) throws(SystemError) -> PeerCredentials {
        var (pid, uid, gid): (Int32, UInt32, UInt32) = (0, 0, 0)
        guard unsafe csys_peer_credentials(socket.rawValue, &pid, &uid, &gid) == 0 else {
            throw .last("read the credentials of a peer")
        }
        return PeerCredentials(pid: pid, uid: uid, gid: gid)
    }
}

/// The process at the other end of a Unix socket, as the kernel recorded it when the peer connected.
package struct PeerCredentials: Hashable, Sendable {
    /// The process that connected. It may have ended, and another process may have its number by now.
    package let pid: Int32
    package let uid: UInt32
    package let gid: UInt32

    package init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}
