// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

extension BackendType {
    /// `FAULTY`: processes that misbehave on purpose, so that users can test how their own programs handle it.
    package static func faulty(on supervision: Supervision) -> BackendType {
        BackendType(
            name: "FAULTY", summary: "Runs processes that misbehave as configured, to test how programs handle it.",
            schema: ConfigSchema(fields: faults + ProcessSettings.superviseFields + ProcessSettings.modelFields),
            definitionID: "backendd.Faulty",
            check: { ProcessSettings.problems(in: command(for: $0)) },
            runsProcesses: { _ in true },
            make: { name in
                ProcessBackend(name: name, supervision: supervision) { configuration throws(BackendError) in
                    var settings = try ProcessSettings(configuration: command(for: configuration), of: name)
                    settings.listenerPeriod = nil
                    return settings
                }
            })
    }

    private static let faults: [ConfigField] = [
        ConfigField(
            "scope", .string(ConfigStringRule(choices: ProcessSettings.Scope.allCases.map(\.rawValue))),
            "Whether one process serves all models, or each model has its own process.", default: "backend"),
        ConfigField("boot_time", .duration(), "How long the process takes until it is ready.", default: "0s"),
        ConfigField(
            "boot_exit_code", .integer(0...255), "The exit code with which the process ends instead of becoming ready."),
        ConfigField(
            "hang_on_boot", .bool, "Whether the process never becomes ready, and does not end.", default: false),
        ConfigField("crash_after", .duration(), "How long after it became ready the process ends; by default never."),
        ConfigField(
            "exit_code", .integer(0...255), "The exit code with which the process ends after crash_after.", default: 1),
        ConfigField("ignore_term", .bool, "Whether the process ignores SIGTERM.", default: false),
        ConfigField(
            "grandchildren", .integer(0...100),
            "How many descendants the process leaves behind, each in its own session.", default: 0),
        ConfigField(
            "stderr", .string(), "The text that the process writes to standard error at its start.", default: ""),
    ]

    /// The process that misbehaves, as a configuration of PROCESS.
    private static func command(for configuration: ConfigValue) -> ConfigValue {
        guard case .map(var members) = configuration else { return configuration }
        func seconds(_ key: String) -> ConfigValue {
            guard let duration = configuration[key]?.durationValue else { return "" }
            return .string("\(Double(duration.nanoseconds) / 1e9)")
        }
        func number(_ key: String) -> ConfigValue {
            configuration[key]?.integerValue.map { .string("\($0)") } ?? ""
        }
        func flag(_ key: String) -> ConfigValue { configuration[key]?.boolValue == true ? "yes" : "" }
        // The text is data: it has no macros, and no shell interprets it.
        let errorText = (configuration["stderr"]?.stringValue ?? "").replacing("$", with: "$$")
        members["env"] = [
            "FAULTY_BOOT_TIME": seconds("boot_time"), "FAULTY_BOOT_EXIT": number("boot_exit_code"),
            "FAULTY_HANG": flag("hang_on_boot"), "FAULTY_CRASH_AFTER": seconds("crash_after"),
            "FAULTY_EXIT": number("exit_code"), "FAULTY_IGNORE_TERM": flag("ignore_term"),
            "FAULTY_GRANDCHILDREN": number("grandchildren"), "FAULTY_STDERR": .string(errorText),
        ]
        members["command"] = ["/bin/sh", "-c", .string(script), "faulty", "${SOCKET}"]
        // Nothing listens there: failing calls are a fault, too.
        members["address"] = "unix:${SOCKET}"
        var probes = configuration["probes"]?.mapValue ?? [:]
        if (try? Probe(configuration: probes["startup"] ?? [:])) == nil {
            probes["startup"] = [
                "log_line": ["pattern": "faulty is ready"], "period": "1s", "timeout": "5s", "failures": 1,
            ]
        }
        members["probes"] = .map(probes)
        return .map(members)
    }

    private static let script = """
        [ -z "$FAULTY_IGNORE_TERM" ] || trap '' TERM
        [ -z "$FAULTY_STDERR" ] || printf '%s\\n' "$FAULTY_STDERR" >&2
        count=0
        while [ "$count" -lt "$FAULTY_GRANDCHILDREN" ]; do
            (setsid sleep 1000000000 >/dev/null 2>&1 &)
            count=$((count + 1))
        done
        sleep "$FAULTY_BOOT_TIME"
        while [ -n "$FAULTY_HANG" ]; do sleep 1000000000; done
        [ -z "$FAULTY_BOOT_EXIT" ] || exit "$FAULTY_BOOT_EXIT"
        echo 'faulty is ready'
        if [ -n "$FAULTY_CRASH_AFTER" ]; then
            sleep "$FAULTY_CRASH_AFTER"
            exit "$FAULTY_EXIT"
        fi
        while :; do sleep 1000000000; done
        """
}
