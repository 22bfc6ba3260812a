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
    let processes: PeerProcesses

    func run() async throws(RPCStatus) {
        let wait = try Duration.checked(request.wait, field: "wait")
        try await HeldStream.run(context, processes: processes, whatIsHeld: "all start locks") {
            (confirmed) async throws(RPCStatus) in
            try await hold(wait, confirmed)
        } halfClose: { () async throws(RPCStatus) in
            guard try await requests.next() != nil else { return }
            throw .invalid("name", "was sent before: a stream of HoldStartLock takes one message")
        }
    }

    /// Takes the lock and holds it until it is broken or the task is cancelled.
    private func hold(_ wait: Duration?, _ confirmed: Announcement<Void>) async throws(RPCStatus) {
        let lease = try await asStatus { () async throws(BackendError) in
            try await registry.holdStartLock(of: request.name, holder: CallerIdentity(context.peer), wait: wait)
        }
        defer { lease.release() }
        try await responses.send(HoldStartLockResponse(event: .acquired(StartLockAcquired(token: lease.token.number))))
        confirmed.set(())
        if let error = await lease.waitUntilBroken() {
            throw RPCStatus(error)
        }
    }
}
