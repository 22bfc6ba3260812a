// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// Takes the start lock of a backend, in turn.
    ///
    /// Waits for a lock that another caller holds as long as `wait` says; nil or zero: fails at once. A caller that gives up leaves
    /// the queue at once.
    package func holdStartLock(
        of name: String, holder: CallerIdentity, wait: Duration? = nil
    ) async throws(BackendError) -> StartLockLease {
        try StartLock.checkWait(wait, limit: limits.lockWait)
        if Task.isCancelled { throw .callerCancelled }
        let (caller, reply) = try decide { (driven, now) throws(BackendError) in
            let (caller, reply) = (driven.registry.newCaller(), LockReply())
            let actions = try driven.registry.requestLock(of: name, by: caller, holder, wait: wait, at: now)
            driven.lockRequests[caller] = reply
            return (actions, (caller, reply))
        }
        let result = await waiting(for: caller, on: name, lockWait: wait) { await reply.value() }
        guard let result else {
            leave(caller, name)
            throw .callerCancelled
        }
        return StartLockLease(backend: name, grant: try result.get(), registry: self)
    }

    func release(token: LockToken, of name: String) {
        report { $0.release(token, of: name, at: $1) }
    }
}
