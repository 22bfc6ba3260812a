// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

extension ProcessSettings {
    /// The keys of PROCESS.
    package static let schema = ConfigSchema(fields: runFields + superviseFields + runtimeFields + modelFields)

    /// The keys that a running backend takes over: which models it serves and by which rules, and what is looked at when a process has ended or
    /// is to end.
    package static let liveKeys = LiveKeys.only([
        "models", "ttl", "pinned", "max_loaded", "fair_after", "groups", "max_concurrent", "max_queue", "drain_timeout",
        "restart", "load_timeout", "backoff", "backoff_limit", "healthy_after", "max_restarts", "restart_window",
        "stop_signal", "stop_timeout", "on_daemon_exit",
    ])

    /// Whether both configurations have a process per model.
    static func canRoll(from old: ConfigValue, to new: ConfigValue) -> Bool {
        [old, new].allSatisfy { $0["scope"]?.stringValue == Scope.model.rawValue }
    }

    private static let argument = ConfigField.Kind.string(ConfigStringRule(length: 0...65_536))

    private static let runFields: [ConfigField] = [
        ConfigField(
            "command", .list(of: argument),
            "The program and its arguments; no shell interprets them. Macros: ${MODEL_ID}, ${PORT}, ${SOCKET}, ${BACKEND}, ${env.NAME}, $$.",
            isRequired: true),
        ConfigField(
            "env", .map(of: argument), "Environment variables of the program, with the same macros.", default: [:]),
        ConfigField(
            "secret_files", .map(of: .string(ConfigStringRule(length: 1...4096))),
            "Environment variables whose values are read from files at each start, so that the configuration holds no secrets.",
            default: [:]),
        ConfigField(
            "inherit_env", .bool, "Whether the program also gets the daemon's own environment.", default: true),
        ConfigField(
            "working_directory", .string(ConfigStringRule(length: 1...4096)),
            "The working directory of the program; by default that of the daemon."),
        ConfigField(
            "scope", .string(ConfigStringRule(choices: Scope.allCases.map(\.rawValue))),
            "Whether one process serves all models, or each model has its own process.", default: "backend"),
        ConfigField(
            "port_range", .string(ConfigStringRule(length: 3...11)),
            "The range of ports for ${PORT}; a port is reserved until the program starts.", default: "5800-6799"),
        ConfigField(
            "address", argument,
            "The address for clients: host:port, [address]:port or unix:/path; by default 127.0.0.1:${PORT} or unix:${SOCKET}, whichever the command uses."
        ),
        ConfigField("limits", .object(limits), "The limits of an instance.", default: [:]),
    ]

    private static let limits = ConfigSchema(fields: [
        ConfigField(
            "resources", .map(of: .integer(0...Int64.max)),
            "Resource limits by the names of prlimit: nofile, nproc, core, memlock, as, …", default: [:]),
        ConfigField("nice", .integer(-20...19), "The nice value; a higher value means a lower priority."),
        ConfigField(
            "cpus", .list(of: .integer(0...4095)), "The processors that the instance may run on; empty means all.",
            default: []),
        ConfigField(
            "memory", .integer(1_048_576...Int64.max),
            "How many bytes of memory the process and its descendants may use; requires a control group."),
    ])

    /// The defaults of the startup probe.
    static let startupPeriod = Duration.seconds(1)
    static let startupTimeout = Duration.seconds(5)

    static let superviseFields: [ConfigField] = [
        ConfigField(
            "probes",
            .object(
                ConfigSchema(fields: [
                    ConfigField(
                        "startup", .object(Probe.schema(period: startupPeriod, timeout: startupTimeout, failures: nil)),
                        "Decides when the instance is ready for the first time, and is retried until load_timeout; without it, the readiness probe, its port or socket, or started_after does."
                    ),
                    ConfigField(
                        "readiness", .object(Probe.schema(period: .seconds(5), timeout: .seconds(5), failures: 3)),
                        "Decides whether the instance serves now; a failure does not restart it."),
                    ConfigField(
                        "liveness", .object(Probe.schema(period: .seconds(10), timeout: .seconds(5), failures: 3)),
                        "Decides whether the instance is alive; a failure restarts it."),
                ])), "The probes of an instance; each has one of http, tcp, unix, grpc, exec and log_line.",
            default: [:]),
        ConfigField(
            "started_after", .duration(),
            "How long a program without a probe, port, socket or address on this host has to run until it counts as started.",
            default: "1s"),
        ConfigField(
            "load_timeout", .duration(), "How long the program may take from its start until it is ready.",
            default: "30s"),
        ConfigField(
            "restart", .string(ConfigStringRule(choices: InstancePolicy.Restart.allCases.map(\.rawValue))),
            "When a program that was ready and has ended is restarted.", default: "on_failure"),
        ConfigField(
            "backoff", .duration(), "The pause before the first restart; it doubles with each further one.",
            default: "1s"),
        ConfigField("backoff_limit", .duration(), "The longest pause before a restart.", default: "1m"),
        ConfigField(
            "healthy_after", .duration(), "The time without failures after which the backoff is reset.", default: "1m"),
        ConfigField("max_restarts", .integer(0...1000), "Restarts allowed within restart_window.", default: 5),
        ConfigField(
            "restart_window", .duration(), "The time in which restarts count against max_restarts.", default: "10m"),
        ConfigField(
            "stop_signal", .string(ConfigStringRule(choices: Array(signals.keys).sorted())),
            "The signal that asks the program to end.", default: "SIGTERM"),
        ConfigField(
            "stop_timeout", .duration(), "How long the program may take to end before it is killed.", default: "10s"),
        ConfigField(
            "stop_command", .list(of: argument),
            "A command that asks the program to end, instead of the signal. It has the same macros, and the variable BACKENDD_PID.",
            default: []
        ),
    ]

    private static let runtimeFields: [ConfigField] = [
        ConfigField(
            "on_daemon_exit", .string(ConfigStringRule(choices: DaemonExitPolicy.allCases.map(\.rawValue))),
            "What becomes of the instance when the daemon ends without stopping it: the next daemon adopts it, or it ends within stop_timeout.",
            default: "adopt"),
        ConfigField(
            "log_size", .integer(4096...(1 << 40)),
            "The bytes after which a file of the output is rotated.", default: 8_388_608),
        ConfigField(
            "log_files", .integer(1...100), "How many files of each stream are kept, the newest one included.",
            default: 2),
    ]

    static let modelFields: [ConfigField] = ModelSettings.loadFields + ModelSettings.useFields

    /// The signals that can ask a program to end, by name.
    static let signals: [String: Int32] = [
        "SIGTERM": 15, "SIGINT": 2, "SIGQUIT": 3, "SIGHUP": 1, "SIGUSR1": 10, "SIGUSR2": 12,
    ]
}
