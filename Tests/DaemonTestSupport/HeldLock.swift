// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsAPI
package import SocketRPC

/// A start lock and the call that holds it.
package struct HeldLock: Sendable {
    package let token: UInt64
    package let stream: ClientStream<HoldStartLockRequest, HoldStartLockResponse>

    /// Releases the lock and waits until the daemon confirms it.
    package func release() async throws {
        try await stream.finishSending()
        while try await stream.next() != nil {}
    }

    /// The call ended, or answered something else, before it had the lock.
    package struct NotAcquired: Error {}
}

extension LifecycleServiceClient {
    /// Holds the start lock of a backend while the body runs, and releases it by the half close.
    package func holdingLock<R: Sendable>(
        of name: String, wait: Duration? = nil, _ body: (HeldLock) async throws -> R
    ) async throws -> R {
        try await holdStartLock { stream in
            try await stream.send(HoldStartLockRequest(name: name, wait: wait.map { GoogleDuration($0) }))
            guard case .acquired(let acquired) = try await stream.next()?.event else { throw HeldLock.NotAcquired() }
            return try await body(HeldLock(token: acquired.token, stream: stream))
        }
    }
}
