// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPCServer
import Testing

@Suite struct ServerStateTests {
    @Test func `refusals are counted over all loops, and apart from connections`() {
        let state = ServerState(loops: 4, callsPerPeer: 1, inputBytes: 1, outputBytes: 1)
        #expect(state.openRefusal(limit: 1))
        #expect(!state.openRefusal(limit: 1))
        #expect(state.connectionCount == 0)
        state.refusalClosed()
        #expect(state.openRefusal(limit: 1))
    }
}
