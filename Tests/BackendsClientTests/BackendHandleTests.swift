// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct BackendHandleTests {
    @Test func `configuring, starting and stopping have their effects`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.registerConfig(["a": ["b": 1]], owner: "me")
            try await backend.registerConfig(["a": ["c": true]], owner: "me")
            #expect(try await backend.config() == ["a": ["b": 1, "c": true]])
            #expect(try await !backend.isStarted())
            try await backend.start()
            #expect(try await backend.isStarted())
            try await backend.stop()
            #expect(try await !backend.isStarted())
        }
    }

    @Test func `a second start and a second stop do nothing, and say so`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            #expect(try await !backend.stop().isChanged)
            let first = try await backend.start()
            #expect(first.isChanged && !first.isStaged && first.backend.state == .started)
            #expect(try await !backend.start().isChanged)
            let stopped = try await backend.stop()
            #expect(stopped.isChanged && stopped.backend.state == .stopped)
        }
    }

    @Test func `a patch says whether it changed something, and the generation counts`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            let first = try await backend.registerConfig(["a": 1], owner: "me")
            #expect(first.isChanged && !first.isStaged && first.backend.generation == 2)
            let again = try await backend.registerConfig(["a": 1], owner: "me")
            #expect(!again.isChanged && again.backend.generation == 2)
        }
    }

    @Test func `null deletes what lower layers set`() async throws {
        try await withDaemonClient { client in
            try await client.createBackend("b", type: "LOCAL", config: ["a": 1, "b": ["c": 2]])
            let change = try await client.backend("b").registerConfig(["b": ["c": .null]], owner: "me")
            #expect(change.backend.config["a"] == 1)
            #expect(change.backend.config["b"]?["c"] == nil)
        }
    }

    @Test func `a conflict between owners is refused and names the path`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.registerConfig(["a": 1], owner: "one")
            let error = await #expect(throws: BackendClientError.self) {
                try await backend.registerConfig(["a": 2], owner: "two")
            }
            #expect(error?.code == .aborted)
            #expect(error?.reason == .configConflict)
            #expect(try await backend.config() == ["a": 1])
        }
    }

    @Test func `origins name the layer of each path`() async throws {
        try await withDaemonClient { client in
            try await client.createBackend("b", type: "LOCAL", config: ["a": 1])
            let backend = client.backend("b")
            let change = try await backend.registerConfig(["b": 2], owner: "me", origins: true)
            #expect(change.backend.origins.map(\.path) == ["a", "b"])
            #expect(change.backend.origins.map(\.layer) == [.base, .owner("me")])
            let described = try await backend.describe(origins: true)
            #expect(described.origins == change.backend.origins)
            #expect(try await backend.describe().origins.isEmpty)
        }
    }

    @Test func `a moved generation is refused`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.registerConfig(["a": 1], owner: "me", expectedGeneration: 1)
            let late = try await reason {
                try await backend.registerConfig(["a": 2], owner: "me", expectedGeneration: 1)
            }
            #expect(late == "GENERATION_MOVED")
        }
    }

    @Test func `the configuration of a started backend waits for its next start`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.start()
            let refused = try await reason { try await backend.registerConfig(["a": 1], owner: "me") }
            #expect(refused == "BACKEND_STARTED")
            let staged = try await backend.registerConfig(["a": 1], owner: "me", apply: .nextStart)
            #expect(staged.isStaged && staged.backend.isConfigStaged)
            try await backend.stop()
            try await backend.start()
            #expect(try await backend.config() == ["a": 1])
        }
    }

    @Test func `a wrong configuration names its fields`() async throws {
        try await withDaemonClient { client in
            let error = await #expect(throws: BackendClientError.self) {
                try await client.backend("local").registerConfig(["a": 1], owner: "")
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.reason == .ownerEmpty)
            #expect(error?.violations.map(\.field) == ["owner"])
        }
    }

    @Test func `a started backend is deleted with force alone`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.start()
            try await expectRefusal("BACKEND_STARTED") { try await backend.delete() }
            try await backend.delete(force: true)
            #expect(try await client.backends().isEmpty)
        }
    }
}
