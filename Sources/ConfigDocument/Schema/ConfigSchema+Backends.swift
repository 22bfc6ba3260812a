// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the configuration file of the daemon and the files that `backendctl config import` reads have in common.
extension ConfigSchema {
    /// The keys of one entry of the list `backends` of a configuration file.
    package static let backendEntry = ConfigSchema(fields: [
        ConfigField(
            "name", .string(ConfigStringRule(length: 1...63)), "Matches [a-z][a-z0-9-]{0,62}.", isRequired: true),
        ConfigField("type", .string(), "A type that `backendctl types` lists.", isRequired: true),
        ConfigField(
            "priority", .integer(Int64(Int32.min)...Int64(Int32.max)),
            "Backends with lower numbers are asked first. By default the entries are numbered 0, 10, 20, …"),
        ConfigField(
            "start", .string(ConfigStringRule(choices: ["boot", "on_demand", "manual"])),
            "Who may start it: boot, the daemon at its own start, and requests; on_demand, requests; manual, only a start command.",
            default: "on_demand"),
        ConfigField(
            "after", .list(of: .string(ConfigStringRule(length: 1...63))),
            "The backends that are started before it when the daemon starts.", default: []),
        ConfigField(
            "apply", .string(ConfigStringRule(choices: ["now", "next_start", "rolling"])),
            "When a reload applies a change that needs a restart: now, with the next_start, or rolling, one model after the other.",
            default: "next_start"),
        ConfigField("config", .map(of: .any), "The configuration of the type.", default: [:]),
    ])
}
