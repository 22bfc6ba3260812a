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
        var table = TextTable(
            "NAME", "TYPE", "PRIORITY", "START", "STATE", "GENERATION", "LOCK", "WHY", leavesOutEmpty: true)
        for backend in backends {
            table.append(
                backend.name, backend.type, String(backend.priority), backend.startRule, backend.shownState,
                String(backend.generation), backend.startLockHolder.map { "pid \($0.pid)" } ?? "",
                [backend.hold?.line, backend.trouble].compactMap(\.self).joined(separator: "; "))
        }
        return Report(text: table.text, document: ["backends": .list(backends.map { ConfigValue($0) })])
    }

    package static func backend(_ backend: BackendDescription, withOrigins: Bool) -> Report {
        var fields = FieldList()
        fields.append("name", backend.name)
        fields.append("type", backend.type)
        fields.append("priority", String(backend.priority))
        fields.append("start", backend.startText)
        fields.append("state", backend.shownState)
        fields.append("held", backend.hold?.text)
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
                    + (instance.failure.map { (instance.isEndOfFailure ? ", last " : ", ") + $0.reason.rawValue } ?? "")
            )
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

    /// Returns the configuration as YAML, which escapes control characters, or as a table with layers.
    private static func configText(_ backend: BackendDescription, withOrigins: Bool) -> String {
        let config = ConfigValue(backend.config)
        guard withOrigins else { return config.yaml() }
        var table = TextTable("PATH", "VALUE", "LAYER")
        for origin in backend.origins {
            table.append(origin.path, value(at: origin.path, in: config), origin.layer.rawValue)
        }
        return table.text
    }

    private static func value(at path: String, in config: ConfigValue) -> String {
        guard let path = try? ConfigPath(parsing: path), let value = config[path] else { return "" }
        return value.json(pretty: false)
    }

    package static func started(_ update: BackendUpdate) -> Report {
        let trouble = update.backend.unready.map { ", and is UNREADY: \($0.line)" } ?? ""
        return Report(
            text: line(of: update.backend, (update.isChanged ? "is started" : "was already started") + trouble),
            document: ["backend": ConfigValue(update.backend), "already_started": .bool(!update.isChanged)])
    }

    package static func stopped(_ update: BackendUpdate) -> Report {
        Report(
            text: line(of: update.backend, update.isChanged ? "is stopped" : "was already stopped"),
            document: ["backend": ConfigValue(update.backend), "already_stopped": .bool(!update.isChanged)])
    }

    /// `part` is a model or a process of the backend; nil: all of it.
    package static func restarted(_ backend: BackendDescription, _ part: String? = nil) -> Report {
        let trouble = backend.unready.map { ", and is UNREADY: \($0.line)" } ?? ""
        return Report(
            text: line(of: backend, "has restarted" + (part.map { " \($0)" } ?? "") + trouble),
            document: ["backend": ConfigValue(backend)])
    }

    package static func enabled(_ update: BackendUpdate) -> Report {
        Report(
            text: line(of: update.backend, update.isChanged ? "is enabled" : "was already enabled"),
            document: ["backend": ConfigValue(update.backend), "already_enabled": .bool(!update.isChanged)])
    }

    package static func disabled(_ update: BackendUpdate) -> Report {
        Report(
            text: line(of: update.backend, update.isChanged ? "is disabled" : "was already disabled"),
            document: ["backend": ConfigValue(update.backend), "already_disabled": .bool(!update.isChanged)])
    }

    /// With the keys of its entry in an imported file that a call cannot hand over.
    package static func created(_ backend: BackendDescription, ignoring ignored: [String] = []) -> Report {
        let words = "is created, type \(backend.type), priority \(backend.priority)"
        guard !ignored.isEmpty else {
            return Report(text: line(of: backend, words), document: ["backend": ConfigValue(backend)])
        }
        return Report(
            text: line(of: backend, "\(words); only the daemon's own file can set \(ignored.joined(separator: ", "))"),
            document: ["backend": ConfigValue(backend), "ignored": .list(ignored.map { .string($0) })])
    }

    package static func deleted(_ name: String) -> Report {
        Report(text: PlainText.escaped("\(name) is deleted") + "\n", document: ["deleted": .string(name)])
    }

    package static func configured(_ update: BackendUpdate) -> Report {
        configured(update.backend, isChanged: update.isChanged, isStaged: update.isStaged)
    }

    /// A backend that has the configuration already, so that it was not called.
    static func unchanged(_ backend: BackendDescription) -> Report {
        configured(backend, isChanged: false, isStaged: false)
    }

    private static func configured(_ backend: BackendDescription, isChanged: Bool, isStaged: Bool) -> Report {
        let words =
            if isStaged {
                "keeps the patch for its next start"
            } else if isChanged {
                "has a new configuration, generation \(backend.generation)"
            } else {
                "already has this configuration, generation \(backend.generation)"
            }
        return Report(
            text: line(of: backend, words),
            document: ["backend": ConfigValue(backend), "changed": .bool(isChanged), "staged": .bool(isStaged)])
    }

    private static func line(of backend: BackendDescription, _ words: String) -> String {
        PlainText.escaped("\(backend.name) \(words)") + "\n"
    }
}

extension BackendDescription {
    /// The state, or UNREADY for a started backend that cannot serve.
    var shownState: String { unready == nil ? state.description : "UNREADY" }

    /// Who may start it: `on_demand`, or `boot, disabled`.
    var startRule: String { start.description.lowercased() + (isEnabled ? "" : ", disabled") }

    /// The same with the order.
    var startText: String { startRule + (after.isEmpty ? "" : ", after \(after.joined(separator: ", "))") }

    /// Why it has failed, cannot serve, is not ready yet, or why its output is not kept, in one line.
    var trouble: String? {
        let waiting = state == .starting ? instances.lazy.compactMap(\.failure).first : nil
        return (failure ?? unready ?? waiting ?? instances.lazy.compactMap(\.logFailure).first)?.line
    }
}

extension BackendHold {
    var text: String { "stopped by pid \(pid) of uid \(uid)" + (time.map { " at \($0)" } ?? "") }

    /// The reason of requests that are refused because of it, and who has stopped the backend.
    var line: String { "\(FailureReason.backendHeld): \(text)" }
}

extension InstanceDescription {
    /// Whether its failure says how its process last ended, not why it cannot serve now.
    var isEndOfFailure: Bool { failure.map { ![.probeFailed, .readinessFailed].contains($0.reason) } ?? false }
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
    /// The first line; if it announces the output of a program, it is followed by the last line of that.
    package var inOneLine: String {
        let lines = split(separator: "\n")
        guard let first = lines.first else { return "" }
        guard first.hasSuffix(":"), let last = lines.dropFirst().last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return String(first.hasSuffix("; it last wrote:") ? first.dropLast("; it last wrote:".count) : first)
        }
        return "\(first) \(last)"
    }
}
