// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

/// One stream of `HoldStartLock`: takes the lock, holds it, and lets go when the first of these happens: the client's half
/// close, the end of the call, the end of the client's process, the lock is broken, or the daemon drains.
struct StartLockSession: Sendable {
    let registry: BackendRegistry
    let request: HoldStartLockRequest
    let requests: RequestStream<HoldStartLockRequest>
    let responses: ResponseStream<HoldStartLockResponse>
    let context: CallContext
    let drain: DrainSignal

    func run() async throws(RPCStatus) {
        let wait = try Duration.checked(request.wait, field: "wait")
        let result = await withTaskGroup(of: Result<Void, RPCStatus>.self) { group in
            group.addTask { await RPCStatus.result { () async throws(RPCStatus) in try await self.hold(wait) } }
            group.addTask { await RPCStatus.result(self.halfClose) }
            group.addTask {
                // A child that was forked may keep the connection open; the lock is the process's all the same.
                await context.loop.processExit(of: context.peer.pid)
                return .success(())
            }
            group.addTask {
                await drain.wait()
                let message =
                    "the daemon is stopping and lets go of all start locks; take the lock again from the next one"
                return .failure(RPCStatus(.unavailable, reason: "SHUTTING_DOWN", message))
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        try result.get()
    }

    /// Takes the lock and holds it until it is broken or the task is cancelled.
    private func hold(_ wait: Duration?) async throws(RPCStatus) {
        let lease = try await asStatus { () async throws(BackendError) in
            try await registry.holdStartLock(of: request.name, holder: CallerIdentity(context.peer), wait: wait)
        }
        defer { lease.release() }
        try await responses.send(HoldStartLockResponse(event: .acquired(StartLockAcquired(token: lease.token))))
        if let error = await lease.waitUntilBroken() {
            throw RPCStatus(error)
        }
    }

    /// Waits for the client's half close.
    private func halfClose() async throws(RPCStatus) {
        guard try await requests.next() != nil else { return }
        throw .invalid("name", "was sent before: a stream of HoldStartLock takes one message")
    }
}
