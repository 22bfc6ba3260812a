// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import BackendsTestSupport
import DaemonTestSupport
import SocketRPC
import TestSupport
import Testing

/// What a client can do that holds something while the daemon drains.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct DrainTests {
    private static func untilDraining(_ service: ServerFixture) async throws {
        while (try? await service.client.get("a")) != nil {}
    }

    @Test func `what a holder has begun goes on in a drain, and its new calls are refused like all others`()
        async throws
    {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            let (began, gate) = (AsyncSignal<Void>(), AsyncSignal<Void>())
            try service.scripted["a"].onStart {
                began.send()
                await gate.wait()
            }
            try await client.holdingLock(of: "a") { lock in
                async let started = client.start("a", token: lock.token)
                let queued = Task.immediate {
                    try await refusal { try await client.stop("a", wait: ServerFixture.lockWait) }
                }
                await began.wait()
                await service.lockWaiters(1)
                async let left = service.server.shutDown(grace: .seconds(600))
                try await Self.untilDraining(service)
                #expect(try await queued.value.word == "UNAVAILABLE SHUTTING_DOWN")
                for late in [
                    try await refusal { try await client.start("a", token: lock.token) },
                    try await refusal { try await client.stop("a", token: lock.token) },
                    try await refusal {
                        try await client.contexts.handleRuntimeContext(
                            HandleRuntimeContextRequest(context: RuntimeContext(source: .grpc(GRPCContext()))))
                    },
                    try await refusal {
                        try await service.withClient { try await $0.start("a", token: lock.token) }
                    },
                ] { #expect(late.word == "UNAVAILABLE SERVER_DRAINING") }
                gate.send()
                #expect(try await started.backend?.started == true)
                try await lock.release()
                #expect(await left == [])
            }
        }
    }

    @Test func `over gRPC it is the same`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            let peer = try await HTTP2Peer.connect(service.path)
            let path = "/backends.v1.LifecycleService/"
            let hold = try HoldStartLockRequest(name: "a").encoded()
            try await peer.send(.request(1, path + "HoldStartLock"), .data(1, HTTP2Frame.message(hold)))
            let first = try await peer.receive(HTTP2Frame.data)
            let acquired = try HoldStartLockResponse(decoding: Array(first.payload.dropFirst(5)))
            guard case .acquired(let held) = acquired.event else {
                Issue.record("\(acquired)")
                return
            }
            async let left = service.server.shutDown(grace: .seconds(600))
            try await Self.untilDraining(service)
            let start = try StartBackendRequest(name: "a", lockToken: held.token).encoded()
            // This connection takes no more calls; a client of gRPC makes another.
            _ = try await peer.receive(HTTP2Frame.goAway)
            let other = try await HTTP2Peer.connect(service.path)
            #expect(try await other.call(1, path + "StartBackend", start).status == 14)
            try await peer.send(.data(1, [], endStream: true))
            #expect(try await peer.answer(1).status == 0)
            #expect(await left == [])
        }
    }
}
