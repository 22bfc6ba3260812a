// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

/// Answers `LifecycleService`.
struct LifecycleHandler: LifecycleService {
    let registry: BackendRegistry
    let processes: PeerProcesses

    func startBackend(
        _ request: StartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StartBackendResponse {
        AuditLog.note(backend: request.name)
        let lock = try StartLockOptions(token: request.lockToken, wait: request.lockWait, force: request.force)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.start(request.name, lock: lock)
        }
        return StartBackendResponse(
            backend: BackendsAPI.Backend(outcome.backend), alreadyStarted: !outcome.isChanged)
    }

    func stopBackend(
        _ request: StopBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StopBackendResponse {
        AuditLog.note(backend: request.name)
        let lock = try StartLockOptions(token: request.lockToken, wait: request.lockWait, force: request.force)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.stop(request.name, lock: lock)
        }
        return StopBackendResponse(
            backend: BackendsAPI.Backend(outcome.backend), alreadyStopped: !outcome.isChanged)
    }

    func holdStartLock(
        _ requests: RequestStream<HoldStartLockRequest>, responses: ResponseStream<HoldStartLockResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        guard let request = try await requests.next() else {
            throw .invalid("name", "is missing: the first message names the backend")
        }
        AuditLog.note(backend: request.name)
        try await StartLockSession(
            registry: registry, request: request, requests: requests, responses: responses, context: context,
            processes: processes
        ).run()
    }
}
