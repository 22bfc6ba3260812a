// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one backend made of a runtime context.
package struct ContextResult: Hashable, Sendable {
    package indirect enum Outcome: Hashable, Sendable {
        case handled
        case ignored
        /// Handled: the context sends its request to this endpoint.
        case routed(ModelEndpoint)
        case failed(BackendError)
        /// The context wants its request sent to a place that is not allowed.
        case refused(BackendError)
        /// The backend does not follow such a route: it does not serve the request, and others may.
        case declined(BackendError)
        /// The context names a place, and the backend has to be started to judge it.
        case undecided
    }

    package var backend: String
    package var outcome: Outcome

    package init(backend: String, outcome: Outcome) {
        self.backend = backend
        self.outcome = outcome
    }
}

/// What the backends made of a runtime context: one result each, in priority order.
package final class ContextResults: Sendable {
    package let list: [ContextResult]
    /// The encoded answer, for results that come out again and again; nil for those of a single call.
    package let answer: [UInt8]?

    package init(_ list: [ContextResult], answer: [UInt8]? = nil) {
        self.list = list
        self.answer = answer
    }

    /// Those of no backend.
    package static let none = ContextResults([])
}

/// What a backend did with a runtime context.
package indirect enum ContextDisposition: Sendable {
    case handled
    case ignored
    /// The context sends its request to this endpoint.
    case routed(ModelEndpoint)
    case failed(BackendError)
    /// The context wants its request sent to a place that is not allowed, so the request must not go anywhere else.
    case refused(BackendError)
    /// The backend does not follow such a route: it does not serve the request, and others may.
    case declined(BackendError)
    /// The backend has to wait for something. The closure holds copies of what it needs and returns the outcome; it is
    /// cancelled when it takes too long or the caller gives up. If it throws, takes too long or is never begun, `unfinished`
    /// says what that means for the request.
    case pending(
        @Sendable () async throws(BackendError) -> ContextResult.Outcome,
        unfinished: @Sendable (BackendError) -> ContextResult.Outcome = { .failed($0) })
}
