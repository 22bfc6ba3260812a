// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import ConfigDocument
internal import Logging
internal import SocketRPCServer

/// What the daemon runs with: the defaults, then the file, the environment and the flags; later ones override earlier ones.
package struct DaemonConfiguration: Sendable {
    /// Absent: systemd's socket, else the default path.
    var socketPath: String?
    /// The permission bits of the socket.
    var socketMode: UInt32
    var logLevel: Logger.Level
    var logFormat: LogFormat
    /// How many threads serve connections.
    var loops: Int
    /// How long running calls may take after the drain began.
    var grace: Duration
    /// What becomes of the instances at SIGTERM.
    var onShutdown: OnShutdown
    /// How long one backend may take for one runtime context.
    var contextTimeout: Duration
    /// Where supervised processes get their sockets and logs; absent: beside the socket.
    var instanceDirectory: String?
    /// Where their output is kept; absent: in the instance directory.
    var logDirectory: String?
    /// Where the state is kept; absent: at the default place of the user; `none`: nowhere.
    var stateDirectory: String?
    /// What clients may use; the limits of the process may leave less.
    var limits: ServerLimits
    /// The backends to create, in the order of the file; absent: one LOCAL backend named `local`.
    var backends: [BackendDefinition]
}

extension DaemonConfiguration {
    enum OnShutdown: String, Hashable, Sendable, CaseIterable {
        /// All backends are stopped.
        case stop
        /// Instances run on, and the next daemon adopts them.
        case leave
    }

    /// Reads a document that the schema has found to be valid, with its defaults filled in.
    init(validated document: ConfigValue) {
        socketPath = document["socket"]?.stringValue
        socketMode = document["socket_mode"]?.stringValue.flatMap { UInt32($0, radix: 8) } ?? 0o600
        logLevel = document["log_level"]?.stringValue.flatMap { Logger.Level(rawValue: $0) } ?? .info
        logFormat = document["log_format"]?.stringValue.flatMap { LogFormat(rawValue: $0) } ?? .logfmt
        loops = document["loops"]?.integerValue.map { Int($0) } ?? 1
        onShutdown = document["on_shutdown"]?.stringValue.flatMap { OnShutdown(rawValue: $0) } ?? .stop
        grace = document["grace"]?.durationValue?.duration ?? .seconds(30)
        contextTimeout = document["context_timeout"]?.durationValue?.duration ?? .seconds(1)
        instanceDirectory = document["instance_directory"]?.stringValue
        logDirectory = document["log_directory"]?.stringValue
        stateDirectory = document["state_directory"]?.stringValue
        let limits = document["limits"]
        self.limits = ServerLimits(
            connections: limits?["connections"]?.integerValue.map { Int($0) } ?? 4_096,
            streamsPerConnection: limits?["streams_per_connection"]?.integerValue.map { Int($0) } ?? 1_024,
            inputBytes: limits?["input_bytes"]?.integerValue.map { Int($0) } ?? 134_217_728,
            outputBytes: limits?["output_bytes"]?.integerValue.map { Int($0) } ?? 134_217_728)
        let entries = document["backends"]?.listValue ?? [["name": "local", "type": "LOCAL"]]
        backends = entries.enumerated().map { index, entry in
            BackendDefinition(
                name: entry["name"]?.stringValue ?? "", type: entry["type"]?.stringValue ?? "",
                configuration: entry["config"] ?? [:],
                priority: entry["priority"]?.integerValue.map { Int32(clamping: $0) } ?? Int32(clamping: index * 10),
                start: entry["start"]?.stringValue.flatMap { StartPolicy(rawValue: $0) } ?? .onDemand,
                after: entry["after"]?.listValue?.compactMap(\.stringValue) ?? [],
                apply: entry["apply"]?.stringValue.flatMap { ReloadApply(rawValue: $0) } ?? .nextStart, origin: .file)
        }
    }
}
