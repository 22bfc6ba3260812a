// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Testing

@Suite("LOCAL")
struct LocalBackendTests {
    @Test func `it takes any configuration, merges it, starts and stops`() async throws {
        let house = try TestHouse()
        let registry = house.registry
        let created = try registry.create(
            BackendDefinition(name: "local", type: "LOCAL", configuration: ["any": ["thing": [1, .null, "x"]]]))
        #expect(created.type == "LOCAL")
        #expect(created.configuration == ["any": ["thing": [1, .null, "x"]]])
        let configured = try await registry.registerConfig(
            ConfigRegistration(owner: "o", patch: ["any": ["other": true]]), on: "local")
        #expect(configured.backend.configuration == ["any": ["thing": [1, .null, "x"], "other": true]])
        #expect(try await registry.start("local").backend.isStarted)
        #expect(try await registry.stop("local").backend.state == .stopped)
        await house.close()
    }

    @Test func `it masks what sounds like a secret`() throws {
        let created = try TestHouse().registry.create(
            BackendDefinition(name: "local", type: "LOCAL", configuration: ["api_token": "t", "url": "u"]))
        #expect(created.configuration == ["api_token": "***", "url": "u"])
    }
}
