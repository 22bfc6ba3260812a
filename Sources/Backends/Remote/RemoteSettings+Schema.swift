// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

extension RemoteSettings {
    /// The keys of REMOTE.
    package static let schema = ConfigSchema(
        fields: fields(timeout: .duration())
            + [
                ModelSettings.modelsField(
                    "The models without an entry that the server of connection serves, or that a route may place: IDs, with * for any text and ? for any character; by default any."
                )
            ] + ModelSettings.useFields)

    /// The keys for servers and routes. `timeout` is the kind of the times.
    static func fields(timeout: ConfigField.Kind) -> [ConfigField] {
        [
            ConfigField(
                "connection", .object(RemoteConnection.schema),
                "The server of every model without an entry in remote_models."),
            ConfigField(
                "remote_models", .map(of: .object(RemoteConnection.schema)),
                "The servers of single models, by model ID; an entry inherits nothing from connection.", default: [:]),
            ConfigField(
                "test_connections", .bool,
                "Whether a model is ready only after a test connection to its server, with TLS if configured.",
                default: false),
            ConfigField(
                "connect_timeout", timeout,
                "How long each test connection, and the lookup of a route's name, may take.", default: "5s"),
        ] + routeFields
    }

    private static let routeFields: [ConfigField] = [
        ConfigField(
            "route_header", .string(ConfigStringRule(length: 1...128, pattern: "[0-9A-Za-z_.-]+")),
            "The header or metadata entry of a request that names the server of its model, as host:port.",
            default: "x-route-info"),
        ConfigField(
            "fill_with_defaults", .bool,
            "Whether a route inherits other settings, such as the TLS files, from connection.", default: true),
        ConfigField(
            "route_scope", .string(ConfigStringRule(choices: RouteScope.allCases.map(\.rawValue))),
            "Whether the first or the last header for a model applies to all its requests, or each header only to its own request.",
            default: .string(RouteScope.modelFirstWins.rawValue)),
        ConfigField(
            "route_allow", .list(of: .string(ConfigStringRule(length: 1...300))),
            "The servers that headers may name: host names with * and ?, or address blocks such as 10.0.0.0/8, each optionally with :port or :low-high; empty means none.",
            default: []),
        ConfigField(
            "route_refused", .string(ConfigStringRule(choices: RouteRefusal.allCases.map(\.rawValue))),
            "Whether a request whose route is refused fails, or is handled as if it had no header.",
            default: .string(RouteRefusal.fail.rawValue)),
        ConfigField(
            "route_send_client_cert", .bool,
            "Whether the client certificate is also sent to servers that only a header names.", default: false),
    ]

    /// What cannot work in a configuration that the schema allows.
    package static func problems(in configuration: ConfigValue) -> [ConfigViolation] {
        var problems = RemoteConnection.problems(in: configuration["connection"] ?? [:], at: ["connection"])
        func add(_ path: ConfigPath, _ message: String) {
            problems.append(ConfigViolation(path: path, message: message))
        }
        let models = configuration["remote_models"]?.mapValue ?? [:]
        for (id, connection) in models.sorted() {
            let path: ConfigPath = ["remote_models", .key(id)]
            if let problem = ModelID.problem(of: id) { add(path, problem) }
            problems += RemoteConnection.problems(in: connection, at: path)
            let hostname = connection["hostname"]?.stringValue ?? ""
            if hostname.isEmpty { add(path.appending(.key("hostname")), "is missing; name the server of the model") }
            guard let server = try? ModelTemplate(parsing: hostname) else { continue }
            do throws(Problem) {
                _ = try server.server(of: id)
            } catch {
                add(path.appending(.key("hostname")), "with the ID of this model, \(error)")
            }
        }
        problems += ModelSettings.problems(in: configuration)
        var allowed = RouteAllowList()
        for (index, entry) in (configuration["route_allow"]?.listValue ?? []).enumerated() {
            do throws(Problem) {
                try allowed.add(entry.stringValue ?? "")
            } catch {
                add(["route_allow", .index(index)], error.description)
            }
        }
        if let timeout = configuration["connect_timeout"], timeout.secondsOrDuration.map({ $0 > .zero }) != true {
            add(["connect_timeout"], "must be a duration above 0, such as 5s")
        }
        if models.isEmpty, allowed.isEmpty, (configuration["connection"]?["hostname"]?.stringValue ?? "").isEmpty {
            add(["connection", "hostname"], "is missing; name a server here, in remote_models, or allow routes")
        }
        return problems
    }
}
