// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsServer
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking)) struct AccessPolicyTests {
    @Test(arguments: [(1000, 1000), (1000, 0), (0, 0)] as [(UInt32, UInt32)])
    func `the daemon's own user and root may use it`(daemon: UInt32, peer: UInt32) throws {
        try AccessPolicy(user: daemon).authorize(PeerCredentials(pid: 7, uid: peer, gid: 1))
    }

    @Test(arguments: [(1000, 1001), (0, 1000), (1000, .max)] as [(UInt32, UInt32)])
    func `everybody else is refused, whatever the group`(daemon: UInt32, peer: UInt32) throws {
        let error = #expect(throws: RPCStatus.self) {
            try AccessPolicy(user: daemon).authorize(PeerCredentials(pid: 7, uid: peer, gid: daemon))
        }
        #expect(error?.word == "PERMISSION_DENIED PEER_NOT_ALLOWED")
        #expect(error?.errorInfo?.metadata == ["uid": String(peer), "pid": "7"])
    }

    @Test(.enabled(if: ProcessInformation.uid != 0, "root is let in by every policy"))
    func `a peer without permission is told so at its first call, and changes nothing`() async throws {
        try await withService(policy: AccessPolicy(user: ProcessInformation.uid + 1)) { service in
            let status = try await refusal { try await service.client.create("a") }
            #expect(status.word == "PERMISSION_DENIED PEER_NOT_ALLOWED")
            #expect(service.registry.count == 0)
        }
    }
}
