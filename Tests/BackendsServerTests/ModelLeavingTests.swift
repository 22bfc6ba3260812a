// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Callers that leave while their model waits for room: the wait ends with them, and takes nothing from others.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelLeavingTests {
    /// How a caller asks for a model that is not loaded.
    enum Ask: CaseIterable, Sendable {
        case load
        case resolve
        case use

        func callAsFunction(_ model: String, timeout: Duration? = nil, _ client: ServiceClient) async throws {
            let options = timeout.map { CallOptions(timeout: $0) } ?? CallOptions()
            switch self {
            case .load:
                _ = try await client.models.loadModel(LoadModelRequest(modelID: model), options: options)
            case .resolve:
                _ = try await client.models.resolveModel(
                    ResolveModelRequest(modelID: model, waitReady: true, autoStart: true), options: options)
            case .use:
                try await client.models.useModel(options: options) { stream in
                    try await stream.send(
                        UseModelRequest(modelID: model, autoStart: true, wait: GoogleDuration(.seconds(600))))
                    _ = try await stream.next()
                }
            }
        }
    }

    /// Holds the only place with `m1` while the body runs, then expects that nothing has happened to it.
    private static func holding(
        _ service: ServerFixture, _ body: (ServiceClient, WatchStream) async throws -> Void
    ) async throws {
        let client = service.client
        try await client.create(
            "a", "PROCESS",
            config: [
                "command": ["sh", "-c", "echo up; exec sleep 1000", "${SOCKET}"], "scope": "model", "models": ["m*"],
                "max_loaded": 1, "fair_after": "1h",
                "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
            ])
        try await client.start("a")
        try await client.observe.watching { watch in
            try await client.models.useModel { use in
                try await use.send(
                    UseModelRequest(modelID: "m1", autoStart: true, wait: GoogleDuration(.seconds(60))))
                _ = try await use.next()
                try await body(client, watch)
                let models = try await client.models.listModels(ListModelsRequest()).models
                #expect(models.map(\.modelID) == ["m1"])
                #expect(models.map(\.state) == [.ready])
                #expect(models.map(\.uses) == [1])
            }
            // The place that is free now is not taken for the one whose callers have left.
            var models = try await client.models.listModels(ListModelsRequest()).models
            while models.contains(where: { $0.modelID == "m1" && $0.uses > 0 }) {
                models = try await client.models.listModels(ListModelsRequest()).models
            }
            #expect(models.map(\.modelID) == ["m1"])
        }
    }

    /// Waits for an event of `m2`.
    private static func wait(
        _ watch: WatchStream, _ state: BackendsAPI.ModelState, _ cause: String
    ) async throws {
        while let event = try await watch.next()?.event {
            guard case .model(let event) = event, event.modelID == "m2", event.newState == state else { continue }
            #expect("\(event.cause)" == cause)
            return
        }
        Issue.record("the watch ended")
    }

    @Test(arguments: Ask.allCases)
    func `a call that is cancelled on a connection that others use leaves the queue`(ask: Ask) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.holding(service) { client, watch in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try? await ask("m2", client) }
                    try await Self.wait(watch, .queued, "LOAD_REQUESTED")
                    group.cancelAll()
                    try await Self.wait(watch, .notLoaded, "LOAD_ABANDONED")
                }
            }
        }
    }

    @Test(arguments: Ask.allCases)
    func `a call whose connection closes leaves the queue`(ask: Ask) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.holding(service) { _, watch in
                try await service.withClient { other in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try? await ask("m2", other) }
                        try await Self.wait(watch, .queued, "LOAD_REQUESTED")
                        await other.rpc.close()
                        try await Self.wait(watch, .notLoaded, "LOAD_ABANDONED")
                    }
                }
            }
        }
    }

    @Test(arguments: Ask.allCases)
    func `a call whose deadline passes leaves the queue`(ask: Ask) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            try await Self.holding(service) { client, watch in
                let late = try await refusal {
                    try await ask("m2", timeout: .seconds(1), client)
                }
                #expect(late.code == .deadlineExceeded)
                try await Self.wait(watch, .queued, "LOAD_REQUESTED")
                try await Self.wait(watch, .notLoaded, "LOAD_ABANDONED")
            }
        }
    }
}
