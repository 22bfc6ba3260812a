// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import SocketRPC
internal import SocketRPCServer
internal import SystemIO
internal import TextKeys

/// Answers `grpc.health.v1.Health`: the daemon under the empty name, each backend under its own.
///
/// The registry is asked each time, so an answer is never older than the command before it.
struct HealthHandler: Health {
    let registry: BackendRegistry
    let drainBegan: Announcement<Void>

    func check(_ request: HealthCheckRequest, context: CallContext) async throws(RPCStatus) -> HealthCheckResponse {
        let status = status(of: request.service)
        guard status != .serviceUnknown else {
            throw RPCStatus(
                .notFound, reason: "BACKEND_NOT_FOUND",
                "no backend is called \(request.service.cut(toBytes: 256)); the daemon itself has the empty name")
        }
        return HealthCheckResponse(status: status)
    }

    func list(_ request: HealthListRequest, context: CallContext) async throws(RPCStatus) -> HealthListResponse {
        var statuses: TextMap = ["": HealthCheckResponse(status: status(of: ""))]
        for (name, isServing) in registry.serving() {
            statuses[name] = HealthCheckResponse(status: status(isServing))
        }
        return HealthListResponse(statuses: statuses)
    }

    func watch(
        _ request: HealthCheckRequest, responses: ResponseStream<HealthCheckResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try await HealthWatch(health: self, service: request.service, responses: responses).run()
    }

    /// The status as a watch reports it.
    func status(of service: String) -> HealthCheckResponse.ServingStatus {
        guard !service.isEmpty else { return status(true) }
        guard let isServing = registry.isServing(service) else { return .serviceUnknown }
        return status(isServing)
    }

    private func status(_ isServing: Bool) -> HealthCheckResponse.ServingStatus {
        isServing && drainBegan.current == nil ? .serving : .notServing
    }
}
