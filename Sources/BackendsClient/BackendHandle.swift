// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

/// One backend of the daemon, by name.
///
/// A handle holds nothing: the backend may come and go, and every call tells the truth of its moment.
public struct BackendHandle: Sendable {
    let client: BackendClient
    /// The backend's name.
    public let name: String
    /// The token that this handle's calls carry; nil: they do not go past a start lock.
    public let lockToken: UInt64?

    /// The same backend, for a caller that was given the token of its start lock, perhaps by another process.
    ///
    /// - Parameter token: The token.
    /// - Returns: A handle whose calls carry the token.
    public func holding(lockToken token: UInt64) -> BackendHandle {
        BackendHandle(client: client, name: name, lockToken: token)
    }

    /// The backend as it is now.
    ///
    /// - Parameters:
    ///   - origins: Whether to tell which layer decided each path of the configuration.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Its state and its configuration.
    /// - Throws: `BACKEND_NOT_FOUND` where there is none.
    public func describe(
        origins: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        let request = GetBackendRequest(name: name, includeOrigins: origins)
        let answer = try await calling { () async throws(RPCStatus) in
            try await client.configs.getBackend(request, options: client.options(timeout))
        }
        return try BackendDescription(answered: answer.backend, origins: answer.origins)
    }

    /// Whether the backend runs.
    public var isStarted: Bool {
        get async throws(BackendClientError) { try await describe().isStarted }
    }

    /// The effective configuration; secrets read `***`.
    public var config: ConfigurationValue {
        get async throws(BackendClientError) { try await describe().config }
    }
}
