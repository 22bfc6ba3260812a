// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

/// The token of a start lock. Pass it to other processes that act for the one that holds the lock.
public struct StartLockToken: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire. Each holder gets a larger one than all before it, also after a restart of the daemon.
    public let rawValue: UInt64

    /// Makes a token from its number on the wire.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The number in decimal digits.
    public var description: String { String(rawValue) }
}

extension BackendHandle {
    /// Holds the start lock of the backend, across all processes of the host, while `body` runs.
    ///
    /// The handle that `body` gets carries the lock's token: its commands are carried out, while those of all other
    /// callers wait or are refused. The lock is released when `body` returns or throws, when the task is cancelled, and
    /// when this process dies. See <doc:Locking>.
    ///
    /// If the lock is lost meanwhile, because a call with `force` broke it or the connection ended, the task of `body`
    /// is cancelled and, once it has ended, ``FailureReason/startLockBroken`` is thrown, whatever `body` returned or
    /// threw.
    ///
    /// - Parameters:
    ///   - wait: How long to wait for the lock, at most one hour; zero: not at all.
    ///   - body: What to do under the lock, as a task of its own. The time it takes is not limited.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``FailureReason/startLockHeld`` if another caller holds the lock for longer than
    ///   `wait`, in which case `body` does not run.
    public func withStartLock<Value: Sendable>(
        wait: Duration = .zero, _ body: @escaping @Sendable (BackendHandle) async throws -> Value
    ) async throws -> Value {
        do {
            return try await client.lifecycle.holdStartLock { stream in
                // If the call has ended already, the next line throws: what came before its end is still to be read.
                try? await stream.send(HoldStartLockRequest(name: name, wait: wait.wire))
                guard case .acquired(let lock)? = try await stream.next()?.event else {
                    throw BackendClientError.protocolError(
                        "the daemon ended the call for the start lock of \(name) without granting it")
                }
                let token = StartLockToken(rawValue: lock.token)
                return try await StartLockHold(stream: stream, backend: holding(lockToken: token)).run(body)
            }
        } catch let status as RPCStatus {
            throw BackendClientError(status)
        }
    }
}

extension Duration {
    /// The wait for a start lock as a message; nil for zero, because the daemon does not wait if there is none.
    var wire: GoogleDuration? { self == .zero ? nil : GoogleDuration(self) }
}
