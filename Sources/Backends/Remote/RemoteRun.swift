// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TextKeys

/// A started backend of remote servers: its settings, and what it has learned since its start.
final class RemoteRun: Sendable {
    let backend: String
    let supervision: Supervision
    let settings: RemoteSettings
    let table = Guarded(RouteTable())
    let lookup: RemoteBackend.Lookup
    private let supervisor: BackendSupervisor

    init(
        backend: String, supervision: Supervision, settings: RemoteSettings, supervisor: BackendSupervisor,
        lookup: @escaping RemoteBackend.Lookup
    ) {
        self.backend = backend
        self.supervision = supervision
        self.settings = settings
        self.supervisor = supervisor
        self.lookup = lookup
    }

    // MARK: Models

    func offer(of model: String) -> ModelOffer {
        let endpoint: ModelEndpoint
        do throws(ServedModels.Refusal) {
            endpoint = try place(of: model)
        } catch {
            return error == .notServed ? .notServed : .declined(error.error(model, backend))
        }
        return settings.testsConnections ? .loadable(settings.rules) : .endpoint(endpoint, settings.rules)
    }

    /// Whether the model has a server without a header.
    func serves(_ model: String) -> Bool {
        settings.refusal(of: model) == nil || table.withLock { $0.route(of: model) } != nil
    }

    /// The endpoint of a model: by its route, or by the configuration.
    private func place(of model: String) throws(ServedModels.Refusal) -> ModelEndpoint {
        let known = table.withLock { $0.route(of: model) ?? $0.endpoint(of: model) }
        if let known { return known }
        if let refusal = settings.refusal(of: model) { throw refusal }
        let connection = settings.models[model] ?? settings.base
        guard let endpoint = try? connection.endpoint(of: model) else { throw .notServed }
        table.withLock { $0.remember(endpoint, of: model) }
        return endpoint
    }

    private func endpoint(of model: String) throws(BackendError) -> ModelEndpoint {
        do throws(ServedModels.Refusal) {
            return try place(of: model)
        } catch {
            throw error.error(model, backend)
        }
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
            // The model is tested again before it serves again.
            if settings.testsConnections { supervisor.modelFailed(model, BackendFailure(error)) }
            return .notReady
        }
    }

    /// Only connects, with the handshake if the endpoint has TLS.
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
            transfer = try supervision.http()
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
            "backend \(backend) cannot reach \(endpoint.address): \(why); check that the server runs and is reachable",
            metadata: ["backend": backend, "address": endpoint.address], retryAfter: .seconds(1))
    }

    /// Call when a model has learned a route.
    func learned(_ route: LearnedRoute) { supervisor.routeLearned(route) }

    /// Call when a model has a new endpoint.
    func moved(_ model: String, to endpoint: ModelEndpoint) {
        if settings.testsConnections { supervisor.modelMoved(model, endpoint) }
    }
}
