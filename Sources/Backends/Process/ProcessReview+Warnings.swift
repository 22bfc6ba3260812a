// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TextKeys

extension ProcessReview {
    /// Limits that a start cannot set, or with which no program can run.
    var limitWarnings: [ConfigViolation] {
        guard let number = configuration["limits"]?["resources"]?["nofile"]?.integerValue else { return [] }
        let path: ConfigPath = ["limits", "resources", "nofile"]
        // Standard input, output and error, and one for the program's own file.
        if number < 4 {
            return [ConfigViolation(path: path, message: "leaves the program no descriptor for its own files")]
        }
        guard let most = Self.mostDescriptors, number > most else { return [] }
        return [
            ConfigViolation(
                path: path, message: "is above \(most), the limit of this host's fs.nr_open; starts will fail")
        ]
    }

    /// Nil when the system does not show it.
    private static var mostDescriptors: Int64? {
        guard let bytes = try? File.read(path: "/proc/sys/fs/nr_open", limit: 64) else { return nil }
        return Int64(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
    }

    /// Times of the startup probe that are longer than a start may take, and pinned models that do not fit.
    var timeWarnings: [ConfigViolation] {
        var warnings: [ConfigViolation] = []
        if let load = configuration["load_timeout"]?.durationValue {
            for (key, usual) in [
                ("period", ProcessSettings.startupPeriod), ("timeout", ProcessSettings.startupTimeout),
            ] {
                let time = configuration["probes"]?["startup"]?[key]?.durationValue
                // A default that is too long is harmless.
                guard let time, time.nanoseconds > load.nanoseconds, time.duration != usual else { continue }
                warnings.append(
                    ConfigViolation(
                        path: ["probes", "startup", .key(key)],
                        message: "is longer than load_timeout, the time in which the program has to be ready"))
            }
        }
        let pinned = configuration["pinned"]?.listValue?.compactMap(\.stringValue) ?? []
        // The number of models that match a pattern is unknown.
        let named = Set(pinned.filter { !ModelGlob.isPattern($0) }.map { Array($0.utf8) })
        func compare(_ most: ConfigValue?, _ count: Int, _ limit: String) {
            guard let most = most?.integerValue, most > 0, count > most else { return }
            warnings.append(
                ConfigViolation(
                    path: ["pinned"],
                    message:
                        "names \(count) models, but \(limit) allows only \(most) at a time"))
        }
        compare(configuration["max_loaded"], named.count, "max_loaded")
        for (name, group) in (configuration["groups"]?.mapValue ?? [:]).sorted() {
            let members = (group["members"]?.listValue ?? []).compactMap(\.stringValue).map { ModelGlob($0) }
            let count = named.count { model in
                members.contains { $0.matches(String(decoding: model, as: UTF8.self)) }
            }
            compare(group["max_loaded"], count, "max_loaded of the group \(name)")
        }
        return warnings
    }
}
