// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SocketRPCServer
internal import TextKeys

/// The health of a server that is well as long as it runs.
struct InteropHealth: Health {
    private static let names = ["", "grpc.testing.TestService"]

    func check(_ request: HealthCheckRequest, context: CallContext) async throws(RPCStatus) -> HealthCheckResponse {
        guard Self.names.contains(request.service) else {
            throw RPCStatus(.notFound, "no service is called \(request.service)")
        }
        return HealthCheckResponse(status: .serving)
    }

    func list(_ request: HealthListRequest, context: CallContext) async throws(RPCStatus) -> HealthListResponse {
        HealthListResponse(
            statuses: Self.names.reduce(into: [:]) { $0[$1] = HealthCheckResponse(status: .serving) })
    }

    func watch(
        _ request: HealthCheckRequest, responses: ResponseStream<HealthCheckResponse>, context: CallContext
    ) async throws(RPCStatus) {
        let isKnown = Self.names.contains(request.service)
        try await responses.send(HealthCheckResponse(status: isKnown ? .serving : .serviceUnknown))
        // Nothing changes until the server ends, which cancels the call.
        try? await Task.sleep(for: .seconds(86_400))
    }
}
