// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

extension RemoteRun {
    /// What the route header of a request for a model does. Does not wait: an unknown name is looked up later.
    func disposition(of text: String, for model: String) -> ContextDisposition {
        guard !settings.allowedRoutes.isEmpty else { return dispositionWithoutRoutes(for: model) }
        guard settings.takesRoute(of: model) else { return .ignored }
        do throws(BackendError) {
            try ModelID.check(model)
            let server = try parsed(text)
            // Was checked when it became the route.
            if standing(of: model, against: server) == .handled { return .handled }
            if let address = server.address {
                guard settings.allowedRoutes.allows(address, port: server.port) else { throw notListed }
                return disposition(try outcome(of: server, at: address, for: model))
            }
            guard settings.allowedRoutes.mayAllow(server.host, port: server.port) else { throw notListed }
            let now = supervision.clock.uptime()
            if let addresses = table.withLock({ $0.addresses(of: server.host, at: now) }) {
                return disposition(try outcome(of: server, among: addresses, for: model))
            }
            return .pending(
                { () throws(BackendError) in await self.outcome(of: server, for: model) },
                unfinished: { self.refusal($0, for: model) })
        } catch {
            return disposition(refusal(error, for: model))
        }
    }

    /// A backend without routing ignores the header, as other backends do. But if refused routes fail, the server of the model does not
    /// get requests that name another server.
    private func dispositionWithoutRoutes(for model: String) -> ContextDisposition {
        guard settings.routeRefusal == .fail, serves(model) else { return .ignored }
        return .declined(routeNotAllowed("routing by header is off; list the allowed hosts in route_allow"))
    }

    /// What becomes of a request whose route is not followed. Only a backend that also serves the model without a route keeps other
    /// backends from serving it.
    private func refusal(_ error: BackendError, for model: String) -> ContextResult.Outcome {
        guard serves(model) else { return .declined(error) }
        return switch settings.routeRefusal {
        case .fail: .refused(error)
        case .useDefault: .failed(error)
        }
    }

    private func disposition(_ outcome: ContextResult.Outcome) -> ContextDisposition {
        switch outcome {
        case .handled: .handled
        case .ignored: .ignored
        case .routed(let endpoint): .routed(endpoint)
        case .failed(let error): .failed(error)
        case .refused(let error): .refused(error)
        case .declined(let error): .declined(error)
        case .undecided: .ignored
        }
    }

    private func parsed(_ text: String) throws(BackendError) -> HostPort {
        do throws(Problem) {
            return try HostPort(parsing: text)
        } catch {
            throw BackendError(
                .invalidArgument, .routeInvalid,
                "the request's \(settings.routeHeader) is not a valid route for backend \(backend): it \(error)",
                metadata: ["backend": backend])
        }
    }

    /// The outcome for a model that keeps the route it has; nil when the other route counts. Check first that the other is allowed.
    private func standing(of model: String, against server: HostPort) -> ContextResult.Outcome? {
        guard settings.routeScope == .modelFirstWins else { return nil }
        return table.withLock { $0.standing(of: model, against: server, scope: .modelFirstWins) }.map(outcome)
    }

    /// Looks the name up once: the endpoint gets the address that was checked.
    private func outcome(of server: HostPort, for model: String) async -> ContextResult.Outcome {
        do throws(BackendError) {
            let addresses = try await lookup(server.host, settings.connectTimeout)
            let now = supervision.clock.uptime()
            table.withLock { $0.remember(addresses, of: server.host, at: now) }
            return try outcome(of: server, among: addresses, for: model)
        } catch {
            return refusal(error, for: model)
        }
    }

    private func outcome(
        of server: HostPort, among addresses: [IPAddress], for model: String
    ) throws(BackendError) -> ContextResult.Outcome {
        guard let first = addresses.first, settings.allowedRoutes.allows(server.host, at: addresses, port: server.port)
        else {
            throw notListed
        }
        return try outcome(of: server, at: first, for: model)
    }

    private func outcome(
        of server: HostPort, at address: IPAddress, for model: String
    ) throws(BackendError) -> ContextResult.Outcome {
        if let standing = standing(of: model, against: server) { return standing }
        let endpoint = endpoint(of: server, at: address, for: model)
        switch settings.routeScope {
        case .request: return .routed(endpoint)
        case .modelFirstWins, .modelLastWins:
            let change = table.withLock {
                $0.store(endpoint, for: model, from: server, scope: settings.routeScope)
            }
            if change == .stored {
                learned(LearnedRoute(model: model, server: server, address: address))
                moved(model, to: endpoint)
            }
            guard change != .full else {
                throw BackendError(
                    .resourceExhausted, .modelsFull,
                    "backend \(backend) has routes for \(RouteTable.modelLimit) models, the limit; set route_scope to request",
                    metadata: ["backend": backend])
            }
            return outcome(change)
        }
    }

    /// Takes over the routes that an earlier run of the daemon has learned, as far as the configuration still allows them. The address of a
    /// name counts as it was when the route was learned.
    func restore(_ routes: [LearnedRoute]) {
        guard settings.routeScope != .request else { return }
        for route in routes where settings.takesRoute(of: route.model) {
            let (host, port) = (route.server.host, route.server.port)
            guard
                route.server.address == nil
                    ? settings.allowedRoutes.allows(host, at: [route.address], port: port)
                    : settings.allowedRoutes.allows(route.address, port: port)
            else { continue }
            let endpoint = endpoint(of: route.server, at: route.address, for: route.model)
            _ = table.withLock { $0.store(endpoint, for: route.model, from: route.server, scope: settings.routeScope) }
        }
    }

    private func outcome(_ change: RouteTable.Change) -> ContextResult.Outcome {
        switch change {
        case .stored, .unchanged: .handled
        case .kept, .full: .ignored
        }
    }

    private func endpoint(of server: HostPort, at address: IPAddress, for model: String) -> ModelEndpoint {
        var tls = settings.fillsWithDefaults ? settings.base.tls : nil
        if tls?.serverName == nil, server.address == nil { tls?.serverName = server.host }
        if !settings.sendsClientCertificate, !settings.isConfigured(server, for: model) {
            tls?.clientCertFile = nil
            tls?.clientKeyFile = nil
        }
        return ModelEndpoint(address: HostPort(address, port: server.port).description, tls: tls)
    }

    private var notListed: BackendError {
        routeNotAllowed("no entry of route_allow covers its host, all its addresses and its port")
    }

    private func routeNotAllowed(_ why: String) -> BackendError {
        BackendError(
            .permissionDenied, .routeNotAllowed,
            "the request's \(settings.routeHeader) is not followed by backend \(backend): \(why)",
            metadata: ["backend": backend])
    }
}
