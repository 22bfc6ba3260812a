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
            try await registry.start(request.name, isFresh: request.fresh, lock: lock)
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
            try await registry.stop(request.name, by: CallerIdentity(context.peer), lock: lock)
        }
        return StopBackendResponse(
            backend: BackendsAPI.Backend(outcome.backend), alreadyStopped: !outcome.isChanged)
    }

    func restartBackend(
        _ request: RestartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> RestartBackendResponse {
        let part = RestartPart(request.part)
        AuditLog.note(backend: request.name, model: part.model)
        let lock = try StartLockOptions(token: request.lockToken, wait: request.lockWait, force: request.force)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.restart(request.name, part, lock: lock)
        }
        return RestartBackendResponse(backend: BackendsAPI.Backend(outcome.backend))
    }

    func enableBackend(
        _ request: EnableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> EnableBackendResponse {
        AuditLog.note(backend: request.name)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.setEnabled(true, request.name)
        }
        return EnableBackendResponse(
            backend: BackendsAPI.Backend(outcome.backend), alreadyEnabled: !outcome.isChanged)
    }

    func disableBackend(
        _ request: DisableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DisableBackendResponse {
        AuditLog.note(backend: request.name)
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.setEnabled(false, request.name)
        }
        return DisableBackendResponse(
            backend: BackendsAPI.Backend(outcome.backend), alreadyDisabled: !outcome.isChanged)
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

extension RestartPart {
    fileprivate init(_ part: RestartBackendRequest.Part?) {
        switch part {
        case nil: self = .backend
        case .modelID(let model): self = .model(model)
        case .instance(let instance): self = .instance(instance)
        }
    }

    fileprivate var model: String? {
        switch self {
        case .backend, .instance: nil
        case .model(let model): model
        }
    }
}
