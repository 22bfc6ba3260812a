// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import BackendsServer
internal import BackendsTestSupport
internal import InstanceShims
package import Logging
package import SocketRPCServer
internal import SystemIO
package import TestSupport

/// The service of the daemon in this process, on a socket of its own.
package struct HostedDaemon: Sendable {
    package let server: BackendServer
    package let registry: BackendRegistry
    package let directory: TemporaryDirectory

    package var path: String { directory.file("s") }
}

/// Runs a test with the service of a daemon, which is shut down and awaited afterwards.
///
/// - Parameters:
///   - instance: The ID of this run of the daemon.
///   - clock: The clock of its registry.
///   - limits: The limits of its registry.
///   - configuration: The configuration of its server.
///   - policy: Who may connect.
///   - quiet: How long an instance without output is quiet.
///   - reload: Reads the configuration file of the test again.
///   - log: The logger of all of it.
///   - types: The types that it knows.
///   - body: The test.
/// - Returns: What the test returns.
/// - Throws: What the test throws, or that the daemon cannot be started.
@discardableResult
package func withHostedDaemon<R: Sendable>(
    instance: String, clock: any BackendClock = SystemBackendClock(), limits: BackendLimits = BackendLimits(),
    configuration: ServerConfiguration = ServerConfiguration(), policy: AccessPolicy = AccessPolicy(),
    quiet: Duration = .seconds(1),
    reload: (@Sendable (BackendRegistry, Bool) throws(BackendError) -> ReloadPlan)? = nil,
    log: Logger, types: (Supervision) throws -> BackendTypes,
    _ body: (HostedDaemon) async throws -> R
) async throws -> R {
    let directory = try TemporaryDirectory()
    let supervision = Supervision(
        clock: SystemBackendClock(), socketDirectory: directory.file("sockets"), logDirectory: directory.file("logs"),
        log: log, host: ShimHost(testIn: directory), quiet: quiet)
    let registry = BackendRegistry(
        types: try types(supervision), serverInstance: instance, clock: clock, limits: limits, log: log)
    let path = directory.file("s")
    var onReload: ConfigurationReload?
    if let reload {
        onReload = { (isDryRun: Bool) async throws(BackendError) -> ReloadPlan in try reload(registry, isDryRun) }
    }
    let server = try BackendServer(
        registry: registry, configuration: configuration, policy: policy, version: "1.2.3", socketPath: path,
        reload: onReload, lostOutput: { supervision.lostOutputBytes }, logger: log)
    server.listen(on: try UnixSocket.listen(path: path))
    try server.start()
    let result: Result<R, any Error>
    do {
        result = .success(try await body(HostedDaemon(server: server, registry: registry, directory: directory)))
    } catch {
        result = .failure(error)
    }
    await server.shutDown(grace: .zero)
    server.shutDownNow()
    await server.run()
    supervision.close()
    return try result.get()
}
