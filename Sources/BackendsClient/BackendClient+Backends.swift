// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Returns the types of backend that the daemon can create, sorted by name.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: The types, each with the schema of its configuration.
    /// - Throws: Why the daemon did not answer.
    public func backendTypes(timeout: Duration? = nil) async throws(BackendClientError) -> [BackendTypeDescription] {
        let answer = try await calling { () async throws(RPCStatus) in
            try await types.listBackendTypes(ListBackendTypesRequest(), options: options(timeout))
        }
        return answer.types.map { type in
            BackendTypeDescription(
                name: type.name, summary: type.summary, configSchema: ConfigurationValue(type.configSchema))
        }
    }

    /// Returns all backends in priority order.
    ///
    /// A long list comes in several pages; a backend that is created or deleted meanwhile may be missing or included.
    ///
    /// - Parameter timeout: How long each page may take; nil: the client's ``timeout``.
    /// - Returns: The backends as they are now.
    /// - Throws: Why the daemon did not answer.
    public func backends(timeout: Duration? = nil) async throws(BackendClientError) -> [BackendDescription] {
        try await allPages(of: "backends") { (token) async throws(RPCStatus) in
            let page = try await configs.listBackends(ListBackendsRequest(pageToken: token), options: options(timeout))
            return (page.backends.map { BackendDescription($0) }, page.nextPageToken)
        }
    }

    /// Creates a stopped backend. Its type checks the configuration.
    ///
    /// - Parameters:
    ///   - name: A name that matches `[a-z][a-z0-9-]{0,62}`.
    ///   - type: The name of its type, for example `LOCAL`.
    ///   - priority: Its place in the priority order, lower comes first; nil: after the last backend.
    ///   - config: The base of its configuration, a map.
    ///   - start: Who may start it, besides callers of ``BackendHandle/start(fresh:lockWait:force:timeout:)``.
    ///   - after: Existing backends that are started before it when the daemon starts, at most 64.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: The new backend.
    /// - Throws: ``FailureReason/backendExists`` if the name is taken, ``FailureReason/typeNotFound`` if there is no
    ///   such type, ``FailureReason/configInvalid`` if the type refuses the configuration, and
    ///   ``FailureReason/orderInvalid`` if `after` names a backend that does not exist, or makes a cycle.
    @discardableResult
    public func createBackend(
        _ name: String, type: String, priority: Int32? = nil, config: ConfigurationValue = [:],
        start: StartPolicy = .onDemand, after: [String] = [], timeout: Duration? = nil
    ) async throws(BackendClientError) -> BackendDescription {
        let request = CreateBackendRequest(
            name: name, type: type, config: try config.configuration(), order: priority.map { .priority($0) },
            start: start.wire, after: after)
        let answer = try await calling { () async throws(RPCStatus) in
            try await configs.createBackend(request, options: options(timeout))
        }
        return try BackendDescription(answered: answer.backend)
    }

    /// Returns what the daemon says about itself.
    ///
    /// - Parameter timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: Its version, its run and its counts.
    /// - Throws: Why the daemon did not answer.
    public func serverInfo(timeout: Duration? = nil) async throws(BackendClientError) -> ServerInfo {
        let answer = try await calling { () async throws(RPCStatus) in
            try await observer.getServerInfo(GetServerInfoRequest(), options: options(timeout))
        }
        return ServerInfo(
            version: answer.version, run: answer.serverInstance, startTime: answer.startTime.map { Timestamp($0) },
            pid: answer.pid, protocols: answer.protocols, socketPath: answer.socketPath,
            connections: Int(answer.connections), backends: Int(answer.backends), sequence: answer.sequence,
            input: MemoryBudget(answer.input), output: MemoryBudget(answer.output),
            lostOutputBytes: Int(clamping: answer.lostOutputBytes))
    }
}

extension MemoryBudget {
    fileprivate init(_ budget: BackendsAPI.MemoryBudget?) {
        self.init(
            bytes: Int(clamping: budget?.bytes ?? 0), limitBytes: Int(clamping: budget?.limitBytes ?? 0),
            refusals: Int(clamping: budget?.refusals ?? 0))
    }
}
