// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
package import SystemIO
internal import TextKeys

/// Servers on other hosts: one for all models, one for each, or wherever a header of a request says.
package final class RemoteBackend: Backend {
    /// Looks up the addresses of a name within a time.
    package typealias Lookup = @Sendable (String, Duration) async throws(BackendError) -> [IPAddress]

    private let name: String
    private let host: BackendHost
    private let lookup: Lookup
    private let state = Guarded<RemoteRun?>(nil)

    /// `lookup` is the system's unless given.
    package init(name: String, host: BackendHost, lookup: Lookup? = nil) {
        self.name = name
        self.host = host
        self.lookup =
            lookup
            ?? { (host: BackendHost) -> Lookup in
                { (name, time) throws(BackendError) in try await host.addresses(of: name, within: time) }
            }(host)
    }

    package func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let settings = try RemoteSettings(configuration: configuration)
        try settings.checkFiles(of: name)
        let run = RemoteRun(
            backend: name, host: host, settings: settings, supervisor: supervisor, lookup: lookup)
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
        return ServedModels(settings.served, routed: settings.routed) { settings.refusal(of: $0) }
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
