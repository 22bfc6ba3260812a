// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import DaemonTestSupport
import SocketRPC

/// Every service of the daemon over one connection.
struct ServiceClient: Sendable {
    let rpc: RPCClient

    var types: BackendTypeServiceClient { BackendTypeServiceClient(rpc) }
    var config: BackendConfigServiceClient { BackendConfigServiceClient(rpc) }
    var lifecycle: LifecycleServiceClient { LifecycleServiceClient(rpc) }
    var contexts: RuntimeContextServiceClient { RuntimeContextServiceClient(rpc) }
    var observe: ObserveServiceClient { ObserveServiceClient(rpc) }
    var models: ModelServiceClient { ModelServiceClient(rpc) }
}

extension ServiceClient {
    @discardableResult
    func create(
        _ name: String, _ type: String = "SCRIPTED", config: GoogleStruct? = nil, priority: Int32? = nil
    ) async throws(RPCStatus) -> Backend {
        let request = CreateBackendRequest(
            name: name, type: type, config: config, order: priority.map { .priority($0) })
        return try await self.config.createBackend(request).backend ?? Backend()
    }

    func get(_ name: String) async throws(RPCStatus) -> Backend {
        try await config.getBackend(GetBackendRequest(name: name)).backend ?? Backend()
    }

    @discardableResult
    func register(
        _ name: String, owner: String, _ patch: GoogleStruct, generation: UInt64 = 0, apply: ConfigApply = .unspecified
    ) async throws(RPCStatus) -> RegisterConfigResponse {
        try await config.registerConfig(
            RegisterConfigRequest(
                name: name, owner: owner, config: patch, expectedGeneration: generation, apply: apply))
    }

    @discardableResult
    func start(
        _ name: String, token: UInt64 = 0, wait: Duration? = nil, force: Bool = false
    ) async throws(RPCStatus) -> StartBackendResponse {
        try await lifecycle.startBackend(
            StartBackendRequest(name: name, force: force, lockToken: token, lockWait: wait.map { GoogleDuration($0) }))
    }

    @discardableResult
    func stop(
        _ name: String, token: UInt64 = 0, wait: Duration? = nil
    ) async throws(RPCStatus) -> StopBackendResponse {
        try await lifecycle.stopBackend(
            StopBackendRequest(name: name, lockToken: token, lockWait: wait.map { GoogleDuration($0) }))
    }

    func delete(_ name: String, force: Bool = false) async throws(RPCStatus) {
        _ = try await config.deleteBackend(DeleteBackendRequest(name: name, force: force))
    }

    /// Holds the start lock while the body runs, and lets it go by the half close.
    func holdingLock<R: Sendable>(
        of name: String, wait: Duration? = nil, _ body: (HeldLock) async throws -> R
    ) async throws -> R {
        try await lifecycle.holdingLock(of: name, wait: wait, body)
    }
}
