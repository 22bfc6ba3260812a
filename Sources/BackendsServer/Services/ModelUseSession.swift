// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SystemIO

/// One stream of `UseModel`: takes a use, holds it, and lets go when the first of these happens: the client's half close, the end of
/// the call, the end of the client's process, the loss of the model, or the drain of the daemon.
struct ModelUseSession: Sendable {
    let registry: BackendRegistry
    let request: UseModelRequest
    let requests: RequestStream<UseModelRequest>
    let responses: ResponseStream<UseModelResponse>
    let context: CallContext
    let processes: PeerProcesses

    func run() async throws(RPCStatus) {
        try await HeldStream.run(context, processes: processes, whatIsHeld: "all uses of models") {
            (confirmed) async throws(RPCStatus) in
            try await hold(confirmed)
        } halfClose: { () async throws(RPCStatus) in
            guard try await requests.next() != nil else { return }
            throw .invalid("model_id", "was sent before: a stream of UseModel takes one message")
        }
    }

    /// Takes the use and holds it until it is lost or the task is cancelled.
    private func hold(_ confirmed: Announcement<Void>) async throws(RPCStatus) {
        let wait = try Duration.checked(request.wait, field: "wait")
        let wanted = ModelRequest(
            request.modelID, backends: request.backends, startsAutomatically: request.autoStart,
            allowsInProcess: request.allowInProcess)
        let context = request.context?.source.map { _ in
            OwnedRuntimeContext(request.context, modelID: request.modelID)
        }
        let use = try await asStatus { () async throws(BackendError) in
            try await registry.use(
                wanted, redirects: RequestRoutes(try await results(of: context)), context: context, wait: wait)
        }
        defer { use.release() }
        AuditLog.note(backend: use.resolved.backend, model: request.modelID)
        let acquired = ModelUseAcquired(
            endpoint: BackendsAPI.ModelEndpoint(use.resolved.endpoint, backend: use.resolved.backend),
            skipped: use.resolved.skipped.map { BackendsAPI.SkippedBackend($0) },
            skippedOthers: UInt32(clamping: use.resolved.skippedOthers))
        try await responses.send(UseModelResponse(event: .acquired(acquired)))
        confirmed.set(())
        if let error = await use.waitUntilLost() { throw RPCStatus(error) }
    }

    /// Hands the context of the request, if it has one, to the backends.
    private func results(of context: OwnedRuntimeContext?) async throws(BackendError) -> [ContextResult] {
        guard let context else { return [] }
        switch try registry.dispatch(context, to: request.backends) {
        case .finished(let results): return results.list
        case .pending(let pending): return try await pending.resume()
        }
    }
}
