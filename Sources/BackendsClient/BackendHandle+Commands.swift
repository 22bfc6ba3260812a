// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendHandle {
    /// Merges a patch into one owner's layer of the configuration.
    ///
    /// Call it any number of times before the backend is started. Maps merge, other values replace, and
    /// ``ConfigurationValue/null`` deletes what lower layers set. The same patch again changes nothing.
    ///
    /// - Parameters:
    ///   - patch: What to change, a map.
    ///   - owner: The name of the owner whose layer to change; not empty.
    ///   - apply: When the patch takes effect.
    ///   - expectedGeneration: The generation that the patch was made for; nil: any.
    ///   - origins: Whether to fill ``BackendDescription/origins`` of the result.
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to ignore the start lock of another caller.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend with its new configuration.
    /// - Throws: ``FailureReason/configConflict`` if another owner gives a path another value,
    ///   ``FailureReason/backendStarted`` if the backend is starting, started or stopping and `apply` is
    ///   ``ConfigurationApply/now``, ``FailureReason/generationMoved`` if the configuration has changed since
    ///   `expectedGeneration`, and ``FailureReason/startLockHeld`` while another caller holds the start lock. Then the
    ///   configuration is unchanged.
    @discardableResult
    public func registerConfig(
        _ patch: ConfigurationValue, owner: String, apply: ConfigurationApply = .now, expectedGeneration: Int? = nil,
        origins: Bool = false, lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendUpdate {
        let request = RegisterConfigRequest(
            name: name, owner: owner, config: try patch.configuration(),
            expectedGeneration: expectedGeneration.map { UInt64(clamping: $0) } ?? 0,
            apply: apply == .now ? .now : .nextStart, lockToken: lockToken?.rawValue ?? 0,
            lockWait: lockWait.wire, includeOrigins: origins, force: force)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.configs.registerConfig(request, options: client.options(timeout))
        }
        return BackendUpdate(
            backend: try BackendDescription(answered: answer.backend, origins: answer.origins),
            isChanged: answer.changed, isStaged: answer.staged)
    }

    /// Starts the backend and waits until it runs.
    ///
    /// A backend that runs stays as it is, and a start under way is joined. The hold of an earlier stop ends. A timeout,
    /// or cancelling the task, ends the wait and not the start.
    ///
    /// - Parameters:
    ///   - fresh: Whether to restart at once the processes of a running backend that wait for their restart, with their
    ///     counters of restarts at 0.
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to ignore the start lock of another caller, and to break it.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The started backend, and whether it was started by this call.
    /// - Throws: ``FailureReason/startLockHeld`` while another caller holds the start lock;
    ///   ``FailureReason/startCancelled`` if a stop cancelled the start; why the start failed.
    @discardableResult
    public func start(
        fresh: Bool = false, lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendUpdate {
        let request = StartBackendRequest(
            name: name, force: force, lockToken: lockToken?.rawValue ?? 0, lockWait: lockWait.wire, fresh: fresh)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.startBackend(request, options: client.options(timeout))
        }
        return BackendUpdate(
            backend: try BackendDescription(answered: answer.backend), isChanged: !answer.alreadyStarted)
    }

    /// Stops the backend and waits until it has stopped.
    ///
    /// A backend that is stopped stays so, and a stop under way is joined. Callers that wait for a start of the backend
    /// get ``FailureReason/startCancelled``. The stop holds: until a caller starts the backend, requests for its models
    /// get ``FailureReason/backendHeld``, and the daemon does not start it at boot. A timeout, or cancelling the task, ends the wait and not the stop.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to ignore the start lock of another caller, and to break it.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The stopped backend, and whether it was stopped by this call.
    /// - Throws: ``FailureReason/startLockHeld`` while another caller holds the start lock; why the stop failed.
    @discardableResult
    public func stop(
        lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendUpdate {
        let request = StopBackendRequest(
            name: name, force: force, lockToken: lockToken?.rawValue ?? 0,
            lockWait: lockWait.wire)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.stopBackend(request, options: client.options(timeout))
        }
        return BackendUpdate(
            backend: try BackendDescription(answered: answer.backend), isChanged: !answer.alreadyStopped)
    }

    /// Deletes the backend and the log files of its processes.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to stop the backend first, and to ignore the start lock of another caller.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Throws: ``FailureReason/backendStarted`` if the backend is starting, started or stopping,
    ///   ``FailureReason/startLockHeld`` while another caller holds the start lock.
    public func delete(
        lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) {
        let request = DeleteBackendRequest(
            name: name, force: force, lockToken: lockToken?.rawValue ?? 0,
            lockWait: lockWait.wire)
        _ = try await calling { () async throws(RPCStatus) in
            try await client.configs.deleteBackend(request, options: client.options(timeout))
        }
    }
}
