// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendHandle {
    /// Stops the backend if it runs, starts it, and waits until it runs.
    ///
    /// This is one command: a caller that waits for a start under way waits for the new one, and the hold of an earlier
    /// stop ends. A timeout, or cancelling the task, ends the wait and not the restart.
    ///
    /// - Parameters:
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to ignore the start lock of another caller, and to break it.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend, started.
    /// - Throws: ``FailureReason/startLockHeld`` while another caller holds the start lock;
    ///   ``FailureReason/startCancelled`` if a stop cancelled the start; why the start failed.
    @discardableResult
    public func restart(
        lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        try await restart(nil, lockWait, force, timeout)
    }

    /// Unloads a model of the running backend, loads it again, and waits until it is ready.
    ///
    /// Its uses may end by themselves for 30 seconds. A model that is not loaded is loaded.
    ///
    /// - Parameters:
    ///   - modelID: The model's ID.
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to end the uses of the model at once, and to break the start lock of another caller.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend afterwards.
    /// - Throws: ``FailureReason/backendNotStarted`` if the backend does not run, ``FailureReason/modelNotLoadable`` if
    ///   it serves the model without loading it, ``FailureReason/modelBusy`` if the model is still in use; why the load
    ///   failed.
    @discardableResult
    public func restartModel(
        _ modelID: String, lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        try await restart(.modelID(modelID), lockWait, force, timeout)
    }

    /// Restarts one process of the running backend and waits until it is ready.
    ///
    /// Its counters of restarts begin at 0. Uses of its models stay, but what the process was computing is lost.
    ///
    /// - Parameters:
    ///   - instance: The name of the process, as in ``InstanceDescription/name``.
    ///   - lockWait: How long to wait while another caller holds the start lock, at most one hour; zero: not at all.
    ///   - force: Whether to ignore the start lock of another caller, and to break it.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend afterwards.
    /// - Throws: ``FailureReason/backendNotStarted`` if the backend does not run, ``FailureReason/instanceNotFound`` if
    ///   it has no such process, ``FailureReason/instanceEnded`` if the process is not restarted any more; why the
    ///   process did not become ready.
    @discardableResult
    public func restartInstance(
        _ instance: String, lockWait: Duration = .zero, force: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        try await restart(.instance(instance), lockWait, force, timeout)
    }

    private func restart(
        _ part: RestartBackendRequest.Part?, _ lockWait: Duration, _ force: Bool, _ timeout: Duration?
    ) async throws(BackendClientError) -> BackendDescription {
        let request = RestartBackendRequest(
            name: name, part: part, force: force, lockToken: lockToken?.rawValue ?? 0, lockWait: lockWait.wire)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.restartBackend(request, options: client.options(timeout))
        }
        return try BackendDescription(answered: answer.backend)
    }

    /// Allows requests, and the daemon at its own start, to start the backend, as its ``BackendDescription/start`` says.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend, and whether this call has changed it.
    /// - Throws: Why the daemon did not do it.
    @discardableResult
    public func enable(timeout: Duration? = nil) async throws(BackendClientError) -> BackendUpdate {
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.enableBackend(
                EnableBackendRequest(name: name), options: client.options(timeout))
        }
        return BackendUpdate(
            backend: try BackendDescription(answered: answer.backend), isChanged: !answer.alreadyEnabled)
    }

    /// Keeps requests, and the daemon at its own start, from starting the backend: requests for its models get
    /// ``FailureReason/backendDisabled``. The backend is not stopped, and a caller can still start it.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The backend, and whether this call has changed it.
    /// - Throws: Why the daemon did not do it.
    @discardableResult
    public func disable(timeout: Duration? = nil) async throws(BackendClientError) -> BackendUpdate {
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.lifecycle.disableBackend(
                DisableBackendRequest(name: name), options: client.options(timeout))
        }
        return BackendUpdate(
            backend: try BackendDescription(answered: answer.backend), isChanged: !answer.alreadyDisabled)
    }
}
