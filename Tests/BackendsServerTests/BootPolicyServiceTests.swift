// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import ConfigDocument
import DaemonTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Boot policy, holds and restarts as clients see them.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct BootPolicyServiceTests {
    private static let request = ResolveModelRequest(modelID: "m", waitReady: true, autoStart: true)

    /// Creates a stopped backend that loads `m`.
    private static func create(
        _ service: ServerFixture, start: BackendsAPI.StartPolicy = .unspecified
    ) async throws {
        _ = try await service.client.config.createBackend(
            CreateBackendRequest(name: "a", type: "SCRIPTED", start: start))
        try service.scripted["a"].loads("m")
    }

    @Test func `a stop by a client holds, which every listing shows, until a client starts the backend`() async throws {
        try await withService { service in
            let client = service.client
            try await Self.create(service)
            try await client.start("a")
            let stopped = try await client.stop("a").backend
            #expect(stopped?.hold?.pid == ProcessInformation.pid)
            #expect(stopped?.hold?.uid == ProcessInformation.uid)
            #expect(try #require(stopped?.hold?.time).seconds > 1_700_000_000)
            #expect(try await client.get("a").hold == stopped?.hold)
            #expect(
                try await client.config.listBackends(ListBackendsRequest()).backends.map(\.hold) == [stopped?.hold])
            let refused = try await refusal { try await client.models.resolveModel(Self.request) }
            #expect(refused.word == "FAILED_PRECONDITION BACKEND_HELD")
            #expect(refused.errorInfo?.metadata["pid"] == String(ProcessInformation.pid))
            #expect(refused.errorInfo?.metadata["uid"] == String(ProcessInformation.uid))
            #expect(refused.errorInfo?.metadata["time"]?.hasPrefix("20") == true)
            let explained = try await client.models.explainModel(ExplainModelRequest(modelID: "m", autoStart: true))
            #expect(explained.verdicts.map(\.reason) == ["BACKEND_HELD"])
            #expect(try await client.start("a").backend?.hold == nil)
            try await client.observe.watching(ServerFixture.instance, since: 0) { stream in
                let changes = try await stream.changes(7)
                #expect(
                    changes.map { $0.cause + ($0.hold == nil ? "" : " held") } == [
                        "CREATED", "START_REQUESTED", "STARTED", "STOP_REQUESTED held", "STOPPED held",
                        "START_REQUESTED", "STARTED",
                    ])
            }
            #expect(try await client.models.resolveModel(Self.request).endpoint?.backend == "a")
        }
    }

    @Test func `the policy of a backend is told, and a manual one is not started by requests`() async throws {
        try await withService { service in
            try await Self.create(service, start: .manual)
            #expect(try await service.client.get("a").start == .manual)
            let refused = try await refusal { try await service.client.models.resolveModel(Self.request) }
            #expect(refused.word == "FAILED_PRECONDITION BACKEND_MANUAL")
            let next = try await service.client.config.createBackend(
                CreateBackendRequest(name: "b", type: "SCRIPTED", start: .boot, after: ["a"]))
            #expect(next.backend?.start == .boot && next.backend?.after == ["a"])
            #expect(try await service.client.create("c").start == .onDemand)
        }
    }

    @Test func `an order that no boot can follow, and a policy that is none, are refused`() async throws {
        try await withService { service in
            let config = service.client.config
            let order = try await refusal {
                try await config.createBackend(CreateBackendRequest(name: "a", type: "SCRIPTED", after: ["x"]))
            }
            #expect(order.word == "INVALID_ARGUMENT ORDER_INVALID")
            #expect(order.fields == ["after"])
            let policy = try await refusal {
                try await config.createBackend(
                    CreateBackendRequest(name: "a", type: "SCRIPTED", start: .unrecognized(9)))
            }
            #expect(policy.code == .invalidArgument && policy.fields == ["start"])
        }
    }

    @Test func `a disabled backend goes on, and is started by clients alone`() async throws {
        try await withService { service in
            let (client, lifecycle) = (service.client, service.client.lifecycle)
            try await Self.create(service)
            #expect(try await client.start("a").backend?.enabled == true)
            let disabled = try await lifecycle.disableBackend(DisableBackendRequest(name: "a"))
            #expect(disabled.backend?.enabled == false && disabled.backend?.started == true)
            #expect(!disabled.alreadyDisabled)
            #expect(try await lifecycle.disableBackend(DisableBackendRequest(name: "a")).alreadyDisabled)
            try await client.stop("a")
            try await client.start("a")
            #expect(try await client.get("a").started)
            // Not held, as after a failure.
            _ = try await service.registry.stop("a")
            let refused = try await refusal { try await client.models.resolveModel(Self.request) }
            #expect(refused.word == "FAILED_PRECONDITION BACKEND_DISABLED")
            #expect(try await !lifecycle.enableBackend(EnableBackendRequest(name: "a")).alreadyEnabled)
            #expect(try await lifecycle.enableBackend(EnableBackendRequest(name: "a")).alreadyEnabled)
            #expect(try await client.models.resolveModel(Self.request).endpoint?.backend == "a")
            let missing = try await refusal { try await lifecycle.enableBackend(EnableBackendRequest(name: "x")) }
            #expect(missing.word == "NOT_FOUND BACKEND_NOT_FOUND")
        }
    }

    @Test func `one call restarts a backend, a model or an instance, and is a line of the audit log`() async throws {
        try await withService { service in
            let (client, lifecycle) = (service.client, service.client.lifecycle)
            try await Self.create(service)
            try await client.stop("a")
            let started = try await lifecycle.restartBackend(RestartBackendRequest(name: "a")).backend
            #expect(started?.started == true && started?.hold == nil)
            _ = try await lifecycle.restartBackend(RestartBackendRequest(name: "a"))
            _ = try await lifecycle.restartBackend(RestartBackendRequest(name: "a", part: .modelID("m")))
            _ = try await lifecycle.restartBackend(RestartBackendRequest(name: "a", part: .modelID("m")))
            _ = try await lifecycle.restartBackend(RestartBackendRequest(name: "a", part: .instance("a")))
            #expect(
                try service.scripted["a"].calls == [
                    .start(["port": 8080]), .stop, .start(["port": 8080]), .load("m"), .unload("m"), .load("m"),
                    .restart("a"),
                ])
            let lines = service.log.calls.filter { $0["method"]?.hasSuffix("/RestartBackend") == true }
            #expect(lines.map { $0["model"] ?? "" } == ["", "", "m", "m", ""])
        }
    }

    @Test func `a restart waits for the start lock of another client, or is refused`() async throws {
        try await withService { service in
            let (client, lifecycle) = (service.client, service.client.lifecycle)
            try await Self.create(service)
            try await client.holdingLock(of: "a") { lock in
                let refused = try await refusal {
                    try await lifecycle.restartBackend(RestartBackendRequest(name: "a"))
                }
                #expect(refused.word == "ABORTED START_LOCK_HELD")
                let token = RestartBackendRequest(name: "a", lockToken: lock.token)
                #expect(try await lifecycle.restartBackend(token).backend?.started == true)
                try await lock.release()
            }
        }
    }

    @Test func `an instance is a process of its own, and a fresh start ends its pause`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let (client, lifecycle) = (service.client, service.client.lifecycle)
            try await client.create(
                "a", "PROCESS",
                config: [
                    "command": ["sh", "-c", "echo up; exec sleep 1000", "${SOCKET}"], "backoff": "1h",
                    "backoff_limit": "1h", "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
                ])
            try await client.start("a")
            let first = try #require(try await client.get("a").instances.first)
            let again = try await lifecycle.restartBackend(RestartBackendRequest(name: "a", part: .instance("a")))
            let second = try #require(again.backend?.instances.first)
            #expect(second.pid != first.pid && second.state == .ready && second.restarts == 0)
            let unknown = try await refusal {
                try await lifecycle.restartBackend(RestartBackendRequest(name: "a", part: .instance("b")))
            }
            #expect(unknown.word == "NOT_FOUND INSTANCE_NOT_FOUND")
            #expect(unknown.message.contains("it has a"))

            try ProcessTable.signal(try #require(ProcessTable.entry(of: second.pid)), .kill)
            while try await client.get("a").instances.first?.state != .backoff {}
            #expect(try await client.start("a").alreadyStarted)
            #expect(try await client.get("a").instances.first?.state == .backoff)
            let fresh = try await lifecycle.startBackend(StartBackendRequest(name: "a", fresh: true))
            #expect(!fresh.alreadyStarted)
            #expect(fresh.backend?.instances.map(\.state) == [.ready])
            #expect(fresh.backend?.instances.map(\.restarts) == [0])
            #expect(try await lifecycle.startBackend(StartBackendRequest(name: "a", fresh: true)).alreadyStarted)
        }
    }
}
