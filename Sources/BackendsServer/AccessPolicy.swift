// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
package import SystemIO

/// Decides which users may use the daemon: its own and root; all others are refused.
package struct AccessPolicy: Sendable {
    private let user: UInt32

    /// A policy for a daemon that runs as `user`.
    package init(user: UInt32 = ProcessInformation.uid) {
        self.user = user
    }

    /// Throws `PERMISSION_DENIED PEER_NOT_ALLOWED` for a peer that may not use the daemon.
    package func authorize(_ peer: PeerCredentials) throws(RPCStatus) {
        guard peer.uid != user && peer.uid != 0 else { return }
        throw RPCStatus(
            .permissionDenied, reason: "PEER_NOT_ALLOWED",
            "user \(peer.uid) may not use this daemon, which serves user \(user) and root; run the command as one of them",
            metadata: ["uid": String(peer.uid), "pid": String(peer.pid)])
    }
}
