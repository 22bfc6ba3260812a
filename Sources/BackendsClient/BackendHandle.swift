// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

/// One backend of the daemon, by name.
///
/// A handle holds no state: the backend may be created and deleted meanwhile, and each call returns its current state.
public struct BackendHandle: Sendable {
    let client: BackendClient
    /// The backend's name.
    public let name: String
    /// The token that this handle sends with its commands; nil: none, so a start lock that another caller holds stops them.
    public let lockToken: StartLockToken?

    /// Returns a handle of the same backend whose commands carry the token of its start lock.
    ///
    /// Use it in a process that was given the token by the one that holds the lock.
    ///
    /// - Parameter token: The token.
    /// - Returns: The handle.
    public func holding(lockToken token: StartLockToken) -> BackendHandle {
        BackendHandle(client: client, name: name, lockToken: token)
    }

    /// Returns the backend as it is now.
    ///
    /// - Parameters:
    ///   - origins: Whether to fill ``BackendDescription/origins``.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Its state and its configuration.
    /// - Throws: ``FailureReason/backendNotFound`` if it does not exist.
    public func describe(
        origins: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        let request = GetBackendRequest(name: name, includeOrigins: origins)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.configs.getBackend(request, options: client.options(timeout))
        }
        return try BackendDescription(answered: answer.backend, origins: answer.origins)
    }

    /// Asks the daemon whether the backend runs.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Whether its state is ``BackendState/started``.
    /// - Throws: ``FailureReason/backendNotFound`` if it does not exist.
    public func isStarted(timeout: Duration? = nil) async throws(BackendClientError) -> Bool {
        try await describe(timeout: timeout).isStarted
    }

    /// Asks the daemon for the effective configuration.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: A map; secrets read `***`.
    /// - Throws: ``FailureReason/backendNotFound`` if it does not exist.
    public func config(timeout: Duration? = nil) async throws(BackendClientError) -> ConfigurationValue {
        try await describe(timeout: timeout).config
    }
}
