// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// What Unicode calls equivalent is two things over the socket, for only bytes are compared.
@Suite(.tags(.blocking), .timeLimit(.minutes(2))) struct TextKeysTests {
    private static let composed = "m-caf\u{E9}"
    private static let decomposed = "m-cafe\u{301}"

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test func `a configuration keeps both keys, and owners do not meet`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL", config: GoogleStruct(fields: [Self.composed: 1]))
            try await client.register("a", owner: "one", GoogleStruct(fields: [Self.decomposed: 2]))
            try await client.register("a", owner: "two", GoogleStruct(fields: [Self.composed: 3]))
            let config = try await client.get("a").config
            #expect(config?.fields == [Self.composed: 3, Self.decomposed: 2])
        }
    }

    @Test func `two models are two processes, and one is unloaded`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create(
                "a", "PROCESS",
                config: [
                    "command": ["sh", "-c", "echo up $0; exec sleep 1000", "${MODEL_ID}", "${SOCKET}"],
                    "scope": "model", "models": ["m*"],
                    "probes": ["startup": ["log_line": ["pattern": "up"], "listener": "any"]],
                ])
            try await client.start("a")
            let ids = [Self.composed, Self.decomposed]
            var addresses: Set<TextKey> = []
            for id in ids {
                let request = ResolveModelRequest(modelID: id, backends: [], waitReady: true, autoStart: true)
                addresses.insert(TextKey(try await client.models.resolveModel(request).endpoint?.address ?? ""))
            }
            #expect(addresses.count == 2)
            let models = try await client.models.listModels(ListModelsRequest()).models
            #expect(Self.bytes(models.map(\.modelID)) == Self.bytes([Self.decomposed, Self.composed]))
            _ = try await client.models.unloadModel(UnloadModelRequest(modelID: Self.composed))
            let states = try await client.models.listModels(ListModelsRequest()).models.map { ($0.modelID, $0.state) }
            #expect(states.first { Array($0.0.utf8) == Array(Self.decomposed.utf8) }?.1 == .ready)
            #expect(states.first { Array($0.0.utf8) == Array(Self.composed.utf8) }?.1 != .ready)
            #expect(try await client.get("a").instances.count == 1)
        }
    }
}
