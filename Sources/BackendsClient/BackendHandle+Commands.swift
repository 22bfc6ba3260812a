// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendHandle {
    /// Merges a patch into one owner's layer of the configuration, before the backend is started. To be called many times.
    ///
    /// Maps merge, other values replace, ``ConfigurationValue/null`` deletes what lower layers set. The same patch again changes
    /// nothing.
    ///
    /// - Parameters:
    ///   - patch: What to change, a map.
    ///   - owner: Whose layer it goes to.
    ///   - apply: When it takes effect.
    ///   - expectedGeneration: The generation that the patch was made for; nil: any.
    ///   - origins: Whether to tell which layer decided each path.
    ///   - lockWait: How long to wait for somebody else's start lock; nil: not at all.
    ///   - force: Goes past the holder of the start lock.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The configuration after it.
    /// - Throws: `CONFIG_CONFLICT` where another owner gives a path another value, `BACKEND_STARTED` where the backend is not at
    ///   rest, and `GENERATION_MOVED` where somebody changed the configuration meanwhile. Nothing has changed then.
    @discardableResult
    public func registerConfig(
        _ patch: ConfigurationValue, owner: String, apply: ConfigurationApply = .now, expectedGeneration: UInt64? = nil,
        origins: Bool = false, lockWait: Duration? = nil, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ConfigurationChange {
        let request = RegisterConfigRequest(
            name: name, owner: owner, config: try patch.configuration(), expectedGeneration: expectedGeneration ?? 0,
            apply: apply == .now ? .now : .nextStart, lockToken: lockToken ?? 0,
            lockWait: lockWait.map { GoogleDuration($0) }, includeOrigins: origins, force: force)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.configs.registerConfig(request, options: client.options(timeout))
        }
        return ConfigurationChange(
            backend: try BackendDescription(answered: answer.backend, origins: answer.origins),
            changed: answer.changed, staged: answer.staged)
    }

    /// Starts the backend and waits until it runs. One that runs stays as it is; a start under way is joined.
    ///
    /// A timeout, or cancelling the task, ends the wait and not the start.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait for somebody else's start lock; nil: not at all.
    ///   - force: Goes past the holder of the start lock, and breaks the lock.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The started backend.
    /// - Throws: `START_LOCK_HELD` while another process holds the start lock; what made the start fail.
    @discardableResult
    public func start(
        lockWait: Duration? = nil, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> StartResult {
        let request = StartBackendRequest(
            name: name, force: force, lockToken: lockToken ?? 0, lockWait: lockWait.map { GoogleDuration($0) })
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.startBackend(request, options: client.options(timeout))
        }
        return StartResult(
            backend: try BackendDescription(answered: answer.backend), wasStarted: answer.alreadyStarted)
    }

    /// Stops the backend and waits until it has stopped. One that is stopped stays so; a stop under way is joined.
    ///
    /// Those who wait for a start of it get `START_CANCELLED`.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait for somebody else's start lock; nil: not at all.
    ///   - force: Goes past the holder of the start lock, and breaks the lock.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The stopped backend.
    /// - Throws: `START_LOCK_HELD` while another process holds the start lock; what made the stop fail.
    @discardableResult
    public func stop(
        lockWait: Duration? = nil, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> StopResult {
        let request = StopBackendRequest(
            name: name, force: force, lockToken: lockToken ?? 0, lockWait: lockWait.map { GoogleDuration($0) })
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.stopBackend(request, options: client.options(timeout))
        }
        return StopResult(
            backend: try BackendDescription(answered: answer.backend), wasStopped: answer.alreadyStopped)
    }

    /// Deletes the backend.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait for somebody else's start lock; nil: not at all.
    ///   - force: Stops the backend first, and goes past the holder of the start lock.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Throws: `BACKEND_STARTED` where it is not at rest, `START_LOCK_HELD` while another process holds the start lock.
    public func delete(
        lockWait: Duration? = nil, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) {
        let request = DeleteBackendRequest(
            name: name, force: force, lockToken: lockToken ?? 0, lockWait: lockWait.map { GoogleDuration($0) })
        _ = try await calling { () async throws(RPCStatus) in
            try await client.configs.deleteBackend(request, options: client.options(timeout))
        }
    }
}
