// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO
internal import TextKeys

extension ProcessSettings {
    /// Reads a configuration that the schema of PROCESS has checked and completed.
    ///
    /// - Throws: `CONFIG_INVALID` with what ``problems(in:)`` finds.
    package init(configuration: ConfigValue, of backend: String) throws(BackendError) {
        let problems = Self.problems(in: configuration)
        guard problems.isEmpty else { throw .configInvalid(problems) }
        self.init(
            scope: configuration["scope"]?.stringValue.flatMap { Scope(rawValue: $0) } ?? .backend,
            command: Self.templates(configuration["command"]), models: ModelSettings(configuration, serving: [backend]))
        for (name, value) in configuration["env"]?.mapValue ?? [:] {
            environment[name] = value.stringValue.flatMap { try? CommandTemplate(parsing: $0) }
        }
        secretFiles = (configuration["secret_files"]?.mapValue ?? [:]).compactMapValues(\.stringValue)
        inheritsEnvironment = configuration["inherit_env"]?.boolValue ?? true
        workingDirectory = configuration["working_directory"]?.stringValue
        portRange = configuration["port_range"]?.stringValue.flatMap { Self.ports($0) } ?? portRange
        address = configuration["address"]?.stringValue.flatMap { try? CommandTemplate(parsing: $0) }
        stopSignal = configuration["stop_signal"]?.stringValue ?? stopSignal
        stopTimeout = configuration["stop_timeout"]?.durationValue?.duration ?? stopTimeout
        stopCommand = Self.templates(configuration["stop_command"])
        onDaemonExit = configuration["on_daemon_exit"]?.stringValue.flatMap { .init(rawValue: $0) } ?? .adopt
        logSize = configuration["log_size"]?.integerValue ?? logSize
        logFiles = configuration["log_files"]?.integerValue.map { Int($0) } ?? logFiles
        limits = ProcessLimits(configuration["limits"] ?? [:])
        let probes = configuration["probes"]
        startupProbe = try Self.probe(probes, "startup")
        readinessProbe = try Self.probe(probes, "readiness")
        livenessProbe = try Self.probe(probes, "liveness")
        readPolicy(configuration)
    }

    private mutating func readPolicy(_ configuration: ConfigValue) {
        func duration(_ key: String, _ standard: Duration) -> Duration {
            configuration[key]?.durationValue?.duration ?? standard
        }
        policy.restart = configuration["restart"]?.stringValue.flatMap { .init(rawValue: $0) } ?? .onFailure
        policy.loadTimeout = duration("load_timeout", policy.loadTimeout)
        policy.backoff = duration("backoff", policy.backoff)
        policy.backoffLimit = duration("backoff_limit", policy.backoffLimit)
        policy.healthyAfter = duration("healthy_after", policy.healthyAfter)
        policy.maxRestarts = configuration["max_restarts"]?.integerValue.map { Int($0) } ?? policy.maxRestarts
        policy.restartWindow = duration("restart_window", policy.restartWindow)
        policy.readinessFailures = readinessProbe?.failures ?? policy.readinessFailures
        policy.livenessFailures = livenessProbe?.failures ?? policy.livenessFailures
        policy.hasStartupProbe = effectiveStartupProbe != nil
        policy.startedAfter = duration("started_after", policy.startedAfter)
        policy.awaitsReadiness = startupProbe != nil && readinessProbe != nil
    }

    /// What cannot work in a configuration that the schema allows.
    package static func problems(in configuration: ConfigValue) -> [ConfigViolation] {
        ProcessReview(configuration).problems
    }

    /// What may not work in a configuration on this host as it is now.
    package static func warnings(in configuration: ConfigValue, on supervision: Supervision) -> [ConfigViolation] {
        var warnings = ProcessReview(configuration).warnings
        if configuration["limits"]?["memory"] != nil, !Cgroup.offersMemory(below: supervision.groups) {
            warnings.append(
                ConfigViolation(
                    path: ["limits", "memory"],
                    message: "does not limit anything: the daemon has no control group with a memory controller"))
        }
        return warnings
    }

    /// The places where, by the configuration itself, the instances listen.
    package static func places(in configuration: ConfigValue) -> [(path: ConfigPath, place: ListeningPlace)] {
        ProcessReview(configuration).fixedPlaces
    }

    /// The range of the instances' ports; nil when the configuration uses none.
    static func ports(in configuration: ConfigValue) -> ClosedRange<UInt16>? {
        guard ProcessReview(configuration).usesPort else { return nil }
        return configuration["port_range"]?.stringValue.flatMap { ports($0) }
    }

    private static func templates(_ value: ConfigValue?) -> [CommandTemplate] {
        (value?.listValue ?? []).compactMap(\.stringValue).compactMap { try? CommandTemplate(parsing: $0) }
    }

    private static func probe(_ probes: ConfigValue?, _ name: String) throws(BackendError) -> Probe? {
        guard let value = probes?[name] else { return nil }
        return try Probe(configuration: value, path: "probes.\(name)")
    }

    static func ports(_ text: String) -> ClosedRange<UInt16>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low <= high else { return nil }
        return low...high
    }
}

extension ProcessLimits {
    fileprivate init(_ value: ConfigValue) {
        self.init(
            resources: (value["resources"]?.mapValue ?? [:]).compactMapValues(\.integerValue),
            nice: value["nice"]?.integerValue.map { Int($0) },
            processors: (value["cpus"]?.listValue ?? []).compactMap(\.integerValue).map { Int($0) },
            memory: value["memory"]?.integerValue)
    }
}
