// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A start lock that is held, until it is released, broken or forgotten.
package final class StartLockLease: Sendable {
    package let backend: String
    /// Passes commands while the lock is held.
    package let token: LockToken
    private let broken: OneShot<BackendError>
    private let registry: BackendRegistry

    init(backend: String, grant: StartLockGrant, registry: BackendRegistry) {
        self.backend = backend
        token = grant.token
        broken = grant.broken
        self.registry = registry
    }

    deinit { release() }

    /// Frees the lock; the next waiter has it when this returns. Releasing again, or a broken lock, does nothing.
    package func release() {
        registry.release(token: token, of: backend)
    }

    /// Waits until the lock is taken away, by force or because the backend was deleted, and says why; nil if the task was
    /// cancelled before. One task may wait at a time.
    package func waitUntilBroken() async -> BackendError? {
        await broken.value()
    }
}

/// What a new holder of a start lock gets: the token, and what is set when the lock is taken away.
struct StartLockGrant: Sendable {
    let token: LockToken
    let broken: OneShot<BackendError>
}
