// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// The types of backend that the daemon can create, sorted by name.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Every type.
    /// - Throws: What kept the daemon from answering.
    public func types(timeout: Duration? = nil) async throws(BackendClientError) -> [BackendTypeDescription] {
        let answer = try await calling { () async throws(RPCStatus) in
            try await types.listBackendTypes(ListBackendTypesRequest(), options: options(timeout))
        }
        return answer.types.map { type in
            BackendTypeDescription(
                name: type.name, summary: type.summary, configSchema: ConfigurationValue(type.configSchema))
        }
    }

    /// All backends in priority order, fetched page by page.
    ///
    /// - Parameter timeout: How long each page may take; nil: the client's timeout.
    /// - Returns: Every backend.
    /// - Throws: What kept the daemon from answering.
    public func backends(timeout: Duration? = nil) async throws(BackendClientError) -> [BackendDescription] {
        var backends: [BackendDescription] = []
        var token = ""
        repeat {
            let request = ListBackendsRequest(pageToken: token)
            let page = try await calling { () async throws(RPCStatus) in
                try await configs.listBackends(request, options: options(timeout))
            }
            guard page.nextPageToken.isEmpty || (page.nextPageToken != token && !page.backends.isEmpty) else {
                throw BackendClientError(
                    .internal, reason: "PROTOCOL_ERROR", "the daemon's list of backends does not come to an end")
            }
            backends += page.backends.map { BackendDescription($0) }
            token = page.nextPageToken
        } while !token.isEmpty
        return backends
    }

    /// Creates a stopped backend. Its type checks the configuration.
    ///
    /// - Parameters:
    ///   - name: A name that matches `[a-z][a-z0-9-]{0,62}`.
    ///   - type: The name of its type, for example `LOCAL`.
    ///   - priority: Lower comes first; nil: after the last backend.
    ///   - config: The base of its configuration, a map.
    ///   - timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: The new backend.
    /// - Throws: `BACKEND_EXISTS` for a name that is taken, `TYPE_NOT_FOUND` for an unknown type, and `CONFIG_INVALID`, which names
    ///   the wrong keys, for a configuration that the type does not take.
    @discardableResult
    public func create(
        _ name: String, type: String, priority: Int32? = nil, config: ConfigurationValue = [:], timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        let request = CreateBackendRequest(
            name: name, type: type, config: try config.configuration(), order: priority.map { .priority($0) })
        let answer = try await calling { () async throws(RPCStatus) in
            try await configs.createBackend(request, options: options(timeout))
        }
        return try BackendDescription(answered: answer.backend)
    }

    /// What the daemon says of itself.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's timeout.
    /// - Returns: Its version, its run and its counts.
    /// - Throws: What kept the daemon from answering.
    public func serverInfo(timeout: Duration? = nil) async throws(BackendClientError) -> ServerInfo {
        let answer = try await calling { () async throws(RPCStatus) in
            try await observer.getServerInfo(GetServerInfoRequest(), options: options(timeout))
        }
        return ServerInfo(
            version: answer.version, instance: answer.serverInstance, startTime: answer.startTime.map { Timestamp($0) },
            pid: answer.pid, protocols: answer.protocols, socketPath: answer.socketPath,
            connections: answer.connections, backends: answer.backends, sequence: answer.sequence,
            input: MemoryBudget(answer.input), output: MemoryBudget(answer.output))
    }
}

extension MemoryBudget {
    fileprivate init(_ budget: BackendsAPI.MemoryBudget?) {
        self.init(bytes: budget?.bytes ?? 0, limitBytes: budget?.limitBytes ?? 0, refusals: budget?.refusals ?? 0)
    }
}
