// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TextKeys

/// A started backend of remote servers: its settings, and what it has learned since.
final class RemoteRun: Sendable {
    /// Looks up a name within a time.
    typealias Lookup = @Sendable (String, Duration) async throws(BackendError) -> [IPAddress]

    let backend: String
    let host: BackendHost
    let settings: RemoteSettings
    let table = Guarded(RouteTable())
    let lookup: Lookup
    private let supervisor: BackendSupervisor

    init(
        backend: String, host: BackendHost, settings: RemoteSettings, supervisor: BackendSupervisor,
        lookup: @escaping Lookup
    ) {
        self.backend = backend
        self.host = host
        self.settings = settings
        self.supervisor = supervisor
        self.lookup = lookup
    }

    // MARK: Models

    func offer(of model: String) -> ModelOffer {
        if !settings.names(model), table.withLock({ $0.route(of: model) }) == nil { return .notServed }
        do throws(BackendError) {
            let endpoint = try endpoint(of: model)
            return settings.testsConnections ? .loadable(settings.rules) : .endpoint(endpoint, settings.rules)
        } catch {
            return .declined(error)
        }
    }

    /// Where the model is: by its route, or by the configuration.
    private func endpoint(of model: String) throws(BackendError) -> ModelEndpoint {
        let known = table.withLock { $0.route(of: model) ?? $0.endpoint(of: model) }
        if let known { return known }
        let connection = settings.models[model] ?? settings.base
        // An id that does not fit into the name of a host is none of this backend.
        guard let endpoint = try? connection.endpoint(of: model) else {
            throw .modelNotServed(model, backend)
        }
        table.withLock { $0.remember(endpoint, of: model) }
        return endpoint
    }

    func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        let endpoint = try endpoint(of: model)
        try await test(endpoint)
        return endpoint
    }

    func examine(_ model: String) async throws(BackendError) -> FailureVerdict {
        do throws(BackendError) {
            try await test(try endpoint(of: model))
            return .healthy
        } catch {
            guard error.reason == .connectionFailed else { throw error }
            // It is tested anew before it serves again.
            if settings.testsConnections { supervisor.modelFailed(model, BackendFailure(error)) }
            return .notReady
        }
    }

    /// Connects, with the handshake where TLS is spoken, and no more.
    private func test(_ endpoint: ModelEndpoint) async throws(BackendError) {
        let tls = endpoint.tls.map {
            HTTPTLS(
                caFile: $0.caCertFile, certFile: $0.clientCertFile, keyFile: $0.clientKeyFile, serverName: $0.serverName
            )
        }
        let request = HTTPRequest(
            url: "\(tls == nil ? "http" : "https")://\(endpoint.address)/", timeout: settings.connectTimeout,
            version: .http2PriorKnowledge, tls: tls, connectOnly: true)
        let transfer: HTTPTransfer
        do throws(SystemError) {
            transfer = try host.http()
        } catch {
            throw connectionFailed(endpoint, error.description)
        }
        do throws(HTTPTransferError) {
            _ = try await transfer.perform(request)
        } catch {
            throw connectionFailed(endpoint, error.message)
        }
    }

    private func connectionFailed(_ endpoint: ModelEndpoint, _ why: String) -> BackendError {
        BackendError(
            .unavailable, .connectionFailed,
            "backend \(backend) cannot reach \(endpoint.address): \(why); see that the server runs and is reachable",
            metadata: ["backend": backend, "address": endpoint.address], retryAfter: .seconds(1))
    }

    /// A loaded model is somewhere else from now on.
    func moved(_ model: String, to endpoint: ModelEndpoint) {
        if settings.testsConnections { supervisor.modelMoved(model, endpoint) }
    }
}
