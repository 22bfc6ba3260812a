// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO
package import TextKeys

/// The configuration of a backend of remote servers.
package struct RemoteSettings: Sendable {
    /// The connection for models without an entry, and the defaults of routes.
    package let base: RemoteConnection
    package let models: TextMap<RemoteConnection>
    /// Whether a model counts as ready only after a test connection.
    package let testsConnections: Bool
    package let connectTimeout: Duration
    package let routeHeader: String
    package let fillsWithDefaults: Bool
    package let routeScope: RouteScope
    package let routeRefusal: RouteRefusal
    package let allowedRoutes: RouteAllowList
    package let sendsClientCertificate: Bool
    package let rules: ModelRules
    package let capacity: ModelCapacity
    /// The models without an entry that ``base`` serves.
    private let others: ModelSettings
    /// The servers of the models with an entry.
    private let servers: Set<HostPort>

    /// Reads a configuration that the schema has checked and completed.
    ///
    /// - Throws: `CONFIG_INVALID` with what ``problems(in:)`` finds.
    package init(configuration: ConfigValue) throws(BackendError) {
        let problems = Self.problems(in: configuration)
        guard problems.isEmpty else { throw .configInvalid(problems) }
        base = RemoteConnection(configuration["connection"] ?? [:])
        let models = (configuration["remote_models"]?.mapValue ?? [:]).mapValues { RemoteConnection($0) }
        self.models = models
        testsConnections = configuration["test_connections"]?.boolValue ?? false
        connectTimeout = configuration["connect_timeout"]?.secondsOrDuration ?? .seconds(5)
        routeHeader = configuration["route_header"]?.stringValue ?? "x-route-info"
        fillsWithDefaults = configuration["fill_with_defaults"]?.boolValue ?? true
        routeScope = configuration["route_scope"]?.stringValue.flatMap { RouteScope(rawValue: $0) } ?? .modelFirstWins
        routeRefusal = configuration["route_refused"]?.stringValue.flatMap { RouteRefusal(rawValue: $0) } ?? .fail
        var allowed = RouteAllowList()
        for entry in configuration["route_allow"]?.listValue ?? [] { try? allowed.add(entry.stringValue ?? "") }
        allowedRoutes = allowed
        sendsClientCertificate = configuration["route_send_client_cert"]?.boolValue ?? false
        let settings = ModelSettings(configuration, serving: ["*"])
        others = settings
        rules = settings.rules(for: "")
        capacity = settings.capacity
        servers = Set(models.compactMap { id, connection in try? connection.server?.server(of: id) })
    }

    /// Why the configuration names no server for the model; nil when it does.
    package func refusal(of model: String) -> ServedModels.Refusal? {
        let connection = models[model] ?? (others.serves(model) ? base : nil)
        guard let server = connection?.server else { return .notServed }
        do throws(Problem) {
            _ = try server.server(of: model)
            return nil
        } catch {
            return .idUnfit(error.description)
        }
    }

    /// Whether a header may name the server of the model.
    func takesRoute(of model: String) -> Bool {
        !allowedRoutes.isEmpty && (models[model] != nil || others.serves(model))
    }

    /// The models with an entry, then the patterns of the others with a server.
    var served: [String] {
        models.sortedKeys.filter { refusal(of: $0) == nil } + (base.server == nil ? [] : others.names)
    }

    /// What IDs must match, also of models whose server only a header can name.
    var patterns: [String] { models.sortedKeys + others.names }

    /// The requests whose header names their server; nil when routing is off.
    var routed: ServedModels.Routed? {
        allowedRoutes.isEmpty ? nil : ServedModels.Routed(header: routeHeader) { takesRoute(of: $0) }
    }

    /// Whether the configuration itself names this server, for the model or in an entry.
    func isConfigured(_ server: HostPort, for model: String) -> Bool {
        servers.contains(server) || (try? base.server?.server(of: model)) == server
    }

    /// Files and directories that cannot be used now, or that another user can change.
    static func warnings(in configuration: ConfigValue) -> [ConfigViolation] {
        func warnings(_ connection: ConfigValue?, _ path: ConfigPath) -> [ConfigViolation] {
            connection.map { RemoteConnection.warnings(in: $0, at: path) } ?? []
        }
        let models = (configuration["remote_models"]?.mapValue ?? [:]).sorted()
        let patterns = models.filter { ModelGlob.isPattern($0.key) }.map { id, _ in
            ConfigViolation(
                path: ["remote_models", .key(id)],
                message: "is the ID of one model, not a pattern; use connection and models for several")
        }
        return warnings(configuration["connection"], ["connection"]) + patterns
            + models.flatMap { id, connection in warnings(connection, ["remote_models", .key(id)]) }
    }

    /// Checks that every file exists; the error names the key.
    func checkFiles(of backend: String) throws(BackendError) {
        try Self.check(base, "connection", backend)
        for (id, connection) in models.sorted() {
            try Self.check(connection, "\(ConfigPath([.key("remote_models"), .key(id)]))", backend)
        }
    }

    private static func check(_ connection: RemoteConnection, _ path: String, _ backend: String) throws(BackendError) {
        for (key, file) in connection.files {
            do throws(SystemError) {
                _ = try File.openRegular(file)
            } catch {
                throw .fileUnusable("\(path).\(key)", file, backend, error.description)
            }
        }
        guard let directory = connection.promptDirectory else { return }
        do throws(SystemError) {
            _ = try Directory(path: directory)
        } catch {
            throw .fileUnusable("\(path).prompt_dir", directory, backend, error.description)
        }
    }
}

extension ConfigValue {
    /// A duration such as `30s`, or a number of seconds; nil when the value is neither, or negative.
    var secondsOrDuration: Duration? {
        if let duration = durationValue { return duration.duration }
        guard let seconds = numberValue, (0...315_360_000).contains(seconds) else { return nil }
        return .nanoseconds(Int64(seconds * 1e9))
    }
}
