// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
package import SocketRPC
package import SocketRPCServer
internal import SystemIO
internal import TextKeys

/// A gRPC server of grpc.health.v1 over HTTP/2 without TLS.
package struct HealthServer: Health {
    /// What it knows.
    package var states: [String: HealthCheckResponse.ServingStatus]

    package init(_ states: [String: HealthCheckResponse.ServingStatus]) {
        self.states = states
    }

    package func check(
        _ request: HealthCheckRequest, context: CallContext
    ) async throws(RPCStatus) -> HealthCheckResponse {
        guard let status = states[request.service] else {
            throw RPCStatus(.notFound, "no service is called \(request.service)")
        }
        return HealthCheckResponse(status: status)
    }

    package func list(
        _ request: HealthListRequest, context: CallContext
    ) async throws(RPCStatus) -> HealthListResponse {
        HealthListResponse(statuses: TextMap(states.mapValues { HealthCheckResponse(status: $0) }))
    }

    package func watch(
        _ request: HealthCheckRequest, responses: ResponseStream<HealthCheckResponse>, context: CallContext
    ) async throws(RPCStatus) {
        throw RPCStatus(.unimplemented, "nothing changes here")
    }

    /// Serves at a path while the body runs.
    package func serving(at path: String, _ body: () async throws -> Void) async throws {
        try await serving(on: UnixSocket.listen(path: path), body)
    }

    /// Serves on the loopback while the body runs.
    package func serving(on listener: LoopbackListener, _ body: () async throws -> Void) async throws {
        try await serving(on: listener.nonBlocking(), body)
    }

    private func serving(on socket: consuming FileDescriptor, _ body: () async throws -> Void) async throws {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let server = try RPCServer(
            configuration: ServerConfiguration(), router: Router([rpcService]), interceptors: [],
            authorize: { (_) throws(RPCStatus) in }, logger: log)
        server.listen(on: socket)
        try server.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        server.shutdownNow()
        await server.run()
        try result.get()
    }
}
