// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO
package import TextKeys

/// What a backend of remote servers knows from its configuration.
package struct RemoteSettings: Sendable {
    /// For models without an entry of their own, and what routes are completed with.
    package let base: RemoteConnection
    package let models: TextMap<RemoteConnection>
    /// Whether a connection is made before a model counts as ready.
    package let testsConnections: Bool
    package let connectTimeout: Duration
    package let routeHeader: String
    package let fillsWithDefaults: Bool
    package let scope: RouteScope
    package let refusal: RouteRefusal
    package let routes: RouteAllowList
    package let sendsClientCertificate: Bool
    package let rules: ModelRules
    package let capacity: ModelCapacity
    /// Which models without an entry `connection` serves.
    private let others: ModelSettings
    /// The servers of the models with an entry.
    private let servers: Set<HostPort>

    /// Reads a configuration that the schema has checked and completed.
    ///
    /// - Throws: What ``problems(in:)`` finds, as one error.
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
        scope = configuration["route_scope"]?.stringValue.flatMap { RouteScope(rawValue: $0) } ?? .modelFirstWins
        refusal = configuration["route_refused"]?.stringValue.flatMap { RouteRefusal(rawValue: $0) } ?? .fail
        var routes = RouteAllowList()
        for entry in configuration["route_allow"]?.listValue ?? [] { try? routes.add(entry.stringValue ?? "") }
        self.routes = routes
        sendsClientCertificate = configuration["route_send_client_cert"]?.boolValue ?? false
        let settings = ModelSettings(configuration, serving: ["*"])
        others = settings
        rules = settings.rules(for: "")
        capacity = settings.capacity
        servers = Set(models.compactMap { id, connection in try? connection.server?.server(of: id) })
    }

    /// Why the configuration names no server for the model; nil where it does.
    package func refusal(of model: String) -> ServedModels.Refusal? {
        let connection = models[model] ?? (others.serves(model) ? base : nil)
        guard let server = connection?.server else { return .notServed }
        do throws(RemoteProblem) {
            _ = try server.server(of: model)
            return nil
        } catch {
            return .idUnfit(error.description)
        }
    }

    /// Whether a header may say where the model is.
    func takesRoute(of model: String) -> Bool {
        !routes.isEmpty && (models[model] != nil || others.serves(model))
    }

    /// The models with an entry, then the patterns of the others that it has a server for.
    var served: [String] {
        models.sortedKeys.filter { refusal(of: $0) == nil } + (base.server == nil ? [] : others.names)
    }

    /// The requests whose header says where they go; nil where routing is off.
    var routed: ServedModels.Routed? {
        routes.isEmpty ? nil : ServedModels.Routed(header: routeHeader) { takesRoute(of: $0) }
    }

    /// Whether the configuration itself sends requests for the model, or for one with an entry, to this server.
    func isConfigured(_ server: HostPort, for model: String) -> Bool {
        servers.contains(server) || (try? base.server?.server(of: model)) == server
    }

    /// Files and directories that could not be used now, or that another user could change.
    static func warnings(in configuration: ConfigValue) -> [ConfigViolation] {
        func warnings(_ connection: ConfigValue?, _ path: ConfigPath) -> [ConfigViolation] {
            connection.map { RemoteConnection.warnings(in: $0, at: path) } ?? []
        }
        let models = (configuration["remote_models"]?.mapValue ?? [:]).sorted()
        return warnings(configuration["connection"], ["connection"])
            + models.flatMap { id, connection in warnings(connection, ["remote_models", .key(id)]) }
    }

    /// Every file must be there; the error names the key.
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
