// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport

/// A backend of remote servers at work, with names that a test has thought up.
final class RemoteFixture: Sendable {
    let backend: RemoteBackend
    let supervision: Supervision
    let reports = Recorder<String>()
    let learned = Recorder<LearnedRoute>()
    /// The names that were looked up.
    let lookups = Recorder<String>()

    init(_ supervision: Supervision) {
        self.supervision = supervision
        let (names, lookups) = (Names(), lookups)
        self.shared = names
        backend = RemoteBackend(name: "r", supervision: supervision) { (name, _) throws(BackendError) in
            lookups.append(name)
            guard let addresses = names.table.withLock({ $0[name] }) else {
                throw BackendError(.notFound, .nameNotResolved, "unknown")
            }
            return addresses.compactMap { IPAddress($0) }
        }
    }

    private final class Names: Sendable {
        let table = Guarded<[String: [String]]>([:])
    }

    private let shared: Names

    func name(_ name: String, _ addresses: String...) { shared.table.withLock { $0[name] = addresses } }

    /// Starts it with a configuration, which its type has to find valid. Returns what it was started with.
    @discardableResult
    func start(_ configuration: ConfigValue, routes: [LearnedRoute] = []) async throws -> ConfigValue {
        let layers = try BackendConfiguration(type: .remote(on: supervision), base: configuration)
        let reports = reports
        let learned = learned
        let supervisor = BackendSupervisor(routes: routes) { report in
            switch report {
            case .modelMoved(let model, let endpoint): reports.append("\(model) \(endpoint?.address ?? "-")")
            case .modelFailed(let model, let failure): reports.append("\(model) \(failure.reason)")
            case .failed(let failure): reports.append(failure.reason)
            case .instanceChanged(let change): reports.append(change.instance)
            case .routeLearned(let route): learned.append(route)
            }
        }
        try await backend.start(configuration: layers.effective, supervisor: supervisor)
        return layers.effective
    }

    /// Gives it the context of a request with such a header.
    func route(_ value: String, _ model: String = "m", header: String = "X-Route-Info") async -> ContextResult.Outcome {
        await dispatch(
            OwnedRuntimeContext(kind: .grpc, modelID: model, entries: [.init(header, .text(value))]))
    }

    func dispatch(_ context: OwnedRuntimeContext) async -> ContextResult.Outcome {
        switch backend.handleRuntimeContext(context) {
        case .handled: return .handled
        case .ignored: return .ignored
        case .routed(let endpoint): return .routed(endpoint)
        case .failed(let error): return .failed(error)
        case .refused(let error): return .refused(error)
        case .declined(let error): return .declined(error)
        case .pending(let work, let unfinished):
            do throws(BackendError) {
                return try await work()
            } catch {
                return unfinished(error)
            }
        }
    }

    func endpoint(_ model: String = "m") -> ModelEndpoint? {
        guard case .endpoint(let endpoint, _) = backend.offer(of: model) else { return nil }
        return endpoint
    }
}

extension ContextResult.Outcome {
    var reason: BackendError.Reason? {
        switch self {
        case .failed(let error), .refused(let error), .declined(let error): return error.reason
        case .handled, .ignored, .routed, .undecided: return nil
        }
    }
}

/// Runs a test with a backend of remote servers.
func withRemote(_ body: (RemoteFixture) async throws -> Void) async throws {
    try await withSupervision { supervision, _ in try await body(RemoteFixture(supervision)) }
}
