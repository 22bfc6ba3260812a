// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
package import ConfigDocument
internal import TextKeys

/// What a configuration file makes of the backends of a daemon.
package struct ImportPlan: Sendable {
    /// What becomes of one entry.
    package struct Step: Hashable, Sendable {
        package let entry: ImportedBackend
        /// Whether it is created.
        package let isNew: Bool
        /// That of the entry or, for a new backend, the one that its place in the file gives it.
        package let priority: Int32?
    }

    private static let schema = ConfigSchema(
        fields: [ConfigField("backends", .list(of: .object(.backendEntry)), "", isRequired: true)],
        allowsOtherKeys: true)

    private let file: ConfigText
    private let entries: [ImportedBackend]

    /// Reads all entries.
    ///
    /// - Throws: What is wrong with the file; the failure names each place. That a type does not take a configuration is found by the daemon.
    package init(_ file: ConfigText) throws(CommandFailure) {
        self.file = file
        let violations = Self.schema.violations(in: file.root)
        guard violations.isEmpty else { throw Self.failure("CONFIG_INVALID", violations, in: file) }
        let list = file.root["backends"]?.listValue ?? []
        var (entries, names): ([ImportedBackend], Set<String>) = ([], [])
        for (index, value) in list.enumerated() {
            let path = ConfigPath(["backends", .index(index)])
            let entry = try ImportedBackend(value, at: path)
            guard names.insert(entry.name).inserted else {
                throw Self.failure(
                    "CONFIG_INVALID", [ConfigViolation(path: path, message: "backend \(entry.name) is listed twice")],
                    in: file)
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// The steps in an order that the daemon takes: a backend is created after those that it comes after.
    ///
    /// - Throws: If an entry has another type than the backend of its name, or no order is possible; then nothing is to be done.
    package func steps(beside known: [BackendDescription]) throws(CommandFailure) -> [Step] {
        try steps(types: Dictionary(known.map { ($0.name, $0.type) }) { $1 }, highest: known.map(\.priority).max())
    }

    /// The same for backends of these types by name, with the highest of their priorities.
    package func steps(types: [String: String], highest: Int32?) throws(CommandFailure) -> [Step] {
        try checkTypes(types)
        var (waiting, done) = (numbered(types, highest), Set(types.keys))
        try checkNames(of: waiting, known: done.union(entries.map(\.name)))
        var steps: [Step] = []
        while let index = waiting.firstIndex(where: { !$0.isNew || $0.entry.after.allSatisfy(done.contains) }) {
            let next = waiting.remove(at: index)
            done.insert(next.entry.name)
            steps.append(next)
        }
        guard let stuck = waiting.first else { return steps }
        throw failure(
            "ORDER_INVALID", stuck.entry,
            "makes a cycle with \(waiting.map(\.entry.name).joined(separator: ", ")); leave one of them out")
    }

    private func checkTypes(_ types: [String: String]) throws(CommandFailure) {
        for entry in entries {
            guard let type = types[entry.name], type != entry.type else { continue }
            throw .usage(
                "TYPE_DIFFERS", "backend \(entry.name) is of type \(type), not \(entry.type)",
                hint: "delete it first, or take it out of the file")
        }
    }

    private func checkNames(of steps: [Step], known: Set<String>) throws(CommandFailure) {
        for step in steps where step.isNew {
            guard let other = step.entry.after.first(where: { !known.contains($0) }) else { continue }
            throw failure(
                "ORDER_INVALID", step.entry,
                "names \(other.quoted()), and neither the daemon nor the file has a backend of that name")
        }
    }

    /// The entries in their order, which decides about the priorities of those that say none, whatever the order of their creation.
    private func numbered(_ types: [String: String], _ highest: Int32?) -> [Step] {
        var last = highest
        return entries.map { entry in
            guard types[entry.name] == nil else { return Step(entry: entry, isNew: false, priority: entry.priority) }
            let next = last.map { Int32(clamping: Int64($0) + 10) } ?? 0
            let priority = entry.priority ?? next
            last = max(last ?? priority, priority)
            return Step(entry: entry, isNew: true, priority: priority)
        }
    }

    /// What the daemon has refused about an entry, with the places in the file.
    package func message(of error: BackendClientError, about entry: ImportedBackend) -> String {
        let violations = error.violations.compactMap { violation -> ConfigViolation? in
            // A call has fields that an entry does not have, such as the owner.
            guard let inner = try? ConfigPath(parsing: violation.field), case .key(let key)? = inner.components.first,
                ConfigSchema.backendEntry.field(key) != nil
            else { return nil }
            return ConfigViolation(path: entry.path.appending(inner), message: violation.description)
        }
        // Other messages say more than their violations.
        guard error.reason == .configInvalid, !violations.isEmpty else {
            let path = violations.first?.path ?? entry.path
            return Self.text([ConfigViolation(path: path, message: error.message)], in: file)
        }
        return Self.text(violations, in: file)
    }

    private func failure(_ reason: String, _ entry: ImportedBackend, _ message: String) -> CommandFailure {
        Self.failure(
            reason, [ConfigViolation(path: entry.path.appending(.key("after")), message: message)], in: file)
    }

    private static func failure(
        _ reason: String, _ violations: [ConfigViolation], in file: ConfigText
    ) -> CommandFailure {
        .usage(reason, text(violations, in: file), hint: "see 'backendctl config export' for the form of the file")
    }

    private static func text(_ violations: [ConfigViolation], in file: ConfigText) -> String {
        violations.map { violation in
            let place = file.nearestLocation(to: violation.path)
            return "\(file.name):\(place.line):\(place.column): \(violation)"
        }.joined(separator: "\n")
    }
}

/// An entry of the list `backends` of a configuration file.
package struct ImportedBackend: Hashable, Sendable {
    package let path: ConfigPath
    package let name: String
    package let type: String
    package let priority: Int32?
    package let config: ConfigurationValue
    package let start: StartPolicy
    package let after: [String]
    /// The keys with a value that a call cannot hand over.
    package let ignoredKeys: [String]

    /// Whether a configuration, a map with its defaults, has all that this entry sets.
    package func isInEffect(in effective: ConfigValue) -> Bool {
        effective.merged(with: ConfigValue(config)) == effective
    }

    /// Reads an entry that the schema allows.
    fileprivate init(_ entry: ConfigValue, at path: ConfigPath) throws(CommandFailure) {
        self.path = path
        name = entry["name"]?.stringValue ?? ""
        type = entry["type"]?.stringValue ?? ""
        priority = entry["priority"]?.integerValue.flatMap { Int32(exactly: $0) }
        start = entry["start"]?.stringValue.flatMap { StartPolicy(word: $0) } ?? .onDemand
        after = (entry["after"]?.listValue ?? []).compactMap(\.stringValue)
        let apply = entry["apply"]
        ignoredKeys = apply == nil || apply == ConfigSchema.backendEntry.field("apply")?.defaultValue ? [] : ["apply"]
        let config = entry["config"] ?? [:]
        if let (masked, _) = config.leafPaths().first(where: { $0.1 == ConfigSchema.mask }) {
            throw .usage(
                "SECRET_MASKED", "\(path).config.\(masked) of backend \(name) is a masked secret",
                hint: "write the secret itself, or export with --secrets")
        }
        self.config = try ConfigurationValue(configuration: config)
    }
}
