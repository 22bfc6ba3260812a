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
        let result = await withTaskGroup(of: Result<Void, RPCStatus>.self) { group in
            group.addTask { await RPCStatus.result(self.follow) }
            group.addTask { [drain = health.drain] in
                _ = await drain.value()
                return .success(())
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        try result.get()
        // In a drain what was there is gone, and what was on its way may not have been sent.
        try await tell()
    }

    /// Sends the status and each further one, until the registry has nothing more to tell.
    private func follow() async throws(RPCStatus) {
        let registry = health.registry
        let watch = try asStatus { () throws(BackendError) in
            try registry.watch(instance: registry.instance, since: registry.sequence)
        }
        try await tell()
        // What the items say does not matter: something has changed.
        while try await !asStatus({ () async throws(BackendError) in try await watch.next() }).isEmpty {
            try await tell()
        }
    }

    /// Sends the status when it is another than was sent last.
    private func tell() async throws(RPCStatus) {
        let status = health.status(of: service)
        guard status != last.withLock({ $0 }) else { return }
        try await responses.send(HealthCheckResponse(status: status))
        last.withLock { $0 = status }
    }
}
