// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsClient
import BackendsServer
import Logging
import SystemIO
import TestSupport
import Testing

/// The service of the daemon, in this process, on a socket of its own.
struct TestDaemon: Sendable {
    let server: BackendServer
    let directory: TemporaryDirectory

    var path: String { directory.file("s") }
}

/// Runs a test against the daemon's service with one LOCAL backend, `local`.
@discardableResult
func withDaemon<R: Sendable>(
    types: (BackendHost) -> BackendTypes = { _ in .inProcess }, _ body: @Sendable (TestDaemon) async throws -> R
) async throws -> R {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let directory = try TemporaryDirectory()
    let host = BackendHost(
        clock: SystemBackendClock(), socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: logger)
    let registry = BackendRegistry(types: types(host), instance: "run-1", clock: SystemBackendClock(), log: logger)
    _ = try registry.create(BackendDefinition(name: "local", type: "LOCAL"))
    let path = directory.file("s")
    let server = try BackendServer(registry: registry, version: "1.2.3", socketPath: path, logger: logger)
    try server.start()
    server.listen(on: try UnixSocket.listen(path: path))
    let result: Result<R, any Error>
    do {
        result = .success(try await body(TestDaemon(server: server, directory: directory)))
    } catch {
        result = .failure(error)
    }
    await server.shutDown(grace: .zero)
    await server.run()
    host.close()
    return try result.get()
}

/// The same with a client.
@discardableResult
func withDaemonClient<R: Sendable>(
    types: (BackendHost) -> BackendTypes = { _ in .inProcess }, _ body: @Sendable (BackendClient) async throws -> R
) async throws -> R {
    try await withDaemon(types: types) { daemon in
        try await withClient(daemon.path, body)
    }
}

/// Runs a test with a client, closed afterwards.
@discardableResult
func withClient<R: Sendable>(
    _ path: String, _ body: @Sendable (BackendClient) async throws -> R
) async throws -> R {
    let client = try BackendClient(socket: path, timeout: .seconds(120))
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}

/// The reason that a call fails with; nil when it does not fail, or gives none.
func reason(_ body: () async throws -> Void) async throws -> String? {
    do {
        try await body()
        return nil
    } catch let error as BackendClientError {
        return error.reason
    }
}

/// Expects a call to fail with a reason.
func expectRefusal(
    _ expected: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws {
    let refusal = try await reason(body)
    #expect(refusal == expected, sourceLocation: sourceLocation)
}
