// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who is at the other end of a Unix socket, as the kernel recorded it when the peer connected.
package struct PeerCredentials: Hashable, Sendable {
    /// The process that connected. It may have ended, and its number may be somebody else's by now.
    package let pid: Int32
    package let uid: UInt32
    package let gid: UInt32

    package init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}
