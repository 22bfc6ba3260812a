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
        /// The backend does not follow such a route: it does not serve the request, and others may.
        case declined(BackendError)
        /// The context names a place, and the backend has to be started to judge it.
        case unasked
    }

    package var backend: String
    package var outcome: Outcome

    package init(backend: String, outcome: Outcome) {
        self.backend = backend
        self.outcome = outcome
    }
}
