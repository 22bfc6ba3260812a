// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// What is saved of a backend.
package struct BackendRecord: Equatable, Sendable {
    package var name: String
    package var type: String
    package var priority: Int32
    package var origin: BackendOrigin
    /// Grows with every backend that one run of the daemon creates: their order among those of one priority.
    package var creation: UInt64
    package var createTime: Timestamp
    package var configuration: SavedConfiguration
    /// Who may start it besides a person, and after which others; the file decides about its own backends.
    package var start: StartPolicy = .onDemand
    package var after: [String] = []
    package var isEnabled = true
    /// The stop by a person that keeps it down.
    package var hold: BackendHold?
    /// The boot of the host in which it was started, or was to be; nil when it is at rest.
    package var startedBoot: String?
}

/// Where a backend comes from.
package enum BackendOrigin: String, Hashable, Sendable {
    /// The configuration file: its entry is the base of the backend.
    case file
    /// A call: all of it is in the state.
    case rpc
}

/// The layers of a backend's configuration above the defaults of its type.
package struct SavedConfiguration: Equatable, Sendable {
    package var generation: UInt64
    var base: ConfigLayer
    var owners: [ConfigStack.Owner]
    /// The layers of the owners from the next start on, if a patch waits for it.
    var staged: [ConfigStack.Owner]?

    /// What the backend was created with.
    package var basePatch: ConfigValue { base.patches.last ?? [:] }

    /// The owners that have registered something, in order.
    package var ownerNames: [String] { owners.map(\.name) }
}

// MARK: As text

extension BackendRecord {
    /// The document as JSON.
    package var text: String { document.json(pretty: false) }

    /// - Throws: What is wrong with the text.
    package init(name: String, text: String) throws(Problem) {
        let document: ConfigValue
        do throws(ConfigSyntaxError) {
            document = try ConfigJSON.parse(Array(text.utf8), name: name, limit: Self.largestText).root
        } catch {
            throw Problem("is not valid: \(error)")
        }
        try self.init(name: name, document: document)
    }

    /// Larger than every text of a configuration within its limits, twice, with each character as an escape.
    private static let largestText = 16 << 20
}

// MARK: As a document

/// A document has one member per property. A member that was added later is optional when it is read, so that older documents stay
/// readable; a change that is more than that is a step of the schema in Storage.
extension BackendRecord {
    package var document: ConfigValue {
        var members: TextMap<ConfigValue> = [
            "type": .string(type), "priority": .integer(Int64(priority)), "origin": .string(origin.rawValue),
            "creation": .integer(Int64(clamping: creation)),
            "created": [.integer(createTime.seconds), .integer(Int64(createTime.nanoseconds))],
            "generation": .integer(Int64(clamping: configuration.generation)),
            "base": Self.patches(configuration.base), "owners": Self.list(configuration.owners),
        ]
        if let staged = configuration.staged { members["staged"] = Self.list(staged) }
        if start != .onDemand { members["start"] = .string(start.rawValue) }
        if !after.isEmpty { members["after"] = .list(after.map { .string($0) }) }
        if !isEnabled { members["enabled"] = .bool(false) }
        members["hold"] = hold.map { Self.document(of: $0) }
        members["started_boot"] = startedBoot.map { .string($0) }
        return .map(members)
    }

    /// - Throws: What is wrong with the document.
    package init(name: String, document: ConfigValue) throws(Problem) {
        self.name = name
        type = try Self.member("type", document) { $0.stringValue }
        priority = try Self.member("priority", document) { $0.integerValue.flatMap { Int32(exactly: $0) } }
        origin = try Self.member("origin", document) { $0.stringValue.flatMap { BackendOrigin(rawValue: $0) } }
        creation = try Self.member("creation", document) { $0.integerValue.flatMap { UInt64(exactly: $0) } }
        createTime = try Self.member("created", document, Self.time)
        configuration = SavedConfiguration(
            generation: try Self.member("generation", document) { $0.integerValue.flatMap { UInt64(exactly: $0) } },
            base: try Self.member("base", document) { $0.listValue.map { ConfigLayer(patches: $0.map(\.unpacked)) } },
            owners: try Self.member("owners", document, Self.owners),
            staged: document["staged"] == nil ? nil : try Self.member("staged", document, Self.owners))
        try readPolicy(document)
    }

    private mutating func readPolicy(_ document: ConfigValue) throws(Problem) {
        if document["start"] != nil {
            start = try Self.member("start", document) { $0.stringValue.flatMap { StartPolicy(rawValue: $0) } }
        }
        if document["after"] != nil {
            after = try Self.member("after", document) { value in
                value.listValue.flatMap { list in
                    let names = list.compactMap(\.stringValue)
                    return names.count == list.count ? names : nil
                }
            }
        }
        if document["enabled"] != nil { isEnabled = try Self.member("enabled", document, \.boolValue) }
        if document["hold"] != nil { hold = try Self.member("hold", document, Self.hold) }
        if document["started_boot"] != nil { startedBoot = try Self.member("started_boot", document, \.stringValue) }
    }

    private static func document(of hold: BackendHold) -> ConfigValue {
        [
            "pid": .integer(Int64(hold.caller.pid)), "uid": .integer(Int64(hold.caller.uid)),
            "time": [.integer(hold.time.seconds), .integer(Int64(hold.time.nanoseconds))],
        ]
    }

    private static func hold(_ value: ConfigValue) -> BackendHold? {
        guard let pid = value["pid"]?.integerValue.flatMap({ Int32(exactly: $0) }),
            let uid = value["uid"]?.integerValue.flatMap({ UInt32(exactly: $0) }),
            let time = value["time"].flatMap(time)
        else { return nil }
        return BackendHold(caller: CallerIdentity(pid: pid, uid: uid), time: time)
    }

    private static func time(_ value: ConfigValue) -> Timestamp? {
        guard let parts = value.listValue?.compactMap(\.integerValue), parts.count == 2,
            let nanoseconds = Int32(exactly: parts[1])
        else { return nil }
        return Timestamp(seconds: parts[0], nanoseconds: nanoseconds)
    }

    private static func member<Value>(
        _ key: String, _ document: ConfigValue, _ read: (ConfigValue) -> Value?
    ) throws(Problem) -> Value {
        guard let value = document[key].flatMap(read) else { throw Problem("has no valid \(key)") }
        return value
    }

    private static func patches(_ layer: ConfigLayer) -> ConfigValue { .list(layer.patches.map(\.packed)) }

    private static func list(_ owners: [ConfigStack.Owner]) -> ConfigValue {
        .list(owners.map { ["name": .string($0.name), "patches": patches($0.layer)] })
    }

    private static func owners(_ value: ConfigValue) -> [ConfigStack.Owner]? {
        guard let list = value.listValue else { return nil }
        let owners = list.compactMap { owner -> ConfigStack.Owner? in
            guard let name = owner["name"]?.stringValue, let patches = owner["patches"]?.listValue else { return nil }
            return ConfigStack.Owner(name: name, layer: ConfigLayer(patches: patches.map(\.unpacked)))
        }
        return owners.count == list.count ? owners : nil
    }
}

extension ConfigValue {
    private static let numberKey = "$number"

    /// The value without numbers that the parser of configurations does not take as they are written. Keys with a dollar sign in front get
    /// another one.
    fileprivate var packed: ConfigValue {
        switch self {
        case .null, .bool, .integer, .string:
            return self
        case .number(let value):
            return [Self.numberKey: .string(value.description)]
        case .list(let elements):
            return .list(elements.map(\.packed))
        case .map(let members):
            return .map(
                TextMap(members.map { (key: $0.key.hasPrefix("$") ? "$" + $0.key : $0.key, value: $0.value.packed) }))
        }
    }

    /// The value that was packed.
    fileprivate var unpacked: ConfigValue {
        switch self {
        case .null, .bool, .integer, .number, .string:
            return self
        case .list(let elements):
            return .list(elements.map(\.unpacked))
        case .map(let members):
            if let number = members[Self.numberKey]?.stringValue.flatMap({ Double($0) }) { return .number(number) }
            return .map(
                TextMap(
                    members.map {
                        (key: $0.key.hasPrefix("$$") ? String($0.key.dropFirst()) : $0.key, value: $0.value.unpacked)
                    }))
        }
    }
}
