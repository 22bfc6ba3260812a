// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport
import Testing

@Suite struct RPCServerTests {
    @Test(arguments: ["Inline", "Later", "Async"])
    func `a unary call is answered`(method: String) async throws {
        try await withServer { test in
            let peer = try test.connect()
            let payload = try message("a", "b")
            let answer = try await peer.call(WirePeer.request(1, method, payload))
            #expect(answer.header.streamID == 1)
            #expect(answer.header.flags == [])
            #expect(answer.payload == payload)
        }
    }
}
