// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsClient
import DaemonTestSupport
import Logging
import Testing

/// Runs a test against the daemon's service with one LOCAL backend, `local`.
@discardableResult
func withDaemon<R: Sendable>(
    types: (Supervision) -> BackendTypes = { _ in .inProcess }, _ body: @Sendable (HostedDaemon) async throws -> R
) async throws -> R {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try await withHostedDaemon(instance: "run-1", log: logger, types: types) { daemon in
        _ = try daemon.registry.create(BackendDefinition(name: "local", type: "LOCAL"))
        return try await body(daemon)
    }
}

/// The same with a client.
@discardableResult
func withDaemonClient<R: Sendable>(
    types: (Supervision) -> BackendTypes = { _ in .inProcess }, _ body: @Sendable (BackendClient) async throws -> R
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
    try await withBackendClient(socket: path, timeout: .seconds(120), body)
}

/// Returns the reason that a call fails with; nil if it does not fail, or gives none.
func reason(_ body: () async throws -> Void) async throws -> String? {
    do {
        try await body()
        return nil
    } catch let error as BackendClientError {
        return error.reason?.rawValue
    }
}

/// Expects a call to fail with a reason.
func expectRefusal(
    _ expected: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws {
    let refusal = try await reason(body)
    #expect(refusal == expected, sourceLocation: sourceLocation)
}
