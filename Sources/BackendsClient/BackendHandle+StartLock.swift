// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendHandle {
    /// Holds the start lock of the backend, across all processes of the host, while `body` runs.
    ///
    /// The handle that `body` gets carries the lock's token: its calls go through while everybody else's wait or are refused.
    /// The lock is free again when `body` returns or throws, when the task is cancelled, and when this process dies.
    ///
    /// When the lock is lost meanwhile, because somebody broke it with `force` or the daemon went away, the task of `body` is
    /// cancelled and, once it has ended, `START_LOCK_BROKEN` is thrown, whatever `body` came to. Throws `START_LOCK_HELD` when another
    /// process holds the lock for longer than `wait`; `body` does not run then.
    ///
    /// - Parameters:
    ///   - wait: How long to wait for the lock, at most one hour; nil: not at all.
    ///   - body: What to do under the lock, as a task of its own.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withStartLock<Result: Sendable>(
        wait: Duration? = nil, _ body: @escaping @Sendable (BackendHandle) async throws -> Result
    ) async throws -> Result {
        do {
            return try await client.lifecycle.holdStartLock { stream in
                // A call that is over already ends the next line: what came before its end is still to be read.
                try? await stream.send(HoldStartLockRequest(name: name, wait: wait.map { GoogleDuration($0) }))
                guard case .acquired(let lock)? = try await stream.next()?.event else {
                    throw BackendClientError(
                        .internal, reason: "PROTOCOL_ERROR",
                        "the daemon ended the call for the start lock of \(name) without giving it")
                }
                return try await StartLockHold(stream: stream, backend: holding(lockToken: lock.token)).run(body)
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }
}
