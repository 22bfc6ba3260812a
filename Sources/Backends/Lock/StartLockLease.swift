// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A start lock that is held, until it is released, broken or forgotten.
package final class StartLockLease: Sendable {
    package let backend: String
    /// Passes commands while the lock is held.
    package let token: UInt64
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

    /// Waits until the lock is taken away, by force or because the backend was deleted, and says why; nil where the task was
    /// cancelled before. One task may wait at a time.
    package func waitUntilBroken() async -> BackendError? {
        await broken.value()
    }
}
