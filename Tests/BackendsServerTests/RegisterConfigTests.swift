// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking)) struct RegisterConfigTests {
    @Test func `layers fold in the order of their owners' first registration`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a", "LOCAL", config: ["x": 1, "y": ["a": 1, "b": 2], "z": [1, 2]])
            let first = try await client.register("a", owner: "one", ["y": ["b": nil, "c": 3], "z": [3]])
            #expect(first.backend?.config == ["x": 1, "y": ["a": 1, "c": 3], "z": [3]])
            #expect(first.backend?.generation == 2)
            #expect(first.changed)
            #expect(!first.staged)
            let second = try await client.register("a", owner: "two", ["x": nil, "w": true])
            #expect(second.backend?.config == ["y": ["a": 1, "c": 3], "z": [3], "w": true])
            #expect(second.backend?.generation == 3)
        }
    }

    @Test func `the same patch twice changes nothing`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            try await service.client.register("a", owner: "o", ["x": 1])
            let again = try await service.client.register("a", owner: "o", ["x": 1])
            #expect(!again.changed)
            #expect(again.backend?.generation == 2)
        }
    }

    @Test(arguments: [2, nil] as [GoogleValue])
    func `two owners that disagree on a path are a conflict`(value: GoogleValue) async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            try await service.client.register("a", owner: "one", ["x": ["y": 1]])
            let status = try await refusal {
                try await service.client.register("a", owner: "two", ["x": ["y": value]])
            }
            #expect(status.word == "ABORTED CONFIG_CONFLICT")
            #expect(
                status.errorInfo?.metadata == [
                    "backend": "a", "path": "config.x.y", "owner": "two", "other_owner": "one",
                ])
            #expect(try await service.client.get("a").config == ["x": ["y": 1]])
            #expect(try await service.client.get("a").generation == 2)
        }
    }

    @Test func `an empty owner is refused`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            let status = try await refusal { try await service.client.register("a", owner: "", ["x": 1]) }
            #expect(status.word == "INVALID_ARGUMENT OWNER_EMPTY")
            #expect(status.fields == ["owner"])
        }
    }

    @Test func `an expected generation that has moved on is refused with the current one`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            try await service.client.register("a", owner: "o", ["x": 1], generation: 1)
            let status = try await refusal {
                try await service.client.register("a", owner: "o", ["x": 2], generation: 1)
            }
            #expect(status.word == "ABORTED GENERATION_MOVED")
            #expect(status.errorInfo?.metadata["generation"] == "2")
            #expect(try await service.client.get("a").config == ["x": 1])
        }
    }

    @Test func `a started backend is not configured`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            try await service.client.start("a")
            let status = try await refusal { try await service.client.register("a", owner: "o", ["x": 1]) }
            #expect(status.word == "FAILED_PRECONDITION BACKEND_STARTED")
        }
    }

    @Test func `a staged patch waits for the next start`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            try await service.client.start("a")
            let staged = try await service.client.register("a", owner: "o", ["x": 1], apply: .nextStart)
            #expect(staged.staged)
            #expect(staged.backend?.configStaged == true)
            #expect(staged.backend?.config == [:])
            #expect(staged.backend?.generation == 1)
            try await service.client.stop("a")
            #expect(try await service.client.get("a").config == [:])
            let started = try await service.client.start("a").backend
            #expect(started?.config == ["x": 1])
            #expect(started?.configStaged == false)
            #expect(started?.generation == 2)
        }
    }

    @Test func `an unknown value of apply is refused`() async throws {
        try await withService { service in
            try await service.client.create("a", "LOCAL")
            let status = try await refusal {
                try await service.client.register("a", owner: "o", ["x": 1], apply: .unrecognized(7))
            }
            #expect(status.code == .invalidArgument)
            #expect(status.fields == ["apply"])
        }
    }

    @Test func `origins tell the layer of each path`() async throws {
        try await withService { service in
            try await service.client.create("a", config: ["connection": ["hostname": "h"]])
            let answer = try await service.client.config.registerConfig(
                RegisterConfigRequest(
                    name: "a", owner: "o", config: ["connection": ["password": "p"]], includeOrigins: true))
            let origins = [
                ConfigOrigin(path: "connection.hostname", layer: "base"),
                ConfigOrigin(path: "connection.password", layer: "owner:o"),
                ConfigOrigin(path: "port", layer: "defaults"),
            ]
            #expect(answer.origins == origins)
            let request = GetBackendRequest(name: "a", includeOrigins: true)
            #expect(try await service.client.config.getBackend(request).origins == origins)
            #expect(try await service.client.register("a", owner: "o", [:]).origins.isEmpty)
        }
    }
}
