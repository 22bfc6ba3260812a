// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import BackendsTestSupport
import DaemonTestSupport
import SocketRPCServer
import TestSupport

/// The service in this process, on a socket of its own, with a type that tests script.
struct ServerFixture: Sendable {
    static let instance = "run-of-the-test"
    /// How long a call waits for a start lock that ``lockWaiters(_:)`` counts: longer than a test takes.
    static let lockWait = Duration.seconds(600)

    let server: BackendServer
    let registry: BackendRegistry
    let scripted: ScriptedBackends
    let log: LogCapture
    let directory: TemporaryDirectory
    let client: ServiceClient
    let clock: WatchedClock

    var path: String { directory.file("s") }

    /// Returns once `count` calls, past ones included, have been put into the queue of a start lock to wait there for ``lockWait``.
    func lockWaiters(_ count: Int) async {
        // A call's time begins once it is in the queue.
        await clock.waits.wait { waits in waits.count { $0 == Self.lockWait } >= count }
    }

    /// Returns once each unary call that `client` sent before has been taken in.
    ///
    /// A connection begins its calls in order, on one loop, where each handler runs at once until it waits.
    func takenIn() async throws {
        _ = try await client.observe.getServerInfo(GetServerInfoRequest())
    }

    /// Runs a part of the test with a connection of its own.
    func withClient<R: Sendable>(_ body: (ServiceClient) async throws -> R) async throws -> R {
        try await withRPCClient(path) { try await body(ServiceClient(rpc: $0)) }
    }
}

/// Runs a test against a service, which is shut down and waited for afterwards.
func withService(
    limits: BackendLimits = BackendLimits(), configuration: ServerConfiguration = ServerConfiguration(),
    policy: AccessPolicy = AccessPolicy(), quiet: Duration = .seconds(1),
    reload: (@Sendable (BackendRegistry, Bool) throws(BackendError) -> ReloadPlan)? = nil,
    types: (Supervision) -> BackendTypes = { _ in .inProcess },
    _ body: (ServerFixture) async throws -> Void
) async throws {
    let (scripted, log, clock) = (ScriptedBackends(), LogCapture(), WatchedClock())
    try await withHostedDaemon(
        instance: ServerFixture.instance, clock: clock, limits: limits, configuration: configuration, policy: policy,
        quiet: quiet, reload: reload, log: log.logger
    ) { supervision in
        var types = types(supervision)
        try types.register(scripted.type(named: "SCRIPTED", contexts: .handled))
        return types
    } _: { daemon in
        try await withRPCClient(daemon.path) { client in
            try await body(
                ServerFixture(
                    server: daemon.server, registry: daemon.registry, scripted: scripted, log: log,
                    directory: daemon.directory, client: ServiceClient(rpc: client), clock: clock))
        }
    }
}
