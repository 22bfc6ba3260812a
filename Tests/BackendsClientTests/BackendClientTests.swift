// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import DaemonTestSupport
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct BackendClientTests {
    @Test func `types have their schemas`() async throws {
        let types = try await withDaemonClient { try await $0.backendTypes() }
        #expect(types.map(\.name) == ["LOCAL"])
        #expect(types.first?.configSchema["type"] == "object")
        #expect(types.first?.summary.isEmpty == false)
    }

    @Test func `a created backend is stopped, comes after the others, and has its configuration`() async throws {
        try await withDaemonClient { client in
            let created = try await client.createBackend("assistant", type: "LOCAL", config: ["model": ["revision": 1]])
            #expect(created.state == .stopped)
            #expect(!created.isStarted)
            #expect(created.priority == 10)
            #expect(created.generation == 1)
            #expect(created.config == ["model": ["revision": 1]])
            #expect(created.createTime != nil)
            #expect(try await client.backends().map(\.name) == ["local", "assistant"])
        }
    }

    @Test func `a priority of zero is a priority`() async throws {
        try await withDaemonClient { client in
            try await client.createBackend("first", type: "LOCAL", priority: -1)
            try await client.createBackend("second", type: "LOCAL", priority: 0)
            #expect(try await client.backends().map(\.name) == ["first", "local", "second"])
        }
    }

    @Test func `all pages of a long list are fetched`() async throws {
        try await withDaemonClient { client in
            let names = (100..<350).map { "b\($0)" }
            for name in names { try await client.createBackend(name, type: "LOCAL") }
            #expect(try await client.backends().map(\.name) == ["local"] + names)
        }
    }

    @Test func `wrong commands are refused with their reasons`() async throws {
        try await withDaemonClient { client in
            try await expectRefusal("BACKEND_EXISTS") { try await client.createBackend("local", type: "LOCAL") }
            try await expectRefusal("TYPE_NOT_FOUND") { try await client.createBackend("x", type: "NOPE") }
            try await expectRefusal("NAME_INVALID") { try await client.createBackend("X y", type: "LOCAL") }
            try await expectRefusal("CONFIG_INVALID") { try await client.createBackend("x", type: "LOCAL", config: 3) }
            try await expectRefusal("BACKEND_NOT_FOUND") { _ = try await client.backend("x").describe() }
        }
    }

    @Test func `the daemon says what it is`() async throws {
        try await withDaemon { daemon in
            let info = try await withClient(daemon.path) { try await $0.serverInfo() }
            #expect(info.version == "1.2.3")
            #expect(info.run == "run-1")
            #expect(info.socketPath == daemon.path)
            #expect(info.backends == 1)
            #expect(info.connections == 1)
            #expect(info.sequence == 1)
        }
    }

    @Test func `without a daemon a call says so`() async throws {
        try await withClient("/nonexistent/backendd.sock") { client in
            let error = await #expect(throws: BackendClientError.self) { try await client.backends() }
            #expect(error?.code == .unavailable)
            #expect(error?.reason == .noDaemon)
            #expect(error?.metadata["path"] == "/nonexistent/backendd.sock")
        }
    }

    @Test func `a closed client makes no calls`() async throws {
        try await withDaemonClient { client in
            await client.close()
            try await expectRefusal("CLIENT_CLOSED") { _ = try await client.backendTypes() }
        }
    }

    @Test func `a call ends with its timeout`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.withStartLock { _ in
                let error = await #expect(throws: BackendClientError.self) {
                    try await backend.start(lockWait: .seconds(600), timeout: .milliseconds(50))
                }
                #expect(error?.code == .deadlineExceeded)
            }
        }
    }
}
