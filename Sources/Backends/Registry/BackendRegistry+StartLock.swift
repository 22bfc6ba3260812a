// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Takes the start lock of a backend, in turn.
    ///
    /// Waits for somebody else's lock as long as `wait` says; nil or zero: fails at once. A caller that gives up leaves the
    /// queue at once.
    package func holdStartLock(
        of name: String, holder: CallerIdentity, wait: Duration? = nil
    ) async throws(BackendError) -> StartLockLease {
        try StartLock.checkWait(wait, limit: limits.lockWait)
        if Task.isCancelled { throw .callerCancelled }
        let (caller, reply) = try step { (state, outbox) throws(BackendError) in
            try self.queue(holder, for: name, wait, &state, &outbox)
        }
        let result = await waiting(for: caller, on: name, lockWait: wait) { await reply.value() }
        guard let result else {
            leave(caller, name)
            // The lock may have been granted in the very moment the caller gave up.
            if let grant = try? await reply.value()?.get() { release(token: grant.token, of: name) }
            throw .callerCancelled
        }
        return StartLockLease(backend: name, grant: try result.get(), registry: self)
    }

    private func queue(
        _ holder: CallerIdentity, for name: String, _ wait: Duration?,
        _ state: inout RegistryState, _ outbox: inout RegistryOutbox
    ) throws(BackendError) -> (CallerID, RegistryOutbox.LockReply) {
        try state.requireServing()
        let caller = state.nextID()
        try state.update(name) { entry throws(BackendError) in
            if entry.lock.token != nil, wait ?? .zero == .zero { throw entry.lock.heldError }
            try entry.lock.holderQueued(caller, holder)
        }
        let reply = RegistryOutbox.LockReply()
        state.holders[caller] = reply
        serveLock(of: name, &state, &outbox)
        return (caller, reply)
    }

    func release(token: UInt64, of name: String) {
        withStep { state, outbox in
            guard state.leases.removeValue(forKey: token) != nil else { return }
            _ = try? state.update(name) { entry throws(BackendError) in entry.lock.released(token: token) }
            serveLock(of: name, &state, &outbox)
        }
    }
}
