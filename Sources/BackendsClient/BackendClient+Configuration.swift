// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC

extension BackendClient {
    /// Returns all backends as the daemon's configuration file has them: a map with the list `backends`, in priority order.
    ///
    /// The configuration of each backend is that of its base and its owners together. Defaults of its type, and patches that wait for
    /// its next start, are not part of it.
    ///
    /// - Parameters:
    ///   - includingSecrets: Whether secrets come as they are, and not as `***`.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: The document, which a daemon takes as its configuration file if no secret in it is masked.
    /// - Throws: Why the daemon did not answer.
    public func exportConfiguration(
        includingSecrets: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ConfigurationValue {
        let request = ExportConfigurationRequest(includeSecrets: includingSecrets)
        let answer = try await calling { () async throws(RPCStatus) in
            try await configuration.exportConfiguration(request, options: options(timeout))
        }
        return [
            "backends": .list(
                answer.backends.map { backend in
                    let apply = ReloadPlan.Apply(backend.apply) ?? .nextStart
                    return [
                        "name": .string(backend.name), "type": .string(backend.type),
                        "priority": .number(Double(backend.priority)), "config": ConfigurationValue(backend.config),
                        "start": .string(StartPolicy(backend.start).description.lowercased()),
                        "after": .list(backend.after.map { .string($0) }),
                        "apply": .string(apply.description.lowercased()),
                    ]
                })
        ]
    }

    /// Lets the daemon read its configuration file again and apply what has changed.
    ///
    /// Returns once everything is decided; stops, starts and restarts go on.
    ///
    /// - Parameters:
    ///   - isDryRun: Whether nothing changes, and the plan only says what would.
    ///   - timeout: How long the call may take; nil: the client's ``timeout``.
    /// - Returns: What the reload changes.
    /// - Throws: ``FailureReason/configFileInvalid`` with all errors of the file, which then changes nothing; or why the daemon did not answer.
    public func reloadConfiguration(
        isDryRun: Bool = false, timeout: Duration? = nil
    ) async throws(BackendClientError) -> ReloadPlan {
        let request = ReloadConfigurationRequest(dryRun: isDryRun)
        return ReloadPlan(
            try await calling { () async throws(RPCStatus) in
                try await configuration.reloadConfiguration(request, options: options(timeout))
            })
    }
}
