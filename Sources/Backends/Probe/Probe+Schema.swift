// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

extension Probe {
    /// The keys of a probe, with the given defaults. Without a number of `failures`, the probe is retried however often it fails.
    ///
    /// ``init(configuration:path:)`` checks that there is at most one kind.
    package static func schema(period: Duration, timeout: Duration, failures: Int?) -> ConfigSchema {
        let times = ConfigDuration(nanoseconds: 1_000_000).flatMap { low in
            ConfigDuration(.seconds(86_400)).map { low...$0 }
        }
        let count = failures.map { failures in
            ConfigField(
                "failures", .integer(1...1000), "How many consecutive failures count as failed.",
                default: .integer(Int64(failures)))
        }
        return ConfigSchema(
            fields: kinds + [
                ConfigField(
                    "period", .duration(times), "The pause between two probes.", default: text(period)),
                ConfigField("timeout", .duration(times), "How long one probe may take.", default: text(timeout)),
            ] + [count].compactMap(\.self) + [
                ConfigField(
                    "listener", .string(ConfigStringRule(choices: ["own", "any"])),
                    "Which process may listen at the probed place and at address: own means a process of the instance; any also allows one that listens on its behalf, such as a container engine.",
                    default: "own")
            ])
    }

    // No field of a kind has a default: completing the configuration would add the kind.
    private static let kinds: [ConfigField] = [
        ConfigField(
            "http",
            object(
                ConfigField("path", path, "The path to request, beginning with a slash.", isRequired: true), port,
                ConfigField(
                    "status", .string(ConfigStringRule(pattern: "[1-5][0-9][0-9]-?[0-9]{0,3}")),
                    "The status that counts as success, such as 204, or a range; by default 200-299.")),
            "Sends GET over HTTP; redirects are not followed."),
        ConfigField("tcp", object(port), "Succeeds if a TCP connection is accepted."),
        ConfigField(
            "unix",
            object(
                ConfigField(
                    "path", .string(ConfigStringRule(length: 1...107)),
                    "The path of the socket; by default the instance's own.")),
            "Succeeds if a connection to a Unix socket is accepted."),
        ConfigField(
            "grpc",
            object(
                ConfigField(
                    "service", .string(ConfigStringRule(length: 0...1024)),
                    "The service to check; by default the whole server."), port),
            "Calls the standard gRPC health service, grpc.health.v1, without TLS."),
        ConfigField(
            "exec",
            object(
                ConfigField(
                    "command", .list(of: .string(ConfigStringRule(length: 0...4096))),
                    "The program and its arguments; no shell interprets them.", isRequired: true)),
            "Runs a command as the daemon's user; exit code 0 means success."),
        ConfigField(
            "log_line",
            object(
                ConfigField(
                    "pattern", .string(ConfigStringRule(length: 1...512)),
                    "Text with character classes such as [0-9], the repeats *, +, ? and {n,m}, and . for any character.",
                    isRequired: true)),
            "Waits for a line of output that contains the pattern."),
    ]

    private static let path = ConfigField.Kind.string(ConfigStringRule(length: 1...1024, pattern: "/[!-~]*"))
    private static let port = ConfigField(
        "port", .integer(1...65535), "The port; by default the instance's own port or socket.")

    private static func object(_ fields: ConfigField...) -> ConfigField.Kind {
        .object(ConfigSchema(fields: fields))
    }

    private static func text(_ duration: Duration) -> ConfigValue? {
        ConfigDuration(duration).map { .string($0.description) }
    }
}
