// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import Logging
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport

/// A daemon that says what a test tells it to say.
struct ScriptedLifecycle: LifecycleService {
    var hold:
        @Sendable (
            RequestStream<HoldStartLockRequest>, ResponseStream<HoldStartLockResponse>
        ) async throws(RPCStatus) -> Void

    func startBackend(
        _ request: StartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StartBackendResponse {
        StartBackendResponse()
    }

    func stopBackend(
        _ request: StopBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> StopBackendResponse {
        throw RPCStatus(.internal, "not part of this test")
    }

    func restartBackend(
        _ request: RestartBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> RestartBackendResponse {
        throw RPCStatus(.internal, "not part of this test")
    }

    func enableBackend(
        _ request: EnableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> EnableBackendResponse {
        throw RPCStatus(.internal, "not part of this test")
    }

    func disableBackend(
        _ request: DisableBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DisableBackendResponse {
        throw RPCStatus(.internal, "not part of this test")
    }

    func holdStartLock(
        _ requests: RequestStream<HoldStartLockRequest>, responses: ResponseStream<HoldStartLockResponse>,
        context: CallContext
    ) async throws(RPCStatus) {
        try await hold(requests, responses)
    }
}

/// Streams that are told what to tell.
struct ScriptedObserver: ObserveService {
    var watch: @Sendable (WatchBackendsRequest, ResponseStream<WatchBackendsResponse>) async throws(RPCStatus) -> Void =
        { (_, _) throws(RPCStatus) in }
    var logs: @Sendable (ReadLogsRequest, ResponseStream<ReadLogsResponse>) async throws(RPCStatus) -> Void = {
        (_, _) throws(RPCStatus) in throw RPCStatus(.notFound, reason: "LOGS_NOT_FOUND", "there are none")
    }

    func getServerInfo(
        _ request: GetServerInfoRequest, context: CallContext
    ) async throws(RPCStatus) -> GetServerInfoResponse {
        throw RPCStatus(.permissionDenied, reason: "PEER_NOT_ALLOWED", "user 7 may not", metadata: ["uid": "7"])
    }

    func watchBackends(
        _ request: WatchBackendsRequest, responses: ResponseStream<WatchBackendsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try await watch(request, responses)
    }

    func readLogs(
        _ request: ReadLogsRequest, responses: ResponseStream<ReadLogsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try await logs(request, responses)
    }
}

/// Runs a test with a client of scripted services.
@discardableResult
func withScript<R: Sendable>(
    _ services: [RPCService], _ body: @Sendable (BackendClient) async throws -> R
) async throws -> R {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try RPCServer(router: try Router(services), logger: logger)
    let directory = try TemporaryDirectory()
    server.listen(on: try UnixSocket.listen(path: directory.file("s")))
    try server.start()
    let result: Result<R, any Error>
    do {
        result = .success(try await withClient(directory.file("s"), body))
    } catch {
        result = .failure(error)
    }
    server.shutdownNow()
    await server.run()
    return try result.get()
}
