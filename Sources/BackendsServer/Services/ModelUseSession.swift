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
    /// Told which backend's model is used.
    let onAcquired: @Sendable (_ backend: String) -> Void

    func run() async throws(RPCStatus) {
        try await HeldStream.run(context, processes: processes, whatIsHeld: "all uses of models") {
            (told) async throws(RPCStatus) in
            try await hold(told)
        } halfClose: { () async throws(RPCStatus) in
            guard try await requests.next() != nil else { return }
            throw .invalid("model_id", "was sent before: a stream of UseModel takes one message")
        }
    }

    /// Takes the use and holds it until it is lost or the task is cancelled.
    private func hold(_ told: Announcement<Void>) async throws(RPCStatus) {
        let wait = try Duration.checked(request.wait, field: "wait")
        let wanted = ModelRequest(
            request.modelID, backends: request.backends, startsAutomatically: request.autoStart,
            allowsInProcess: request.allowInProcess)
        let context = request.context?.source.map { _ in
            OwnedRuntimeContext(request.context, modelID: request.modelID)
        }
        let use = try await asStatus { () async throws(BackendError) in
            try await registry.use(
                wanted, routes: RequestRoutes(try await results(of: context)), context: context, wait: wait)
        }
        defer { use.release() }
        onAcquired(use.resolved.backend)
        let acquired = ModelUseAcquired(
            endpoint: BackendsAPI.ModelEndpoint(use.resolved.endpoint, backend: use.resolved.backend),
            skipped: use.resolved.skipped.map { BackendsAPI.SkippedBackend($0) },
            skippedOthers: UInt32(clamping: use.resolved.skippedOthers))
        try await responses.send(UseModelResponse(event: .acquired(acquired)))
        told.set(())
        if let error = await use.waitUntilLost() { throw RPCStatus(error) }
    }

    /// Hands the context of the request, where it has one, to the backends.
    private func results(of context: OwnedRuntimeContext?) async throws(BackendError) -> [ContextResult] {
        guard let context else { return [] }
        switch try registry.dispatch(context, to: request.backends) {
        case .finished(let results): return results
        case .pending(let pending): return try await pending.resume()
        }
    }
}
