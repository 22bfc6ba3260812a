// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TextKeys

/// Turns the keys of caikit-tgis-backend into a remote server or a process.
///
/// A local server is a process for one model, named in its command, on fixed ports. So there is one process per model with room for one:
/// another model takes its place when it is not in use, and never while it is.
enum TGISSettings {
    /// The keys of caikit-tgis-backend, with those of REMOTE.
    static let schema = ConfigSchema(
        fields: RemoteSettings.fields(timeout: .any) + [
            ConfigField("local", .object(local), "The server that runs on this host if no remote server is configured.")
        ] + ModelSettings.useFields)

    private static let local = ConfigSchema(fields: [
        ConfigField("grpc_port", .integer(1...65535), "The port for clients.", default: 50055),
        ConfigField("http_port", .integer(1...65535), "The port of the health check.", default: 3000),
        ConfigField(
            "health_poll_delay", .any,
            "The pause between two health checks while the server starts; a number is seconds.",
            default: 1),
        ConfigField(
            "health_poll_timeout", .any, "How long one health check may take; a number is seconds.", default: 10),
        ConfigField(
            "load_timeout", .any, "How long the server may take until it is ready; a number is seconds.", default: 30),
        ConfigField("num_gpus", .integer(1...1024), "The number of GPUs to use.", default: 1),
        ConfigField(
            "prompt_dir", .string(ConfigStringRule(length: 0...4096)), "The directory for tuned prompts; it must exist."
        ),
    ])

    private static let times = ["health_poll_delay", "health_poll_timeout", "load_timeout"]

    /// Whether the configuration names a server on another host.
    static func isRemote(_ configuration: ConfigValue) -> Bool {
        !(configuration["connection"]?["hostname"]?.stringValue ?? "").isEmpty
            || !(configuration["remote_models"]?.mapValue ?? [:]).isEmpty
    }

    static func problems(in configuration: ConfigValue) -> [ConfigViolation] {
        if isRemote(configuration) { return RemoteSettings.problems(in: configuration) }
        var problems = ModelSettings.problems(in: configuration)
        for key in times {
            guard let value = configuration["local"]?[key], value.secondsOrDuration.map({ $0 > .zero }) != true else {
                continue
            }
            problems.append(
                ConfigViolation(
                    path: ["local", .key(key)],
                    message: "must be a duration above 0, such as 30s, or a number of seconds"))
        }
        let ports = ["grpc_port", "http_port"].map { schema.completed(configuration)["local"]?[$0]?.integerValue }
        if ports[0] == ports[1] {
            problems.append(
                ConfigViolation(path: ["local", "http_port"], message: "is also the grpc_port; choose another port"))
        }
        if !(configuration["route_allow"]?.listValue ?? []).isEmpty {
            problems.append(
                ConfigViolation(
                    path: ["route_allow"],
                    message: "is for remote servers; set connection.hostname or remote_models, too"
                ))
        }
        return problems
    }

    /// What keeps a server on this host from starting now.
    static func warnings(in configuration: ConfigValue, launcher: String) -> [ConfigViolation] {
        if isRemote(configuration) { return RemoteSettings.warnings(in: configuration) }
        var warnings: [ConfigViolation] = []
        var program = ProgramSpec(instance: "", arguments: [launcher], environment: [:])
        program.environment["PATH"] = Environment.all["PATH"]
        if let problem = program.programProblem {
            warnings.append(ConfigViolation(path: ["local"], message: "the program \(launcher) \(problem)"))
        }
        if let problem = promptDirectory(configuration).flatMap({ PromptArtifacts.problem(ofDirectory: $0) }) {
            warnings.append(ConfigViolation(path: ["local", "prompt_dir"], message: problem.description))
        }
        return warnings
    }

    /// The places where a server on this host listens.
    static func places(in configuration: ConfigValue) -> [(path: ConfigPath, place: ListeningPlace)] {
        if isRemote(configuration) { return [] }
        let local = schema.completed(configuration)["local"]
        return ["grpc_port", "http_port"].compactMap { key in
            local?[key]?.integerValue.flatMap { UInt16(exactly: $0) }.map { (["local", .key(key)], .port($0)) }
        }
    }

    /// Checks that the directory for prompts exists.
    static func checkFiles(_ configuration: ConfigValue, of backend: String) throws(BackendError) {
        guard let path = promptDirectory(configuration) else { return }
        do throws(SystemError) {
            _ = try Directory(path: path)
        } catch {
            throw .fileUnusable("local.prompt_dir", path, backend, error.description)
        }
    }

    private static func promptDirectory(_ configuration: ConfigValue) -> String? {
        configuration["local"]?["prompt_dir"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The process of a local server.
    static func process(_ configuration: ConfigValue, launcher: String) throws(BackendError) -> ProcessSettings {
        let problems = problems(in: configuration)
        guard problems.isEmpty else { throw .configInvalid(problems) }
        let local = schema.completed(configuration)["local"] ?? [:]
        func number(_ key: String, _ standard: Int64) -> Int64 { local[key]?.integerValue ?? standard }
        let port = number("http_port", 3000)
        let grpc = number("grpc_port", 50055)
        var members = configuration.mapValue ?? [:]
        // The ports are fixed, so that there is room for one process.
        members["max_loaded"] = 1
        var settings = ProcessSettings(
            scope: .model,
            command: try templates([
                launcher, "--num-shard", "\(number("num_gpus", 1))", "--model-name", "${MODEL_ID}",
                "--port", "\(port)",
            ]), models: ModelSettings(.map(members), serving: ["*"]))
        settings.environment = ["GRPC_PORT": try template("\(grpc)")]
        settings.fixedPorts = [UInt16(clamping: port), UInt16(clamping: grpc)]
        if let directory = promptDirectory(configuration) {
            settings.environment["PREFIX_STORE_PATH"] = try template(directory.replacing("$", with: "$$"))
            settings.promptDirectory = directory
        }
        settings.address = try template("127.0.0.1:\(grpc)")
        let health = Probe.Kind.http(path: "/health", port: UInt16(clamping: port), status: 200...200)
        let timeout = local["health_poll_timeout"]?.secondsOrDuration ?? .seconds(10)
        settings.startupProbe = Probe(
            health, period: local["health_poll_delay"]?.secondsOrDuration ?? .seconds(1), timeout: timeout, failures: 1)
        settings.livenessProbe = Probe(health, period: .seconds(10), timeout: timeout, failures: 3)
        settings.policy.loadTimeout = local["load_timeout"]?.secondsOrDuration ?? .seconds(30)
        settings.policy.hasStartupProbe = true
        settings.policy.livenessFailures = 3
        return settings
    }

    private static func templates(_ texts: [String]) throws(BackendError) -> [CommandTemplate] {
        var templates: [CommandTemplate] = []
        for text in texts { templates.append(try template(text)) }
        return templates
    }

    private static func template(_ text: String) throws(BackendError) -> CommandTemplate {
        do throws(Problem) {
            return try CommandTemplate(parsing: text)
        } catch {
            throw BackendError(.internal, .macroUnknown, "the command of the server \(error)")
        }
    }
}
