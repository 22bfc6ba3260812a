// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// What a started backend remembers of its models and their routes. A value: it neither waits nor reads a clock.
package struct RouteTable: Sendable {
    /// The route of one model.
    private struct Route: Sendable {
        /// The server that the header named.
        var server: HostPort
        var endpoint: ModelEndpoint
    }

    package enum Change: Hashable, Sendable {
        case stored
        /// The model already had this route.
        case unchanged
        /// The model keeps another route.
        case kept
        /// The limit of models is reached.
        case full
    }

    private struct Name: Sendable {
        var addresses: [IPAddress]
        var until: Duration
    }

    package static let modelLimit = 4096
    package static let nameLimit = 1024
    /// How long the addresses of a name are kept.
    package static let nameLife = Duration.seconds(30)

    private var routes: TextMap<Route> = [:]
    private var configured: TextMap<ModelEndpoint> = [:]
    private var names: TextMap<Name> = [:]

    package init() {}

    /// The endpoint of the model's route.
    package func route(of model: String) -> ModelEndpoint? { routes[model]?.endpoint }

    /// What a header does to a model that keeps the route it has; nil when the header's route would be stored.
    package func standing(of model: String, against server: HostPort, scope: RouteScope) -> Change? {
        switch scope {
        case .modelFirstWins: routes[model].map { $0.server == server ? .unchanged : .kept }
        case .modelLastWins, .request: nil
        }
    }

    package mutating func store(
        _ endpoint: ModelEndpoint, for model: String, from server: HostPort, scope: RouteScope
    ) -> Change {
        // Another request may have stored a route while this one's name was looked up.
        if let standing = standing(of: model, against: server, scope: scope) { return standing }
        if routes[model]?.endpoint == endpoint { return .unchanged }
        guard routes[model] != nil || routes.count < Self.modelLimit else { return .full }
        routes[model] = Route(server: server, endpoint: endpoint)
        return .stored
    }

    /// The endpoint by the configuration, created once.
    package func endpoint(of model: String) -> ModelEndpoint? { configured[model] }

    package mutating func remember(_ endpoint: ModelEndpoint, of model: String) {
        if configured.count >= Self.modelLimit { configured.removeAll() }
        configured[model] = endpoint
    }

    package func addresses(of name: String, at time: Duration) -> [IPAddress]? {
        names[name].flatMap { $0.until > time ? $0.addresses : nil }
    }

    package mutating func remember(_ addresses: [IPAddress], of name: String, at time: Duration) {
        if names.count >= Self.nameLimit { names = names.filter { $0.value.until > time } }
        if names.count >= Self.nameLimit { names.removeAll() }
        names[name] = Name(addresses: addresses, until: time + Self.nameLife)
    }
}

/// What becomes of a request whose route is not followed.
package enum RouteRefusal: String, Hashable, Sendable, CaseIterable {
    /// The request fails.
    case fail
    /// The request is handled as if it had no route.
    case useDefault = "use_default"
}

/// The requests that a route header applies to.
package enum RouteScope: String, Hashable, Sendable, CaseIterable {
    /// All requests for the model until the backend stops; later headers are ignored.
    case modelFirstWins = "model_first_wins"
    /// All requests for the model until another header comes.
    case modelLastWins = "model_last_wins"
    /// Only the request with the header.
    case request
}
