// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend did with a runtime context.
package enum ContextDisposition: Sendable {
    case handled
    case ignored
    /// The context sends its request to this endpoint.
    case routed(ModelEndpoint)
    case failed(BackendError)
    /// The context wants its request sent where it may not go, so the request must not go anywhere else.
    case refused(BackendError)
    /// The backend does not follow such a route: it does not serve the request, and others may.
    case declined(BackendError)
    /// The backend has to wait for something. The closure holds copies of what it needs and tells what it made of the
    /// context; it is cancelled when it takes too long or the caller gives up. Where it throws, takes too long or is never begun,
    /// `unfinished` says what that means for the request.
    case pending(
        @Sendable () async throws(BackendError) -> ContextResult.Outcome,
        unfinished: @Sendable (BackendError) -> ContextResult.Outcome = { .failed($0) })
}
