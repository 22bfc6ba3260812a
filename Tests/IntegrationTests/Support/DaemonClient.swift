// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import DaemonTestSupport
import SocketRPC
import TestSupport

extension RunningDaemon {
    /// Runs a part of a test with a connection to the daemon.
    func withClient<R: Sendable>(_ body: (RPCClient) async throws -> R) async throws -> R {
        try await withRPCClient(path) { try await body($0) }
    }

    /// What the daemon tells about itself.
    func info() async throws -> GetServerInfoResponse {
        try await withClient { try await $0.info() }
    }

    /// The names of its backends, in priority order.
    func backends() async throws -> [String] {
        try await withClient { client in
            try await BackendConfigServiceClient(client).listBackends(ListBackendsRequest()).backends.map(\.name)
        }
    }
}

extension RPCClient {
    func info() async throws -> GetServerInfoResponse {
        try await ObserveServiceClient(self).getServerInfo(GetServerInfoRequest())
    }

    /// Holds the start lock of a backend while the body runs.
    func holdingLock<R: Sendable>(
        of name: String, wait: Duration? = nil, _ body: (HeldLock) async throws -> R
    ) async throws -> R {
        try await LifecycleServiceClient(self).holdingLock(of: name, wait: wait, body)
    }
}
