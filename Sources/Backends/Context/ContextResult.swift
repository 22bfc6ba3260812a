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
    }

    package var backend: String
    package var outcome: Outcome

    package init(backend: String, outcome: Outcome) {
        self.backend = backend
        self.outcome = outcome
    }
}

extension [ContextResult] {
    /// Where a context has sent its request, by backend.
    package var routes: [String: ModelEndpoint] {
        var routes: [String: ModelEndpoint] = [:]
        for result in self {
            if case .routed(let endpoint) = result.outcome { routes[result.backend] = endpoint }
        }
        return routes
    }
}
