// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    package static func types(_ types: [BackendTypeDescription]) -> Report {
        var table = TextTable("NAME", "SUMMARY")
        for type in types { table.append(type.name, type.summary) }
        return Report(text: table.text, document: ["types": .list(types.map { ConfigValue($0) })])
    }

    package static func list(_ backends: [BackendDescription]) -> Report {
        var table = TextTable("NAME", "TYPE", "PRIORITY", "STATE", "GENERATION", "LOCK", "WHY", leavesOutEmpty: true)
        for backend in backends {
            table.append(
                backend.name, backend.type, String(backend.priority), backend.shownState,
                String(backend.generation), backend.startLockHolder.map { "pid \($0.pid)" } ?? "",
                backend.trouble ?? "")
        }
        return Report(text: table.text, document: ["backends": .list(backends.map { ConfigValue($0) })])
    }

    package static func backend(_ backend: BackendDescription, withOrigins: Bool) -> Report {
        var fields = FieldList()
        fields.append("name", backend.name)
        fields.append("type", backend.type)
        fields.append("priority", String(backend.priority))
        fields.append("state", backend.shownState)
        fields.append("unready", backend.unready.map { "\($0.reason): \($0.message)" })
        fields.append("failure", backend.failure.map { "\($0.reason): \($0.message)" })
        fields.append("generation", String(backend.generation))
        fields.append("staged", backend.isConfigStaged ? "a patch waits for the next start" : nil)
        fields.append("lock", backend.startLockHolder.map { "held by pid \($0.pid) of uid \($0.uid)" })
        fields.append("created", backend.createTime?.description)
        fields.append("changed", backend.stateTime?.description)
        for instance in backend.instances {
            let pid = instance.pid.map { ", pid \($0)" } ?? ""
            let place = instance.address.map { ", \($0)" } ?? ""
            fields.append(
                "process",
                "\(instance.name) \(instance.state)\(pid)\(place), \(instance.restarts) restarts"
                    + (instance.failure.map { ", last \($0.reason)" } ?? ""))
        }
        let config = configText(backend, withOrigins: withOrigins)
        return Report(
            text: fields.text + "config:\n" + config.indented, document: ConfigValue(backend, withOrigins: withOrigins))
    }

    package static func config(_ backend: BackendDescription, withOrigins: Bool) -> Report {
        let config = ConfigValue(backend.config)
        let document: ConfigValue =
            withOrigins ? ["config": config, "origins": ConfigValue(backend.origins)] : config
        return Report(text: configText(backend, withOrigins: withOrigins), document: document)
    }

    /// The configuration as YAML, which escapes what a terminal must not see, or as a table with layers.
    private static func configText(_ backend: BackendDescription, withOrigins: Bool) -> String {
        let config = ConfigValue(backend.config)
        guard withOrigins else { return config.yaml() }
        var table = TextTable("PATH", "VALUE", "LAYER")
        for origin in backend.origins { table.append(origin.path, value(at: origin.path, in: config), origin.layer) }
        return table.text
    }

    private static func value(at path: String, in config: ConfigValue) -> String {
        guard let path = try? ConfigPath(parsing: path), let value = config[path] else { return "" }
        return value.json(pretty: false)
    }

    package static func started(_ backend: BackendDescription, wasStarted: Bool) -> Report {
        let trouble = backend.unready.map { ", and is UNREADY: \($0.line)" } ?? ""
        return Report(
            text: line(of: backend, (wasStarted ? "was started already" : "is started") + trouble),
            document: ["backend": ConfigValue(backend), "already_started": .bool(wasStarted)])
    }

    package static func stopped(_ result: StopResult) -> Report {
        Report(
            text: line(of: result.backend, result.wasStopped ? "was stopped already" : "is stopped"),
            document: ["backend": ConfigValue(result.backend), "already_stopped": .bool(result.wasStopped)])
    }

    package static func created(_ backend: BackendDescription) -> Report {
        Report(
            text: line(of: backend, "is created, type \(backend.type), priority \(backend.priority)"),
            document: ["backend": ConfigValue(backend)])
    }

    package static func deleted(_ name: String) -> Report {
        Report(text: PlainText.escaped("\(name) is deleted") + "\n", document: ["deleted": .string(name)])
    }

    package static func configured(_ change: ConfigurationChange) -> Report {
        let words =
            if change.staged {
                "keeps the patch for its next start"
            } else if change.changed {
                "has a new configuration, generation \(change.backend.generation)"
            } else {
                "has this configuration already, generation \(change.backend.generation)"
            }
        return Report(
            text: line(of: change.backend, words),
            document: [
                "backend": ConfigValue(change.backend), "changed": .bool(change.changed),
                "staged": .bool(change.staged),
            ])
    }

    private static func line(of backend: BackendDescription, _ words: String) -> String {
        PlainText.escaped("\(backend.name) \(words)") + "\n"
    }
}

extension BackendDescription {
    /// The state, or UNREADY for a started backend that cannot serve.
    var shownState: String { unready == nil ? state.description : "UNREADY" }

    /// Why it has failed, cannot serve, or does not keep its output, in one line.
    var trouble: String? {
        (failure ?? unready ?? instances.lazy.compactMap(\.logFailure).first)?.line
    }
}

extension String {
    /// Each line two spaces to the right.
    fileprivate var indented: String {
        split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)\n" }.joined()
    }
}

extension BackendFailure {
    /// The reason and the message in one line.
    package var line: String { "\(reason): \(message.inOneLine)" }
}

extension String {
    /// The first line; one that announces what a program wrote ends with the last line of that.
    package var inOneLine: String {
        let lines = split(separator: "\n")
        guard let first = lines.first else { return "" }
        guard first.hasSuffix(":"), let last = lines.dropFirst().last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return String(first.hasSuffix("; it last wrote:") ? first.dropLast("; it last wrote:".count) : first)
        }
        return "\(first) \(last)"
    }
}
