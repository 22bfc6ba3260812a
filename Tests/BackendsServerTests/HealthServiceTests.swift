// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing
import TextKeys

/// gRPC's health service over ttrpc: the daemon and its backends.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct HealthServiceTests {
    typealias Status = HealthCheckResponse.ServingStatus

    private func check(_ service: ServerFixture, _ name: String) async throws -> Status {
        try await HealthClient(service.client.rpc).check(HealthCheckRequest(service: name)).status
    }

    @Test func `the daemon has the empty name and serves`() async throws {
        try await withService { service async throws in
            #expect(try await check(service, "") == .serving)
        }
    }

    @Test func `a backend serves while it is started`() async throws {
        try await withService { service async throws in
            try await service.client.create("a")
            #expect(try await check(service, "a") == .notServing)
            try await service.client.start("a")
            #expect(try await check(service, "a") == .serving)
            _ = try await service.client.stop("a")
            #expect(try await check(service, "a") == .notServing)
        }
    }

    @Test func `a backend that is not ready does not serve, for Check, List and Watch`() async throws {
        try await withService(types: { .standard(on: $0) }) { service async throws in
            let file = try service.directory.write("", to: "ready")
            try await service.client.create(
                "a", "PROCESS",
                config: [
                    "command": ["sleep", "1000"],
                    "probes": [
                        "readiness": [
                            "exec": ["command": ["test", "-e", GoogleValue(kind: .stringValue(file))]],
                            "period": "20ms", "failures": 1,
                        ]
                    ],
                ])
            try await service.client.start("a")
            let health = HealthClient(service.client.rpc)
            try await health.watch(HealthCheckRequest(service: "a")) { stream async throws in
                #expect(try await stream.next()?.status == .serving)
                try File.remove(file)
                #expect(try await stream.next()?.status == .notServing)
                #expect(try await check(service, "a") == .notServing)
                #expect(try await health.list(HealthListRequest()).statuses["a"]?.status == .notServing)
                try service.directory.write("", to: "ready")
                #expect(try await stream.next()?.status == .serving)
            }
        }
    }

    @Test func `an unknown service is not found`() async throws {
        try await withService { service async throws in
            let error = await #expect(throws: RPCStatus.self) { _ = try await check(service, "unknown") }
            #expect(error?.code == .notFound)
            #expect(error?.reason == "BACKEND_NOT_FOUND")
        }
    }

    @Test func `the list has the daemon and every backend`() async throws {
        try await withService { service async throws in
            try await service.client.create("a")
            try await service.client.create("b")
            try await service.client.start("b")
            let list = try await HealthClient(service.client.rpc).list(HealthListRequest())
            #expect(list.statuses.mapValues(\.status) == ["": .serving, "a": .notServing, "b": .serving])
        }
    }

    @Test func `a watch begins with the status and tells each change once`() async throws {
        try await withService { service async throws in
            try await HealthClient(service.client.rpc).watch(HealthCheckRequest(service: "a")) { stream async throws in
                #expect(try await stream.next()?.status == .serviceUnknown)
                try await service.client.create("a")
                #expect(try await stream.next()?.status == .notServing)
                // What does not change the status is not told.
                try await service.client.create("other")
                try await service.client.start("a")
                #expect(try await stream.next()?.status == .serving)
                _ = try await service.client.stop("a")
                #expect(try await stream.next()?.status == .notServing)
                try await service.client.delete("a")
                #expect(try await stream.next()?.status == .serviceUnknown)
            }
        }
    }

    @Test func `more watchers than may be are told to wait`() async throws {
        var limits = BackendLimits()
        limits.watchers = 1
        try await withService(limits: limits) { service async throws in
            let health = HealthClient(service.client.rpc)
            // Whichever of the two waits first, the other one is refused.
            let refused = try await withThrowingTaskGroup(of: RPCStatus?.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        do {
                            try await health.watch(HealthCheckRequest(service: "")) { stream async throws in
                                #expect(try await stream.next()?.status == .serving)
                                _ = try await stream.next()
                            }
                            return nil
                        } catch let status as RPCStatus {
                            return status
                        }
                    }
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            #expect(refused?.reason == "WATCHERS_FULL")
            #expect(refused?.retryDelay != nil)
        }
    }

    @Test func `a drain is told first, and ends the watch`() async throws {
        try await withService { service async throws in
            try await service.client.create("a")
            try await service.client.start("a")
            let health = HealthClient(service.client.rpc)
            try await health.watch(HealthCheckRequest(service: "")) { daemon async throws in
                try await health.watch(HealthCheckRequest(service: "a")) { backend async throws in
                    #expect(try await daemon.next()?.status == .serving)
                    #expect(try await backend.next()?.status == .serving)
                    async let _ = service.server.shutDown(grace: .seconds(30))
                    #expect(try await daemon.next()?.status == .notServing)
                    #expect(try await backend.next()?.status == .notServing)
                    #expect(try await daemon.next() == nil)
                    #expect(try await backend.next() == nil)
                }
            }
        }
    }
}
