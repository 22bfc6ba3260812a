// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Logging
import SystemIO

/// A registry with scripted backends and a clock that the test moves.
final class TestHouse: Sendable {
    static let instance = "run-1"

    let clock = ManualClock()
    let registry: BackendRegistry
    private let fakes = ScriptedBackends()

    /// `type` is one more that it knows, beside its scripted one.
    init(
        limits: BackendLimits = BackendLimits(), type: BackendType? = nil, store: (any StateStore)? = nil,
        saved: SavedState = SavedState()
    ) throws {
        var types = BackendTypes.inProcess
        try types.register(fakes.type(named: "FAKE", contexts: .ignored))
        if let type { try types.register(type) }
        registry = BackendRegistry(
            types: types, serverInstance: Self.instance, clock: clock, limits: limits, store: store, saved: saved,
            log: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    @discardableResult
    func create(
        _ name: String, config: ConfigValue = [:], priority: Int32? = nil, start: StartPolicy = .onDemand,
        after: [String] = []
    ) throws -> ScriptedBackend {
        _ = try registry.create(
            BackendDefinition(
                name: name, type: "FAKE", configuration: config, priority: priority, start: start, after: after))
        return try fake(name)
    }

    func fake(_ name: String) throws -> ScriptedBackend {
        try fakes[name]
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
        let watch = try registry.watch(serverInstance: Self.instance, since: 0)
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
