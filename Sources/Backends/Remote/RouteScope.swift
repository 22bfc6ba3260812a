// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What becomes of a request whose route is not followed.
package enum RouteRefusal: String, Hashable, Sendable, CaseIterable {
    /// Its model is not resolved.
    case fail
    /// It goes where it would go without a route.
    case useDefault = "use_default"
}

/// For how long a header sends the requests for a model somewhere.
package enum RouteScope: String, Hashable, Sendable, CaseIterable {
    /// Until the backend stops; whoever comes first decides.
    case modelFirstWins = "model_first_wins"
    /// Until another header comes.
    case modelLastWins = "model_last_wins"
    /// For the request that has it.
    case request
}
