// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// What a configuration says about one server, or about the servers of all models.
package struct RemoteConnection: Hashable, Sendable {
    /// Nil where only the rest is given, for what comes without it.
    package var server: ModelTemplate?
    package var tls: ModelTLS?
    package var promptDirectory: String?

    /// Reads a map that ``problems(in:at:)`` has found nothing wrong with.
    init(_ configuration: ConfigValue) {
        func text(_ key: String) -> String? { configuration[key]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        server = text("hostname").flatMap { try? ModelTemplate(parsing: $0) }
        promptDirectory = text("prompt_dir")
        tls = text("ca_cert_file").map { authority in
            ModelTLS(
                caCertFile: authority, clientCertFile: text("client_cert_file"), clientKeyFile: text("client_key_file"),
                serverName: text("hostname_override"))
        }
    }

    /// Where the model is; nil where the configuration names no server.
    func endpoint(of model: String) throws(RemoteProblem) -> ModelEndpoint? {
        guard let server else { return nil }
        return ModelEndpoint(address: try server.server(of: model).description, tls: tls)
    }

    /// The files it names, by their keys.
    var files: [(key: String, path: String)] {
        [
            ("ca_cert_file", tls?.caCertFile), ("client_cert_file", tls?.clientCertFile),
            ("client_key_file", tls?.clientKeyFile),
        ]
        .compactMap { key, path in path.map { (key, $0) } }
    }

    /// What is wrong with one that the schema allows.
    static func problems(in configuration: ConfigValue, at path: ConfigPath) -> [ConfigViolation] {
        var problems: [ConfigViolation] = []
        func add(_ key: String, _ message: String) {
            problems.append(ConfigViolation(path: path.appending(.key(key)), message: message))
        }
        func has(_ key: String) -> Bool { !(configuration[key]?.stringValue ?? "").isEmpty }
        if let text = configuration["hostname"]?.stringValue, !text.isEmpty {
            do throws(RemoteProblem) {
                _ = try ModelTemplate(parsing: text)
            } catch {
                add("hostname", error.description)
            }
        }
        if has("client_cert_file") != has("client_key_file") {
            let missing = has("client_cert_file") ? "client_key_file" : "client_cert_file"
            add(missing, "is missing; a client's certificate needs its key, and a key its certificate")
        }
        if has("client_cert_file") || has("client_key_file"), !has("ca_cert_file") {
            add("ca_cert_file", "is missing; a client's certificate is for TLS, which needs the server's authority")
        }
        return problems
    }

    /// Files and directories that could not be used now, or that another user could change.
    static func warnings(in configuration: ConfigValue, at path: ConfigPath) -> [ConfigViolation] {
        func warning(_ key: String, _ problem: (String) -> String?) -> ConfigViolation? {
            guard let file = configuration[key]?.stringValue, !file.isEmpty, let words = problem(file) else {
                return nil
            }
            return ConfigViolation(path: path.appending(.key(key)), message: words)
        }
        let files = ["ca_cert_file", "client_cert_file", "client_key_file"].compactMap { key in
            warning(key) { File.problem(reading: $0).map { "cannot be read: \($0)" } }
        }
        return files + [warning("prompt_dir") { PromptArtifacts.problem(ofDirectory: $0) }].compactMap { $0 }
    }

    static let schema = ConfigSchema(fields: [
        ConfigField(
            "hostname", .string(ConfigStringRule(length: 0...300)),
            "The server as host:port or [address]:port; {model_id} stands for the model."),
        ConfigField("ca_cert_file", path, "The authority of the server's certificate, PEM; with it TLS is spoken."),
        ConfigField("client_cert_file", path, "This side's certificate for mutual TLS, PEM."),
        ConfigField("client_key_file", path, "The key of this side's certificate, PEM."),
        ConfigField(
            "hostname_override", .string(ConfigStringRule(length: 0...253)),
            "The name to ask for and to check in the server's certificate, where it is not the hostname."),
        ConfigField("prompt_dir", path, "A directory that the server also sees, where tuned prompts are put."),
        ConfigField(
            "grpc_lb_policy_name", .string(ConfigStringRule(length: 0...64)),
            "Taken for compatibility; the client that connects chooses how it balances."),
        ConfigField(
            "grpc_lb_poll_interval_s", .integer(0...86_400),
            "Taken for compatibility; the client that connects chooses how often it looks the name up."),
    ])

    private static let path = ConfigField.Kind.string(ConfigStringRule(length: 0...4096))
}
