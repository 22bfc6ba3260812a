// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
package import ConfigDocument
internal import Logging

extension DaemonConfiguration {
    /// Every key of the daemon, declared once: validation, the environment's variables, and the test of the reference
    /// page come from it.
    package static let schema = ConfigSchema(fields: [
        ConfigField(
            "socket", .string(ConfigStringRule(length: 1...107)),
            "Path of the socket. By default systemd's socket, or else the default path."),
        ConfigField(
            "socket_mode", .string(ConfigStringRule(choices: ["0600", "0660", "0666"])),
            "Permissions of the socket, in octal. Access is still decided by the peer's uid.",
            default: "0600"),
        ConfigField(
            "log_level", .string(ConfigStringRule(choices: Logger.Level.allCases.map(\.rawValue))),
            "The lowest level that is logged.", default: "info"),
        ConfigField(
            "log_format", .string(ConfigStringRule(choices: LogFormat.allCases.map(\.rawValue))),
            "How a log line is written.", default: "logfmt"),
        ConfigField("loops", .integer(1...64), "How many threads serve connections.", default: 1),
        ConfigField(
            "grace", .duration(),
            "How long calls, start locks and uses of models may continue after SIGTERM; stopping all backends may then take as long again.",
            default: "30s"),
        ConfigField(
            "on_shutdown",
            .string(ConfigStringRule(choices: DaemonConfiguration.OnShutdown.allCases.map(\.rawValue))),
            "What becomes of instances at SIGTERM: all backends are stopped, or instances run on and the next daemon adopts them.",
            default: "stop"),
        ConfigField(
            "context_timeout", .duration(times), "How long a backend may take for a runtime context.", default: "1s"
        ),
        ConfigField(
            "instance_directory", .string(ConfigStringRule(length: 1...90)),
            "Directory for the sockets and logs of supervised processes. By default beside the socket, with .d in place of .sock."
        ),
        ConfigField(
            "log_directory", .string(ConfigStringRule(length: 1...4000)),
            "Directory for the output of supervised processes. By default the directory logs in the instance directory."
        ),
        ConfigField(
            "state_directory", .string(ConfigStringRule(length: 1...4000)),
            "Directory for what outlives the daemon; none keeps nothing. By default /var/lib/backendd for root, or else $XDG_STATE_HOME/backendd."
        ),
        ConfigField("limits", .object(limits), "What the daemon and each connection may use.", default: [:]),
        ConfigField(
            "backends", .list(of: .object(.backendEntry)),
            "The backends to create at start, in priority order. By default one LOCAL backend named local."),
    ])

    /// A time in which something can happen.
    private static let times = ConfigDuration(.milliseconds(1)).flatMap { low in
        ConfigDuration(.seconds(86_400)).map { low...$0 }
    }

    private static let limits = ConfigSchema(fields: [
        ConfigField("connections", .integer(1...65_536), "How many connections may be open.", default: 4_096),
        ConfigField(
            "streams_per_connection", .integer(1...65_536), "How many calls may be in flight per connection.",
            default: 1_024),
        ConfigField(
            "input_bytes", .integer(16_777_216...17_179_869_184),
            "How many bytes of requests, uncompressed, are kept for all clients. Above this limit, the call that takes the most ends.",
            default: 134_217_728),
        ConfigField(
            "output_bytes", .integer(16_777_216...17_179_869_184),
            "How many bytes of output may wait for all clients. Above this limit, the slowest client loses calls.",
            default: 134_217_728),
    ])
}
