// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend did with a runtime context.
package enum ContextDisposition: Sendable {
    case handled
    case ignored
    case failed(BackendError)
    /// The backend has to wait for something. The closure holds copies of what it needs and tells whether it handled the
    /// context; it is cancelled when it takes too long or the caller gives up.
    case pending(@Sendable () async throws(BackendError) -> Bool)
}
