// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
package import SystemIO
internal import TextKeys

/// Servers on other hosts: one for all models, one per model, or the server in a header of the request.
package final class RemoteBackend: Backend {
    /// Looks up the addresses of a name within a time limit. Returns at least one.
    package typealias Lookup = @Sendable (String, Duration) async throws(BackendError) -> [IPAddress]

    private let name: String
    private let supervision: Supervision
    private let lookup: Lookup
    private let state = Guarded<RemoteRun?>(nil)

    /// Without a `lookup`, the system's resolver looks up the names of routes.
    package init(name: String, supervision: Supervision, lookup: Lookup? = nil) {
        self.name = name
        self.supervision = supervision
        self.lookup = lookup ?? Self.lookup(on: supervision)
    }

    package func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let settings = try RemoteSettings(configuration: configuration)
        try settings.checkFiles(of: name)
        let run = RemoteRun(
            backend: name, supervision: supervision, settings: settings, supervisor: supervisor, lookup: lookup)
        run.restore(supervisor.routes)
        state.withLock { $0 = run }
    }

    package func stop() async throws(BackendError) {
        state.withLock { $0 = nil }
    }

    private var run: RemoteRun? { state.withLock { $0 } }

    package func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        guard let run else { return .ignored }
        let header = run.settings.routeHeader
        if let text = context.firstValue(of: header) {
            return run.disposition(of: text, for: context.modelID())
        }
        guard let bytes = context.firstBinaryValue(of: header) else { return .ignored }
        return run.disposition(of: String(decoding: bytes, as: UTF8.self), for: context.modelID())
    }

    package var capacity: ModelCapacity { run?.settings.capacity ?? ModelCapacity() }

    package func served(configuration: ConfigValue) -> ServedModels {
        guard let settings = try? RemoteSettings(configuration: configuration) else { return .none }
        return ServedModels(settings.served, patterns: settings.patterns, routed: settings.routed) {
            settings.refusal(of: $0)
        }
    }

    package func offer(of model: String) -> ModelOffer {
        run?.offer(of: model) ?? .unavailable(.backendNotStarted(name))
    }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        guard let run else { throw .backendNotStarted(name) }
        return try await run.load(model)
    }

    package func examine(_ model: String) async throws(BackendError) -> FailureVerdict {
        guard let run else { return .notReady }
        return try await run.examine(model)
    }

    package func promptDirectory(of model: String) -> String? {
        run.flatMap { ($0.settings.models[model] ?? $0.settings.base).promptDirectory }
    }
}

// MARK: Names

extension RemoteBackend {
    private static func lookup(on supervision: Supervision) -> Lookup {
        { (name, time) throws(BackendError) in try await addresses(of: name, within: time, on: supervision) }
    }

    private static func addresses(
        of name: String, within time: Duration, on supervision: Supervision
    ) async throws(BackendError) -> [IPAddress] {
        let resolver: NameResolver
        do throws(SystemError) {
            resolver = try supervision.resolver()
        } catch {
            throw notResolved(.failed, error.description)
        }
        do throws(NameResolutionError) {
            return try await resolver.addresses(of: name, within: time)
        } catch {
            throw notResolved(error.kind, error.message)
        }
    }

    /// The message does not repeat the name, which came with a request.
    private static func notResolved(_ kind: NameResolutionError.Kind, _ why: String) -> BackendError {
        let message = "the host of the request's route cannot be looked up: \(why)"
        return switch kind {
        case .notFound: BackendError(.notFound, .nameNotResolved, message)
        case .tooMany: BackendError(.resourceExhausted, .nameNotResolved, message, retryAfter: .seconds(1))
        case .failed, .timeout, .cancelled:
            BackendError(.unavailable, .nameNotResolved, message, retryAfter: .seconds(1))
        }
    }
}

extension BackendType {
    /// `REMOTE`: servers on other hosts.
    package static func remote(on supervision: Supervision) -> BackendType {
        BackendType(
            name: "REMOTE", summary: "Sends requests to servers on other hosts, by model or by a header.",
            schema: RemoteSettings.schema, definitionID: "backendd.RemoteBackend",
            check: { RemoteSettings.problems(in: $0) }, warnings: { RemoteSettings.warnings(in: $0) },
            make: { RemoteBackend(name: $0, supervision: supervision) })
    }
}
