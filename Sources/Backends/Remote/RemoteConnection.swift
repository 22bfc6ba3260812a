// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// The configuration of one server, or of the servers of all models.
package struct RemoteConnection: Hashable, Sendable {
    /// Nil when the configuration only has defaults for routes.
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

    /// The endpoint of a model; nil when the configuration names no server.
    func endpoint(of model: String) throws(Problem) -> ModelEndpoint? {
        guard let server else { return nil }
        return ModelEndpoint(address: try server.server(of: model).description, tls: tls)
    }

    /// The files that the configuration names, by their keys.
    var files: [(key: String, path: String)] {
        [
            ("ca_cert_file", tls?.caCertFile), ("client_cert_file", tls?.clientCertFile),
            ("client_key_file", tls?.clientKeyFile),
        ]
        .compactMap { key, path in path.map { (key, $0) } }
    }

    /// What cannot work in a configuration that the schema allows.
    static func problems(in configuration: ConfigValue, at path: ConfigPath) -> [ConfigViolation] {
        var problems: [ConfigViolation] = []
        func add(_ key: String, _ message: String) {
            problems.append(ConfigViolation(path: path.appending(.key(key)), message: message))
        }
        func has(_ key: String) -> Bool { !(configuration[key]?.stringValue ?? "").isEmpty }
        if let text = configuration["hostname"]?.stringValue, !text.isEmpty {
            do throws(Problem) {
                _ = try ModelTemplate(parsing: text)
            } catch {
                add("hostname", error.description)
            }
        }
        if has("client_cert_file") != has("client_key_file") {
            let missing = has("client_cert_file") ? "client_key_file" : "client_cert_file"
            add(missing, "is missing; a client certificate needs its key, and a key its certificate")
        }
        if has("client_cert_file") || has("client_key_file"), !has("ca_cert_file") {
            add(
                "ca_cert_file",
                "is missing; a client certificate is for TLS, which needs the certificate authority of the server")
        }
        return problems
    }

    /// Files and directories that cannot be used now, or that another user can change.
    static func warnings(in configuration: ConfigValue, at path: ConfigPath) -> [ConfigViolation] {
        func warning(_ key: String, _ problem: (String) -> Problem?) -> ConfigViolation? {
            guard let file = configuration[key]?.stringValue, !file.isEmpty, let problem = problem(file) else {
                return nil
            }
            return ConfigViolation(path: path.appending(.key(key)), message: problem.description)
        }
        let files = ["ca_cert_file", "client_cert_file", "client_key_file"].compactMap { key in
            warning(key) { file in
                if let problem = File.problem(reading: file) { return Problem("cannot be read: \(problem)") }
                if let risk = File.risk(of: file, as: "file of keys") { return Problem("\(risk)") }
                // A file above the limit is not checked.
                guard let bytes = try? File.read(path: file, limit: 1 << 20) else { return nil }
                let isPEM = String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ")
                return isPEM ? nil : Problem("is not a PEM file: it has no line that begins with -----BEGIN")
            }
        }
        return files + [warning("prompt_dir") { PromptArtifacts.problem(ofDirectory: $0) }].compactMap { $0 }
    }

    static let schema = ConfigSchema(fields: [
        ConfigField(
            "hostname", .string(ConfigStringRule(length: 0...300)),
            "The server as host:port or [address]:port; {model_id} stands for the ID of the model."),
        ConfigField("ca_cert_file", path, "The certificate authority of the server, as a PEM file; turns on TLS."),
        ConfigField("client_cert_file", path, "The client certificate for mutual TLS, as a PEM file."),
        ConfigField("client_key_file", path, "The key of the client certificate, as a PEM file."),
        ConfigField(
            "hostname_override", .string(ConfigStringRule(length: 0...253)),
            "The name to request and to check in the server's certificate, if it is not the hostname."),
        ConfigField("prompt_dir", path, "A directory for tuned prompts that the server can also read."),
        ConfigField(
            "grpc_lb_policy_name", .string(ConfigStringRule(length: 0...64)),
            "Accepted for compatibility; the connecting client chooses its load balancing."),
        ConfigField(
            "grpc_lb_poll_interval_s", .integer(0...86_400),
            "Accepted for compatibility; the connecting client chooses how often it looks up the name."),
    ])

    private static let path = ConfigField.Kind.string(ConfigStringRule(length: 0...4096))
}
