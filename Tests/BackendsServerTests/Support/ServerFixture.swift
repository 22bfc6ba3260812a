// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import Logging
import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport

/// The service in this process, on a socket of its own, with a type that tests script.
struct ServerFixture: Sendable {
    static let instance = "run-of-the-test"

    let server: BackendServer
    let registry: BackendRegistry
    let scripted: ScriptedBackends
    let log: LogCapture
    let directory: TemporaryDirectory
    let client: ServiceClient

    var path: String { directory.file("s") }

    /// Returns once the server has done what it can about every call that `client` sent before.
    ///
    /// Calls of one connection are taken up in order, and each answer comes a turn of the loop later: a call that still waits
    /// after so many turns waits for another caller.
    func settle() async throws {
        for _ in 0..<8 { _ = try await client.observe.getServerInfo(GetServerInfoRequest()) }
    }

    /// Runs a part of the test with a connection of its own.
    func withClient<R: Sendable>(_ body: (ServiceClient) async throws -> R) async throws -> R {
        let client = try ServiceClient(path: path)
        do {
            let result = try await body(client)
            await client.rpc.close()
            return result
        } catch {
            await client.rpc.close()
            throw error
        }
    }
}

/// Runs a test against a service, which is shut down and waited for afterwards.
func withService(
    limits: BackendLimits = BackendLimits(), configuration: ServerConfiguration = ServerConfiguration(),
    policy: AccessPolicy = AccessPolicy(), quiet: Duration = .seconds(1),
    types: (BackendHost) -> BackendTypes = { _ in .inProcess },
    _ body: (ServerFixture) async throws -> Void
) async throws {
    let (scripted, log, directory) = (ScriptedBackends(), LogCapture(), try TemporaryDirectory())
    let host = BackendHost(
        clock: SystemBackendClock(), socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: log.logger, quiet: quiet)
    var types = types(host)
    try types.register(scripted.type)
    let registry = BackendRegistry(
        types: types, instance: ServerFixture.instance, clock: SystemBackendClock(), limits: limits, log: log.logger)
    let path = directory.file("s")
    let server = try BackendServer(
        registry: registry, configuration: configuration, policy: policy, version: "1.2.3", socketPath: path,
        logger: log.logger)
    server.listen(on: try UnixSocket.listen(path: path))
    try server.start()
    let client = try ServiceClient(path: path)
    let fixture = ServerFixture(
        server: server, registry: registry, scripted: scripted, log: log, directory: directory, client: client)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(fixture))
    } catch {
        result = .failure(error)
    }
    await client.rpc.close()
    await server.shutDown(grace: .zero)
    server.shutDownNow()
    await server.run()
    host.close()
    try result.get()
}
