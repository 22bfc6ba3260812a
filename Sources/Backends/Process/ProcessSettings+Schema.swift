// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

extension ProcessSettings {
    /// The keys of PROCESS.
    package static let schema = ConfigSchema(fields: runFields + superviseFields + modelFields)

    private static let argument = ConfigField.Kind.string(ConfigStringRule(length: 0...65_536))

    private static let runFields: [ConfigField] = [
        ConfigField(
            "command", .list(of: argument),
            "The program and its arguments; no shell reads them. Macros: ${MODEL_ID}, ${PORT}, ${SOCKET}, ${BACKEND}, ${env.NAME}, $$.",
            isRequired: true),
        ConfigField("env", .map(of: argument), "Variables of the program, with the same macros.", default: [:]),
        ConfigField(
            "secret_files", .map(of: .string(ConfigStringRule(length: 1...4096))),
            "Variables whose values are read from files at each start, so that no secret stands in a configuration.",
            default: [:]),
        ConfigField(
            "inherit_env", .bool, "Whether the program also gets the daemon's own environment.", default: true),
        ConfigField(
            "working_directory", .string(ConfigStringRule(length: 1...4096)),
            "Where the program starts; without it where the daemon did."),
        ConfigField(
            "scope", .string(ConfigStringRule(choices: Scope.allCases.map(\.rawValue))),
            "Whether one process serves all models, or each model has its own.", default: "backend"),
        ConfigField(
            "port_range", .string(ConfigStringRule(length: 3...11)),
            "Where ${PORT} is taken from; a port is held until the start.", default: "5800-6799"),
        ConfigField(
            "address", argument,
            "Where clients are told to go: host:port, [address]:port or unix:/path; without it 127.0.0.1:${PORT}, or unix:${SOCKET}, whichever the command uses."
        ),
        ConfigField("limits", .object(limits), "What an instance may use.", default: [:]),
    ]

    private static let limits = ConfigSchema(fields: [
        ConfigField(
            "resources", .map(of: .integer(0...Int64.max)),
            "Resource limits by the names of prlimit: nofile, nproc, core, memlock, as, …", default: [:]),
        ConfigField("nice", .integer(-20...19), "Its niceness."),
        ConfigField("cpus", .list(of: .integer(0...4095)), "The processors it may run on.", default: []),
        ConfigField(
            "memory", .integer(1_048_576...Int64.max),
            "The most bytes of an instance with its descendants, where there is a control group for that."),
    ])

    /// What the startup probe has where nothing is said.
    static let startupPeriod = Duration.seconds(1)
    static let startupTimeout = Duration.seconds(5)

    static let superviseFields: [ConfigField] = [
        ConfigField(
            "probes",
            .object(
                ConfigSchema(fields: [
                    ConfigField(
                        "startup", .object(Probe.schema(period: startupPeriod, timeout: startupTimeout, failures: 1)),
                        "When it is ready first; without it a connection to its port or socket, or that it runs."),
                    ConfigField(
                        "readiness", .object(Probe.schema(period: .seconds(5), timeout: .seconds(5), failures: 3)),
                        "Whether it serves now; it is not restarted for it."),
                    ConfigField(
                        "liveness", .object(Probe.schema(period: .seconds(10), timeout: .seconds(5), failures: 3)),
                        "Whether it lives; it is restarted when not."),
                ])), "How to look at an instance; each has one of http, tcp, unix, grpc, exec and log_line.",
            default: [:]),
        ConfigField(
            "started_after", .duration(),
            "How long a program that has no probe, port, socket or address of this host has to run until it counts as started.",
            default: "1s"),
        ConfigField("load_timeout", .duration(), "From the start of the program until it is ready.", default: "30s"),
        ConfigField(
            "restart", .string(ConfigStringRule(choices: InstancePolicy.Restart.allCases.map(\.rawValue))),
            "When it is started again after it was ready and ended.", default: "on_failure"),
        ConfigField("backoff", .duration(), "The pause before the first restart; it doubles.", default: "1s"),
        ConfigField("backoff_limit", .duration(), "The longest pause.", default: "1m"),
        ConfigField(
            "healthy_after", .duration(), "After so long without trouble the pauses begin anew.", default: "1m"),
        ConfigField("max_restarts", .integer(0...1000), "So many restarts within the window are enough.", default: 5),
        ConfigField("restart_window", .duration(), "The window.", default: "10m"),
        ConfigField(
            "stop_signal", .string(ConfigStringRule(choices: Array(signals.keys).sorted())),
            "What asks it to end.", default: "SIGTERM"),
        ConfigField("stop_timeout", .duration(), "How long it may take to end before it is killed.", default: "10s"),
        ConfigField(
            "stop_command", .list(of: argument),
            "A command that asks it to end, instead of the signal; ${PORT} and the like, and BACKENDD_PID.", default: []
        ),
    ]

    static let modelFields: [ConfigField] = ModelSettings.loadFields + ModelSettings.useFields

    /// The signals that can ask a process to end.
    static let signals: [String: Int32] = [
        "SIGTERM": 15, "SIGINT": 2, "SIGQUIT": 3, "SIGHUP": 1, "SIGUSR1": 10, "SIGUSR2": 12,
    ]
}
