// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Models that share one place, with real processes and the driver's own timers.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelSharingTests {
    /// A backend with room for one model at a time.
    private static func process(_ client: ServiceClient, _ more: GoogleStruct = [:]) async throws {
        var config: GoogleStruct = [
            "command": ["sh", "-c", "echo up; exec sleep 1000", "${SOCKET}"], "scope": "model", "models": ["m*"],
            "max_loaded": 1, "fair_after": "50ms",
            "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
        ]
        config.fields = config.fields.merged(with: more.fields)
        try await client.create("a", "PROCESS", config: config)
        try await client.start("a")
    }

    private static func use(_ model: String, _ client: ServiceClient, _ body: () async throws -> Void) async throws {
        try await client.models.useModel { stream in
            try await stream.send(UseModelRequest(modelID: model, autoStart: true, wait: GoogleDuration(.seconds(60))))
            _ = try await stream.next()
            try await body()
        }
    }

    private static func wait(
        in stream: WatchStream, for model: String, _ state: BackendsAPI.ModelState
    ) async throws {
        while let event = try await stream.next()?.event {
            if case .model(let event) = event, event.modelID == model, event.newState == state { return }
        }
    }

    private final class Flag: Sendable {
        let isDone = Guarded(false)
    }

    @Test func `users that overlap do not keep another model out`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await Self.process(client)
            let flag = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while !flag.isDone.withLock({ $0 }) {
                            try await Self.use("m1", client) {
                                _ = try await client.observe.getServerInfo(GetServerInfoRequest())
                            }
                        }
                    }
                }
                try await Self.use("m2", client) { flag.isDone.withLock { $0 = true } }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a model whose process is not ready says so, with the reason`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let file = try service.directory.write("", to: "ready")
            try await Self.process(
                client,
                [
                    "probes": [
                        "startup": ["log_line": ["pattern": "up"], "listener": "any"],
                        "readiness": [
                            "exec": ["command": ["test", "-e", GoogleValue(kind: .stringValue(file))]],
                            "period": "20ms", "failures": 1, "listener": "any",
                        ],
                    ]
                ])
            try await client.observe.watching { stream in
                try await Self.use("m1", client) {}
                try await Self.wait(in: stream, for: "m1", .ready)
                try File.remove(file)
                try await Self.wait(in: stream, for: "m1", .unready)
                let model = try #require(try await client.models.listModels(ListModelsRequest()).models.first)
                #expect(model.state == .unready)
                #expect(model.unready?.reason == "READINESS_FAILED")
                let instance = try #require(try await client.get("a").instances.first)
                #expect(instance.state == .unready)
                #expect(instance.failure?.reason == "READINESS_FAILED")
                try service.directory.write("", to: "ready")
                try await Self.wait(in: stream, for: "m1", .ready)
            }
        }
    }
}
