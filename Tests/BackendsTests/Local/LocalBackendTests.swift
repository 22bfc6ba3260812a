// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
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

    @Test func `it serves only the models it is told, in the caller's process`() async throws {
        let house = try TestHouse()
        func verdict(_ models: [ConfigValue]?, _ model: String) async throws -> ModelEndpoint {
            let configuration: ConfigValue = models.map { ["models": .list($0)] } ?? [:]
            _ = try house.registry.create(BackendDefinition(name: "l", type: "LOCAL", configuration: configuration))
            let request = ModelRequest(model, waitsUntilReady: true, startsAutomatically: true)
            let result: Result<ModelEndpoint, BackendError>
            do throws(BackendError) {
                result = .success(try await BackendRegistryResolvingTests.resolve(house, request).endpoint)
            } catch {
                result = .failure(error)
            }
            _ = try await house.registry.delete("l", lock: StartLockOptions(force: true))
            return try result.get()
        }
        #expect(try await verdict(["m*"], "m1") == .inProcess)
        #expect(try await verdict(["*"], "any") == .inProcess)
        for (models, model) in [(nil, "any"), (["m*"], "n"), ([], "l")] as [([ConfigValue]?, String)] {
            let error = await #expect(throws: BackendError.self) { try await verdict(models, model) }
            #expect(error?.reason == .modelNotFound)
        }
        await house.close()
    }

    @Test func `it hides no backend after it`() async throws {
        let house = try TestHouse()
        _ = try house.registry.create(BackendDefinition(name: "local", type: "LOCAL"))
        _ = try await house.registry.start("local")
        try house.create("a").loads("m")
        let resolved = try await BackendRegistryResolvingTests.resolve(house, BackendRegistryResolvingTests.waiting)
        #expect(resolved.endpoint.address == "a/m")
        #expect(BackendRegistryResolvingTests.skips(resolved) == ["local MODEL_NOT_SERVED"])
        await house.close()
    }
}
