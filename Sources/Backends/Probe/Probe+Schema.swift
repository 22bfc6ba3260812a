// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

extension Probe {
    /// The keys of a probe, with the defaults of its place.
    ///
    /// That only one of the kinds may be there is checked by ``init(configuration:path:)``.
    package static func schema(period: Duration, timeout: Duration, failures: Int) -> ConfigSchema {
        let times = ConfigDuration(nanoseconds: 1_000_000).flatMap { low in
            ConfigDuration(.seconds(86_400)).map { low...$0 }
        }
        return ConfigSchema(
            fields: kinds + [
                ConfigField(
                    "period", .duration(times), "How long to wait from one look to the next.", default: text(period)),
                ConfigField("timeout", .duration(times), "How long one look may take.", default: text(timeout)),
                ConfigField(
                    "failures", .integer(1...1000), "How many failures in a row count as failed.",
                    default: .integer(Int64(failures))),
                ConfigField(
                    "listener", .string(ConfigStringRule(choices: ["own", "any"])),
                    "Who may listen where the probe looks, and at the address: own is a process of the instance; any is for one that listens on its behalf, such as the daemon of containers, and leaves it to the probe.",
                    default: "own"),
            ])
    }

    // No field of a kind has a default: a default would make the kind be there where nobody wrote it.
    private static let kinds: [ConfigField] = [
        ConfigField(
            "http",
            object(
                ConfigField("path", path, "What to ask for, beginning with a slash.", isRequired: true), port,
                ConfigField(
                    "status", .string(ConfigStringRule(pattern: "[1-5][0-9][0-9]-?[0-9]{0,3}")),
                    "The status that is success, as 204 or as 200-299, which it is where nothing is said.")),
            "Looks with GET over HTTP; redirects are not followed."),
        ConfigField("tcp", object(port), "Looks whether a TCP connection is accepted."),
        ConfigField(
            "unix",
            object(
                ConfigField(
                    "path", .string(ConfigStringRule(length: 1...107)),
                    "The path of the socket; the instance's own where nothing is said.")),
            "Looks whether a connection to a Unix socket is accepted."),
        ConfigField(
            "grpc",
            object(
                ConfigField(
                    "service", .string(ConfigStringRule(length: 0...1024)),
                    "The service to ask for; the whole server where nothing is said."), port),
            "Asks the standard health service of gRPC, grpc.health.v1, without TLS."),
        ConfigField(
            "exec",
            object(
                ConfigField(
                    "command", .list(of: .string(ConfigStringRule(length: 0...4096))),
                    "The program and its arguments, without a shell.", isRequired: true)),
            "Runs a command as the daemon's user; exit code 0 is success."),
        ConfigField(
            "log_line",
            object(
                ConfigField(
                    "pattern", .string(ConfigStringRule(length: 1...512)),
                    "Text with classes as [0-9], repeats as *, +, ? and {n,m}, and a dot for any character.",
                    isRequired: true)),
            "Waits for a line of the output with such text anywhere in it."),
    ]

    private static let path = ConfigField.Kind.string(ConfigStringRule(length: 1...1024, pattern: "/[!-~]*"))
    private static let port = ConfigField(
        "port", .integer(1...65535), "The port; the instance's own port or socket where nothing is said.")

    private static func object(_ fields: ConfigField...) -> ConfigField.Kind {
        .object(ConfigSchema(fields: fields))
    }

    private static func text(_ duration: Duration) -> ConfigValue? {
        ConfigDuration(duration).map { .string($0.description) }
    }
}
