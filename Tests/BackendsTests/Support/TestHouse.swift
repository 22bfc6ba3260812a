// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Logging
import SystemIO

/// A registry with fake backends and a clock that the test moves.
final class TestHouse: Sendable {
    static let instance = "run-1"

    let clock = ManualClock()
    let registry: BackendRegistry
    private let fakes: Fakes

    private final class Fakes: Sendable {
        let byName = Guarded<[String: FakeBackend]>([:])
    }

    /// `type` is one more that it knows, beside its fake one.
    init(limits: BackendLimits = BackendLimits(), type: BackendType? = nil) throws {
        let fakes = Fakes()
        self.fakes = fakes
        var types = BackendTypes.inProcess
        try types.register(
            BackendType(name: "FAKE", summary: "Fake.", schema: Self.schema, definitionID: "tests") { name in
                let fake = FakeBackend(name: name)
                fakes.byName.withLock { $0[name] = fake }
                return fake
            })
        if let type { try types.register(type) }
        registry = BackendRegistry(
            types: types, instance: Self.instance, clock: clock, limits: limits,
            log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    static let schema = ConfigSchema(fields: [
        ConfigField(
            "connection",
            .object(
                ConfigSchema(fields: [
                    ConfigField("hostname", .string(), "Where it is."),
                    ConfigField("password", .string(), "Its secret.", isSecret: true),
                    ConfigField("options", .map(of: .string()), "Anything."),
                ])), "How to reach it."),
        ConfigField("port", .integer(1...65535), "Its port.", default: 8080),
        ConfigField("tags", .list(of: .string()), "Words."),
    ])

    @discardableResult
    func create(_ name: String, config: ConfigValue = [:], priority: Int32? = nil) throws -> FakeBackend {
        _ = try registry.create(
            BackendDefinition(name: name, type: "FAKE", configuration: config, priority: priority))
        return try fake(name)
    }

    func fake(_ name: String) throws -> FakeBackend {
        guard let fake = fakes.byName.withLock({ $0[name] }) else { throw MissingFake(name: name) }
        return fake
    }

    struct MissingFake: Error {
        var name: String
    }

    /// Waits until the backend is in the state.
    func reaches(_ state: BackendState, _ name: String = "a") async throws {
        let watch = try registry.watch()
        while try registry.get(name).state != state { _ = try await watch.next() }
    }

    /// Ends everything; call it last in a test that started something.
    func close() async {
        _ = await registry.shutDown(grace: .seconds(3600))
        await registry.finish()
    }

    /// The causes of every event so far, with the backend's name where it is not `a`.
    func causes() async throws -> [String] {
        let watch = try registry.watch(instance: Self.instance, since: 0)
        var causes: [String] = []
        while causes.count < Int(registry.sequence) {
            for case .change(let event) in try await watch.next() {
                causes.append((event.backend == "a" ? "" : event.backend + ":") + event.cause.rawValue)
            }
        }
        return causes
    }
}

/// What a task that calls the registry comes to.
typealias Call<Value: Sendable> = Task<Result<Value, BackendError>, Never>

/// Begins a call at once: when this returns, the registry has taken it in.
func calling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(BackendError) -> Value
) -> Call<Value> {
    Task.immediate {
        do throws(BackendError) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == BackendError {
    var error: BackendError? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }

    var reason: BackendError.Reason? { error?.reason }
}
