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
                    "Which models without an entry the server of connection has, or a route may place: IDs, with * for any text and ? for any character; without it any."
                )
            ] + ModelSettings.useFields)

    /// The keys about servers and routes; `timeout` is how a time is written.
    static func fields(timeout: ConfigField.Kind) -> [ConfigField] {
        [
            ConfigField(
                "connection", .object(RemoteConnection.schema),
                "The server of every model that has no entry in remote_models."),
            ConfigField(
                "remote_models", .map(of: .object(RemoteConnection.schema)),
                "Servers of single models, by their ids; such an entry takes nothing from connection.", default: [:]),
            ConfigField(
                "test_connections", .bool,
                "Whether a model is ready only after a connection to its server, with TLS where it is spoken, was made.",
                default: false),
            ConfigField(
                "connect_timeout", timeout,
                "How long every such test may take, and the lookup of a route's name.", default: "5s"),
        ] + routeFields
    }

    private static let routeFields: [ConfigField] = [
        ConfigField(
            "route_header", .string(ConfigStringRule(length: 1...128)),
            "The header or metadata entry of a request that says where its model is: host:port.",
            default: "x-route-info"),
        ConfigField(
            "fill_with_defaults", .bool,
            "Whether what a route does not say, such as the files for TLS, is taken from connection.", default: true),
        ConfigField(
            "route_scope", .string(ConfigStringRule(choices: RouteScope.allCases.map(\.rawValue))),
            "Whether the first or the last header of a model counts for all its requests, or each for its own.",
            default: .string(RouteScope.modelFirstWins.rawValue)),
        ConfigField(
            "route_allow", .list(of: .string(ConfigStringRule(length: 1...300))),
            "Where headers may send requests: names with * and ?, or blocks such as 10.0.0.0/8, each with :port or :low-high; empty: nowhere.",
            default: []),
        ConfigField(
            "route_refused", .string(ConfigStringRule(choices: RouteRefusal.allCases.map(\.rawValue))),
            "Whether a request whose header is not followed fails, or goes where it would go without the header.",
            default: .string(RouteRefusal.fail.rawValue)),
        ConfigField(
            "route_send_client_cert", .bool,
            "Whether the client's certificate also goes to servers that only a header names.", default: false),
    ]

    /// What is wrong with a configuration that the schema allows.
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
            if hostname.isEmpty { add(path.appending(.key("hostname")), "is missing; say where the model is") }
            guard let server = try? ModelTemplate(parsing: hostname) else { continue }
            do throws(RemoteProblem) {
                _ = try server.server(of: id)
            } catch {
                add(path.appending(.key("hostname")), "with the ID of this model, \(error)")
            }
        }
        problems += ModelSettings.problems(in: configuration)
        var routes = RouteAllowList()
        for (index, entry) in (configuration["route_allow"]?.listValue ?? []).enumerated() {
            do throws(RemoteProblem) {
                try routes.add(entry.stringValue ?? "")
            } catch {
                add(["route_allow", .index(index)], error.description)
            }
        }
        if let timeout = configuration["connect_timeout"], timeout.secondsOrDuration.map({ $0 > .zero }) != true {
            add(["connect_timeout"], "is no time above 0, such as 5s")
        }
        if models.isEmpty, routes.isEmpty, (configuration["connection"]?["hostname"]?.stringValue ?? "").isEmpty {
            add(["connection", "hostname"], "is missing; name a server here, in remote_models, or allow routes")
        }
        return problems
    }
}
