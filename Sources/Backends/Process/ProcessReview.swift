// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TextKeys

/// Reviews a configuration of PROCESS that the schema allows: what cannot work is a problem, what may not work is a warning.
struct ProcessReview {
    /// The names of `prlimit`.
    private static let probes = ["startup", "readiness", "liveness"]

    let configuration: ConfigValue
    private(set) var problems: [ConfigViolation] = []
    private var macros: Set<TextKey> = []
    /// The macros in texts that the program does not get. It has to get their port or socket elsewhere.
    private var unpassed: [(path: ConfigPath, macro: TextKey)] = []
    /// The places where, by the configuration itself, every instance listens.
    private(set) var fixedPlaces: [(path: ConfigPath, place: ListeningPlace)] = []

    init(_ configuration: ConfigValue) {
        self.configuration = configuration
        reviewCommands()
        reviewEnvironment()
        reviewLimits()
        let probes = Self.probes.compactMap { name in reviewedProbe(name).map { (name, $0) } }
        // What a probe may leave out depends on all macros.
        for (name, probe) in probes { reviewPlace(of: probe, name) }
        reviewAddress()
        reviewMacros()
        reviewTimes(isProbed: probes.contains { $0.0 != "liveness" })
        reviewModels()
        problems += ModelSettings.problems(in: configuration)
    }

    private mutating func problem(_ path: ConfigPath, _ message: String) {
        problems.append(ConfigViolation(path: path, message: message))
    }

    private var isPerModel: Bool { configuration["scope"]?.stringValue == ProcessSettings.Scope.model.rawValue }
    /// Whether the program gets a port.
    var usesPort: Bool { macros.contains("PORT") }
    private var usesSocket: Bool { macros.contains("SOCKET") }

    // MARK: Texts

    /// Reviews a text with macros; `isPassed` says that the program gets it.
    private mutating func review(_ text: String?, _ path: ConfigPath, isPassed: Bool = false) {
        guard let text else { return }
        reviewBytes(text, path)
        do throws(Problem) {
            let found = try CommandTemplate(parsing: text).macros
            macros.formUnion(isPassed ? found : found.subtracting(["PORT", "SOCKET"]))
            if !isPassed { unpassed += found.sorted().map { (path, $0) } }
            for macro in found.sorted() {
                guard let name = CommandTemplate.variable(macro), Environment.all[name] == nil else { continue }
                problem(
                    path,
                    Environment.malformedNames.contains(name)
                        ? "uses ${\(macro.text)}, whose value in the daemon's environment is not valid UTF-8"
                        : "uses ${\(macro.text)}, which the daemon's environment does not have")
            }
        } catch {
            problem(path, error.description)
        }
    }

    /// Finds ports and sockets that the program does not get: nothing would listen there.
    private mutating func reviewMacros() {
        for (path, macro) in unpassed where ["PORT", "SOCKET"].contains(macro) && !macros.contains(macro) {
            problem(path, "uses ${\(macro.text)}, which the program does not get; use it in command or env, too")
        }
    }

    private mutating func reviewBytes(_ text: String, _ path: ConfigPath) {
        if text.utf8.contains(0) { problem(path, "contains a NUL byte, which cannot be passed to a program") }
    }

    private mutating func reviewCommands() {
        for key in ["command", "stop_command"] {
            for (index, value) in (configuration[key]?.listValue ?? []).enumerated() {
                review(value.stringValue, [.key(key), .index(index)], isPassed: key == "command")
            }
        }
        if configuration["command"]?.listValue?.first?.stringValue?.isEmpty ?? true {
            problem(["command"], "names no program")
        }
        // Without a stop command, the stop signal is sent.
        if configuration["stop_command"]?.listValue?.first?.stringValue?.isEmpty ?? false {
            problem(["stop_command"], "names no program")
        }
        if let range = configuration["port_range"]?.stringValue, ProcessSettings.ports(range) == nil {
            problem(["port_range"], "must be a range of ports, lowest first, such as 5800-6799")
        }
        if let directory = configuration["working_directory"]?.stringValue {
            reviewBytes(directory, ["working_directory"])
        }
    }

    private mutating func reviewEnvironment() {
        for key in ["env", "secret_files"] {
            let variables = (configuration[key]?.mapValue ?? [:]).sorted()
            for (name, value) in variables {
                let path: ConfigPath = [.key(key), .key(name)]
                if name.isEmpty || name.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == 0 }) {
                    problem(path, "is not a valid variable name: it must not be empty or contain = or NUL")
                }
                if key == "secret_files", configuration["env"]?[name] != nil {
                    problem(path, "is also set by env; leave out one of them")
                }
                if key == "env" {
                    review(value.stringValue, path, isPassed: true)
                } else if let file = value.stringValue {
                    reviewBytes(file, path)
                }
            }
        }
    }

    private mutating func reviewLimits() {
        let limits = configuration["limits"]
        for name in (limits?["resources"]?.mapValue ?? [:]).sortedKeys where ProcessLimits.number(of: name) == nil {
            problem(
                ["limits", "resources", .key(name)],
                "is not a limit of prlimit; known are \(ProcessLimits.names.joined(separator: ", "))")
        }
        guard let online = Processors.online else { return }
        for (index, value) in (limits?["cpus"]?.listValue ?? []).enumerated() {
            guard let number = value.integerValue, !online.contains(number) else { continue }
            problem(["limits", "cpus", .index(index)], "this host has no processor \(number)")
        }
    }

    // MARK: Probes and addresses

    private mutating func reviewedProbe(_ name: String) -> Probe? {
        guard let value = configuration["probes"]?[name] else { return nil }
        let path: ConfigPath = ["probes", .key(name)]
        do throws(BackendError) {
            let probe = try Probe(configuration: value, path: "probes.\(name)")
            if case .exec(let command) = probe?.kind {
                for (index, text) in command.enumerated() {
                    review(text, path.appending(["exec", "command", .index(index)]))
                }
            }
            if case .logLine = probe?.kind, name != "startup" {
                problem(path, "waits for a line of the log, which only shows that an instance has started")
            }
            return probe
        } catch {
            let violation = error.violations.first
            // The paths of violations begin with `config`.
            let inner = violation.flatMap { try? ConfigPath(parsing: String($0.path.dropFirst("config.".count))) }
            problem(inner ?? path, violation?.description ?? error.message)
            return nil
        }
    }

    private mutating func reviewPlace(of probe: Probe, _ name: String) {
        let key: String
        let fixed: ListeningPlace?
        let isKnown: Bool
        switch probe.kind {
        case .exec, .logLine: return
        case .http(_, let port, _): (key, fixed, isKnown) = ("http", port.map { .port($0) }, usesPort || usesSocket)
        case .grpc(_, let port): (key, fixed, isKnown) = ("grpc", port.map { .port($0) }, usesPort || usesSocket)
        case .tcp(let port): (key, fixed, isKnown) = ("tcp", port.map { .port($0) }, usesPort)
        case .unix(let path): (key, fixed, isKnown) = ("unix", path.map { .socket($0) }, usesSocket)
        }
        let path: ConfigPath = ["probes", .key(name), .key(key)]
        if let fixed {
            if probe.requiresOwnListener { fixedPlaces.append((path, fixed)) }
        } else if !isKnown {
            problem(
                path,
                key == "unix"
                    ? "has no path, and the command does not use ${SOCKET}; set path"
                    : "has no port, and the command does not use ${PORT}; set port")
        }
    }

    private mutating func reviewAddress() {
        let address = configuration["address"]?.stringValue
        review(address, ["address"])
        if address?.isEmpty == true {
            problem(["address"], "must not be empty; leave it out instead")
        } else if let fault = address.flatMap({ expanded($0) }).flatMap({ ListeningPlace.problem(of: $0) }) {
            problem(["address"], fault.description)
        }
        if let address, !address.contains("$"), let place = ListeningPlace(address: address) {
            fixedPlaces.append((["address"], place))
        }
        let isServing = configuration["models"]?.listValue?.isEmpty == false
        if isPerModel || isServing, address == nil, !usesPort, !usesSocket {
            problem(
                ["command"],
                "gives its models no address; use ${PORT} or ${SOCKET} in it, or set address")
        }
        if isPerModel, configuration["max_loaded"]?.integerValue != 1 {
            for (path, _) in fixedPlaces {
                problem(path, "is the same for every model; use ${PORT} or ${SOCKET}, or set max_loaded to 1")
            }
        }
    }

    /// The address with example values for its macros; nil when it cannot be expanded.
    private func expanded(_ address: String) -> String? {
        let ports = configuration["port_range"]?.stringValue.flatMap { ProcessSettings.ports($0) }
        let values: TextMap<String> = [
            "BACKEND": "backend", "MODEL_ID": "model", "SOCKET": "/socket", "PORT": "\(ports?.lowerBound ?? 5800)",
        ]
        return try? CommandTemplate(parsing: address).expanded(values, environment: Environment.all)
    }

    private mutating func reviewTimes(isProbed: Bool) {
        guard let load = configuration["load_timeout"]?.durationValue?.duration else { return }
        if load <= .zero { problem(["load_timeout"], "must be above 0s") }
        if let window = configuration["restart_window"]?.durationValue?.duration, window <= .zero {
            problem(["restart_window"], "must be above 0s; otherwise a process that crashes is restarted indefinitely")
        }
        if !isProbed, !usesPort, !usesSocket, configuration["address"] == nil,
            let started = configuration["started_after"]?.durationValue?.duration, started >= load
        {
            problem(["started_after"], "must be shorter than load_timeout")
        }
    }

    private mutating func reviewModels() {
        if !isPerModel, macros.contains("MODEL_ID") {
            problem(["scope"], "is backend, but ${MODEL_ID} has a value only with scope: model")
        }
        if isPerModel, configuration["models"]?.listValue?.isEmpty ?? true {
            problem(["models"], "is missing; with scope: model, list the models it serves, or [\"*\"] for any")
        }
        let groups = (configuration["groups"]?.mapValue ?? [:]).sorted()
        for (name, group) in groups where group["members"]?.listValue?.isEmpty ?? true {
            problem(["groups", .key(name), "members"], "must name at least one model")
        }
        let models = configuration["models"]?.listValue?.compactMap(\.stringValue).map { ModelGlob($0) }
        func reviewed(_ value: ConfigValue?, _ path: ConfigPath) {
            for (index, member) in (value?.listValue ?? []).enumerated() {
                guard let text = member.stringValue else { continue }
                let isPattern = ModelGlob.isPattern(text)
                let glob = ModelGlob(text)
                let isServed = models?.contains { isPattern ? $0.mayOverlap(glob) : $0.matches(text) }
                if isServed == true { continue }
                let message =
                    isServed == nil
                    ? "needs models: without it, the backend serves only the model that has the backend's name"
                    : isPattern
                        ? "does not match any model that a pattern of models matches"
                        : "is not matched by any pattern of models"
                problem(path.appending([.index(index)]), message)
            }
        }
        reviewed(configuration["pinned"], ["pinned"])
        for (name, group) in groups {
            reviewed(group["members"], ["groups", .key(name), "members"])
        }
    }
}

// MARK: Warnings

extension ProcessReview {
    /// What may not work on this host as it is now.
    var warnings: [ConfigViolation] {
        var warnings: [ConfigViolation] = []
        func warn(_ path: ConfigPath, _ message: String) {
            warnings.append(ConfigViolation(path: path, message: message))
        }
        if let directory = configuration["working_directory"]?.stringValue {
            if let problem = ProgramSpec.problem(ofDirectory: directory) {
                warn(["working_directory"], problem.description)
            }
            if !directory.hasPrefix("/") {
                warn(["working_directory"], "is relative to the directory in which the daemon was started")
            }
        }
        for (path, command) in programs {
            if let problem = problem(ofProgramOf: command) { warn(path.appending(.index(0)), problem.description) }
        }
        warnings += usageWarnings + limitWarnings + timeWarnings
        for (name, value) in (configuration["secret_files"]?.mapValue ?? [:]).sorted() {
            guard let file = value.stringValue else { continue }
            let problem = File.problem(reading: file).map { "cannot be read: \($0)" }
            guard let message = problem ?? File.risk(of: file, as: "secret").map({ "\($0)" }) else { continue }
            warn(["secret_files", .key(name)], message)
        }
        if let pause = configuration["backoff"]?.durationValue,
            let limit = configuration["backoff_limit"]?.durationValue,
            pause.nanoseconds > limit.nanoseconds
        {
            warn(["backoff"], "is longer than backoff_limit, which is used instead")
        }
        return warnings
    }

    /// The commands in the configuration, with their paths.
    private var programs: [(ConfigPath, ConfigValue?)] {
        var programs: [(ConfigPath, ConfigValue?)] = ["command", "stop_command"].map { ([.key($0)], configuration[$0]) }
        for name in Self.probes {
            let command = configuration["probes"]?[name]?["exec"]?["command"]
            programs.append((["probes", .key(name), "exec", "command"], command))
        }
        return programs
    }

    /// What is wrong with the program of a command, or who else could change it; nil also when its path depends on macros.
    private func problem(ofProgramOf command: ConfigValue?) -> Problem? {
        let environment = configuration["env"]?["PATH"]?.stringValue ?? Environment.all["PATH"]
        guard let program = command?.listValue?.first?.stringValue, !program.contains("$"),
            environment?.contains("$") != true
        else { return nil }
        var spec = ProgramSpec(
            instance: "", arguments: [program], environment: [:],
            directory: configuration["working_directory"]?.stringValue)
        spec.environment["PATH"] = environment
        return spec.programProblem ?? spec.programRisk
    }

    /// Too few ports, and models that are listed twice.
    private var usageWarnings: [ConfigViolation] {
        var warnings: [ConfigViolation] = []
        if isPerModel, usesPort, let most = configuration["max_loaded"]?.integerValue,
            let ports = configuration["port_range"]?.stringValue.flatMap({ ProcessSettings.ports($0) }),
            ports.count < most
        {
            warnings.append(
                ConfigViolation(
                    path: ["port_range"],
                    message: "has \(ports.count) ports for the \(most) models of max_loaded; widen it"))
        }
        func findRepeated(_ list: ConfigValue?, _ path: ConfigPath) {
            var known: Set<TextKey> = []
            for (index, member) in (list?.listValue ?? []).enumerated() {
                guard let text = member.stringValue, !known.insert(TextKey(text)).inserted else { continue }
                warnings.append(ConfigViolation(path: path.appending(.index(index)), message: "is listed twice"))
            }
        }
        findRepeated(configuration["models"], ["models"])
        findRepeated(configuration["pinned"], ["pinned"])
        for (name, group) in (configuration["groups"]?.mapValue ?? [:]).sorted() {
            findRepeated(group["members"], ["groups", .key(name), "members"])
        }
        return warnings
    }
}

/// The processors of this host.
private enum Processors {
    /// Nil when the system does not show them.
    static let online: Set<Int64>? = {
        guard let bytes = try? File.read(path: "/sys/devices/system/cpu/online", limit: 65_536) else { return nil }
        var numbers: Set<Int64> = []
        for range in String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == "," || $0 == "\n" }) {
            let bounds = range.split(separator: "-").map { Int64($0) }
            guard let first = bounds.first, let low = first, let last = bounds.last, let high = last, low <= high,
                high < 65_536
            else { return nil }
            numbers.formUnion(low...high)
        }
        return numbers.isEmpty ? nil : numbers
    }()
}
