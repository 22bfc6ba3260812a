// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import SocketRPC
internal import SocketRPCServer
internal import SystemIO

/// One stream of the health service's `Watch`: it ends with the call, or with `NOT_SERVING` when the daemon drains.
final class HealthWatch: Sendable {
    private let health: HealthHandler
    private let service: String
    private let responses: ResponseStream<HealthCheckResponse>
    private let last = Guarded<HealthCheckResponse.ServingStatus?>(nil)

    init(health: HealthHandler, service: String, responses: ResponseStream<HealthCheckResponse>) {
        self.health = health
        self.service = service
        self.responses = responses
    }

    func run() async throws(RPCStatus) {
        let result: Result<Void, RPCStatus> = await firstOf(
            { await RPCStatus.result(self.sendChanges) },
            { [drainBegan = health.drainBegan] in
                _ = await drainBegan.value()
                return .success(())
            })
        try result.get()
        // The drain changes the status to not serving, and may have cut off the last send.
        try await sendIfChanged()
    }

    /// Sends the status and each further one, until the last event of the registry.
    private func sendChanges() async throws(RPCStatus) {
        let registry = health.registry
        let watch = try asStatus { () throws(BackendError) in
            try registry.watch(serverInstance: registry.serverInstance, since: registry.sequence)
        }
        try await sendIfChanged()
        // What the items say does not matter: something has changed.
        while try await !asStatus({ () async throws(BackendError) in try await watch.next() }).isEmpty {
            try await sendIfChanged()
        }
    }

    /// Sends the status when it differs from the one sent last.
    private func sendIfChanged() async throws(RPCStatus) {
        let status = health.status(of: service)
        guard status != last.withLock({ $0 }) else { return }
        try await responses.send(HealthCheckResponse(status: status))
        last.withLock { $0 = status }
    }
}
