// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import Logging

extension DaemonConfiguration {
    /// Every key of the daemon, declared once: validation, the environment's variables, and the test of the reference
    /// page come from it.
    package static let schema = ConfigSchema(fields: [
        ConfigField(
            "socket", .string(ConfigStringRule(length: 1...107)),
            "Path of the socket; without it systemd's socket, else the default path."),
        ConfigField(
            "socket_mode", .string(ConfigStringRule(choices: ["0600", "0660", "0666"])),
            "Permissions of the socket, in octal; who may do what is decided by the peer's uid all the same.",
            default: "0600"),
        ConfigField(
            "log_level", .string(ConfigStringRule(choices: Logger.Level.allCases.map(\.rawValue))),
            "The least level that is logged.", default: "info"),
        ConfigField(
            "log_format", .string(ConfigStringRule(choices: LogFormat.allCases.map(\.rawValue))),
            "How a log line is written.", default: "logfmt"),
        ConfigField("loops", .integer(1...64), "How many threads serve connections.", default: 1),
        ConfigField(
            "grace", .duration(),
            "How long running calls and what is held may take after SIGTERM, and after that the stop of all backends.",
            default: "30s"),
        ConfigField(
            "context_timeout", .duration(times), "How long one backend may take for one runtime context.", default: "1s"
        ),
        ConfigField(
            "instance_directory", .string(ConfigStringRule(length: 1...90)),
            "Where supervised processes get their sockets and logs; without it beside the socket, with .d for .sock."),
        ConfigField(
            "log_directory", .string(ConfigStringRule(length: 1...4000)),
            "Where the output of supervised processes is kept; without it logs in the instance directory."),
        ConfigField("limits", .object(limits), "What one daemon and one connection may use.", default: [:]),
        ConfigField(
            "backends", .list(of: .object(backend)),
            "The backends to create at start, in priority order; without the key one LOCAL backend named local."),
    ])

    /// A time in which something can happen.
    private static let times = ConfigDuration(.milliseconds(1)).flatMap { low in
        ConfigDuration(.seconds(86_400)).map { low...$0 }
    }

    private static let limits = ConfigSchema(fields: [
        ConfigField("connections", .integer(1...65_536), "Open connections.", default: 4_096),
        ConfigField(
            "streams_per_connection", .integer(1...65_536), "Calls in flight on one connection.", default: 1_024),
        ConfigField(
            "input_bytes", .integer(16_777_216...17_179_869_184),
            "Bytes of requests kept for all clients, uncompressed; above it the largest call ends.",
            default: 134_217_728),
        ConfigField(
            "output_bytes", .integer(16_777_216...17_179_869_184),
            "Bytes that wait for all clients to read them; above it the slowest client loses calls.",
            default: 134_217_728),
    ])

    private static let backend = ConfigSchema(fields: [
        ConfigField(
            "name", .string(ConfigStringRule(length: 1...63)), "Matches [a-z][a-z0-9-]{0,62}.", isRequired: true),
        ConfigField("type", .string(), "A type that `backendctl types` lists.", isRequired: true),
        ConfigField(
            "priority", .integer(Int64(Int32.min)...Int64(Int32.max)),
            "Lower comes first; without it the entries are numbered 0, 10, 20, …"),
        ConfigField("config", .map(of: .any), "The configuration of the type.", default: [:]),
    ])
}
