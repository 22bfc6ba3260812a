// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// What one start of a backend remembers of its models and their routes. A value: it neither waits nor looks at a clock.
package struct RouteTable: Sendable {
    /// The route of one model.
    private struct Route: Sendable {
        /// What the header said.
        var server: HostPort
        var endpoint: ModelEndpoint
    }

    package enum Change: Hashable, Sendable {
        case stored
        /// The model had this route.
        case unchanged
        /// The model keeps the one it has.
        case kept
        /// No further model fits.
        case full
    }

    private struct Name: Sendable {
        var addresses: [IPAddress]
        var until: Duration
    }

    package static let modelLimit = 4096
    package static let nameLimit = 1024
    /// How long what a name stands for is taken as known.
    package static let nameLife = Duration.seconds(30)

    private var routes: TextMap<Route> = [:]
    private var configured: TextMap<ModelEndpoint> = [:]
    private var names: TextMap<Name> = [:]

    package init() {}

    /// Where the header of a model has sent it.
    package func route(of model: String) -> ModelEndpoint? { routes[model]?.endpoint }

    /// What a header would do to a model that has a route; nil where there is none or it would be replaced.
    package func standing(of model: String, against server: HostPort, scope: RouteScope) -> Change? {
        switch scope {
        case .modelFirstWins: routes[model].map { $0.server == server ? .unchanged : .kept }
        case .modelLastWins, .request: nil
        }
    }

    package mutating func store(
        _ endpoint: ModelEndpoint, for model: String, from server: HostPort, scope: RouteScope
    ) -> Change {
        // Another request may have come first while this one's name was looked up.
        if let standing = standing(of: model, against: server, scope: scope) { return standing }
        if routes[model]?.endpoint == endpoint { return .unchanged }
        guard routes[model] != nil || routes.count < Self.modelLimit else { return .full }
        routes[model] = Route(server: server, endpoint: endpoint)
        return .stored
    }

    /// The endpoint by the configuration, made once.
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
