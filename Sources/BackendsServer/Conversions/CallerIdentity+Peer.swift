// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import SystemIO

extension CallerIdentity {
    init(_ peer: PeerCredentials) {
        self.init(pid: peer.pid, uid: peer.uid)
    }
}
