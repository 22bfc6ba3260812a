// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC
import TestSupport

extension RunningDaemon {
    /// Runs a part of a test with a connection to the daemon.
    func withClient<R: Sendable>(_ body: (RPCClient) async throws -> R) async throws -> R {
        let client = try RPCClient(path: path)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// What the daemon tells of itself.
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
    func holdingLock<R>(of name: String, wait: Duration? = nil, _ body: (HeldLock) async throws -> R) async throws -> R
    {
        try await LifecycleServiceClient(self).holdStartLock { stream in
            try await stream.send(HoldStartLockRequest(name: name, wait: wait.map { GoogleDuration($0) }))
            guard case .acquired(let acquired) = try await stream.next()?.event else { throw NothingAcquired() }
            return try await body(HeldLock(token: acquired.token, stream: stream))
        }
    }

    struct NothingAcquired: Error {}

    struct HeldLock: Sendable {
        let token: UInt64
        let stream: ClientStream<HoldStartLockRequest, HoldStartLockResponse>

        /// Lets the lock go and waits for the daemon's word that it is free.
        func release() async throws {
            try await stream.finishSending()
            while try await stream.next() != nil {}
        }
    }
}
