// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one backend made of a runtime context.
package struct ContextResult: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case handled
        case ignored
        /// Handled: the context sends its request to this endpoint.
        case routed(ModelEndpoint)
        case failed(BackendError)
        /// The context wants its request sent where it may not go.
        case refused(BackendError)
    }

    /// What the context of a request decides about its way, by backend.
    package typealias Routes = [String: Result<ModelEndpoint, BackendError>]

    package var backend: String
    package var outcome: Outcome

    package init(backend: String, outcome: Outcome) {
        self.backend = backend
        self.outcome = outcome
    }
}

extension [ContextResult] {
    /// Where a context has sent its request, by backend, or why a backend does not send it there.
    ///
    /// - Throws: Why the route was refused, when no backend has followed it: the request must not end up at another server.
    package func routes() throws(BackendError) -> ContextResult.Routes {
        var routes: ContextResult.Routes = [:]
        var (refusal, isFollowed): (BackendError?, Bool) = (nil, false)
        for result in self {
            switch result.outcome {
            case .routed(let endpoint): (routes[result.backend], isFollowed) = (.success(endpoint), true)
            case .handled: isFollowed = true
            case .refused(let error): (routes[result.backend], refusal) = (.failure(error), refusal ?? error)
            case .ignored, .failed: break
            }
        }
        if let refusal, !isFollowed { throw refusal }
        return routes
    }
}
