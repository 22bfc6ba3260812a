// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import ConfigDocument
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// Reloads as clients see them; the file of the test is a list of backends.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ReloadServiceTests {
    /// The file of a test.
    private final class File: Sendable {
        private let entries = Guarded<[BackendDefinition]>([])

        func write(_ definitions: BackendDefinition...) { entries.withLock { $0 = definitions } }

        func reload(_ registry: BackendRegistry, _ isDryRun: Bool) throws(BackendError) -> ReloadPlan {
            do throws(ReloadFaults) {
                return try registry.reload(entries.withLock { $0 }, isDryRun: isDryRun)
            } catch {
                throw BackendError(.invalidArgument, .configFileInvalid, "the file is wrong")
            }
        }
    }

    /// Runs a test with a service whose file can be changed.
    private static func withFile(_ body: (ServerFixture, File) async throws -> Void) async throws {
        let file = File()
        try await withService(
            reload: { (registry: BackendRegistry, isDryRun: Bool) throws(BackendError) -> ReloadPlan in
                try file.reload(registry, isDryRun)
            },
            { service in try await body(service, file) })
    }

    private static func entry(_ name: String, port: Int64 = 8080, apply: Backends.ReloadApply) -> BackendDefinition {
        BackendDefinition(
            name: name, type: "SCRIPTED", configuration: ["port": .integer(port)], priority: 0, apply: apply,
            origin: .file)
    }

    private static func reload(
        _ service: ServerFixture, dryRun: Bool = false
    ) async throws -> ReloadConfigurationResponse {
        try await ConfigurationServiceClient(service.client.rpc).reloadConfiguration(
            ReloadConfigurationRequest(dryRun: dryRun))
    }

    @Test func `a plan says what becomes of each backend, and a dry run leaves it at that`() async throws {
        try await Self.withFile { service, file in
            file.write(Self.entry("a", apply: .now))
            let dry = try await Self.reload(service, dryRun: true)
            #expect(dry.backends == [BackendReload(name: "a", kind: .added)])
            #expect(try await service.client.config.listBackends(ListBackendsRequest()).backends.isEmpty)
            #expect(service.log.calls.isEmpty)
            #expect(try await Self.reload(service).backends == dry.backends)
            try await service.client.start("a")
            file.write(Self.entry("a", port: 9, apply: .now))
            #expect(
                try await Self.reload(service).backends == [
                    BackendReload(name: "a", kind: .needsRestart, apply: .now, paths: ["config.port"])
                ])
            file.write()
            #expect(try await Self.reload(service).backends == [BackendReload(name: "a", kind: .removed)])
            #expect(service.log.calls.count { $0["method"]?.hasSuffix("ReloadConfiguration") == true } == 3)
        }
    }

    @Test func `a change for the next start makes processes outdated until the backend is restarted`() async throws {
        try await Self.withFile { service, file in
            file.write(Self.entry("a", apply: .nextStart))
            _ = try await Self.reload(service)
            try service.scripted["a"].hasProcesses(perModel: false)
            try await service.client.start("a")
            #expect(try await service.client.get("a").instances.map(\.outdated) == [false])
            file.write(Self.entry("a", port: 9, apply: .nextStart))
            _ = try await Self.reload(service)
            let staged = try await service.client.get("a")
            #expect(staged.instances.map(\.outdated) == [true] && staged.configStaged)
            _ = try await service.client.lifecycle.restartBackend(RestartBackendRequest(name: "a"))
            #expect(try await service.client.get("a").instances.map(\.outdated) == [false])
            #expect(try service.scripted["a"].starts.map { $0["port"] } == [8080, 9])
        }
    }

    @Test func `models of a rolling backend are loaded again one after the other`() async throws {
        try await Self.withFile { service, file in
            file.write(Self.entry("a", apply: .rolling))
            _ = try await Self.reload(service)
            let fake = try service.scripted["a"]
            fake.loads("m", "n")
            fake.hasProcesses(perModel: true)
            try await service.client.start("a")
            for model in ["m", "n"] {
                _ = try await service.client.models.loadModel(LoadModelRequest(modelID: model, backend: "a"))
            }
            file.write(Self.entry("a", port: 9, apply: .rolling))
            _ = try await Self.reload(service)
            while fake.calls.last != .load("n") || fake.calls.count < 8 { await Task.yield() }
            #expect(
                fake.calls.suffix(5) == [
                    .reconfigure(["port": 9]), .unload("m"), .load("m"), .unload("n"), .load("n"),
                ])
        }
    }

    @Test func `a file with an error is refused, and so is a reload without a file`() async throws {
        try await Self.withFile { service, file in
            file.write(Self.entry("Bad", apply: .now))
            let wrong = try await refusal { try await Self.reload(service) }
            #expect(wrong.word == "INVALID_ARGUMENT CONFIG_FILE_INVALID")
        }
        try await withService { service in
            let none = try await refusal { try await Self.reload(service) }
            #expect(none.word == "FAILED_PRECONDITION RELOAD_UNSUPPORTED")
        }
    }
}
