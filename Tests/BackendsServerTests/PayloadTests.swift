// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import TestSupport
import Testing

/// What goes wrong before a handler is reached.
@Suite(.tags(.blocking)) struct PayloadTests {
    @Test func `an unknown method and an unknown service are unimplemented`() async throws {
        try await withService { service in
            for (name, method) in [("backends.v1.LifecycleService", "Nope"), ("backends.v1.NopeService", "Start")] {
                let unknown = RPCMethod<StartBackendRequest, StartBackendResponse>(
                    service: name, name: method, kind: .unary)
                let status = try await refusal {
                    try await service.client.rpc.unary(unknown, StartBackendRequest(), options: CallOptions())
                }
                #expect(status.code == .unimplemented)
            }
        }
    }

    @Test func `a payload that does not decode is malformed, and the connection lives on`() async throws {
        try await withService { service in
            // Field 1 of the right request is a string; this one's is a message whose bytes are not UTF-8.
            let method = RPCMethod<RuntimeContext, StartBackendResponse>(
                service: "backends.v1.LifecycleService", name: "StartBackend", kind: .unary)
            let request = RuntimeContext(source: .grpc(GRPCContext(timeRemaining: GoogleDuration(seconds: 200))))
            let status = try await refusal {
                try await service.client.rpc.unary(method, request, options: CallOptions())
            }
            #expect(status.word == "INTERNAL PAYLOAD_MALFORMED")
            #expect(try await service.client.observe.getServerInfo(GetServerInfoRequest()).connections == 1)
        }
    }
}
