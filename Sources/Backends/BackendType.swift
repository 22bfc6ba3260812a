// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// A kind of backend: what it runs, which configuration it takes, and how one is made.
package struct BackendType: Sendable {
    /// Matches `[A-Z][A-Z0-9_]*`.
    package let name: String
    /// One sentence for a person who chooses a type.
    package let summary: String
    package let schema: ConfigSchema
    /// Which code makes it, so that two definitions can be told apart.
    package let definitionID: String
    /// What else is wrong with a configuration that the schema allows.
    package let check: @Sendable (ConfigValue) -> [ConfigViolation]
    /// What may not work in it, as this host is now. Looks at files.
    package let warnings: @Sendable (ConfigValue) -> [ConfigViolation]
    /// Where the configuration itself says that its processes listen on this host.
    package let places: @Sendable (ConfigValue) -> [(path: ConfigPath, place: ListeningPlace)]
    /// Whether it runs processes on this host with a configuration.
    package let runsProcesses: @Sendable (ConfigValue) -> Bool
    /// Where the ports of its processes are taken from; nil if they get none.
    package let ports: @Sendable (ConfigValue) -> ClosedRange<UInt16>?
    /// Which keys of a configuration a running backend takes over without a restart, see ``Backend/reconfigure(_:)``.
    package let liveKeys: LiveKeys
    /// Whether a running backend may take any change from one configuration to the other over, because each of its models has a process
    /// of its own, which then is started again.
    package let canRoll: @Sendable (_ old: ConfigValue, _ new: ConfigValue) -> Bool
    /// Makes the instance of a backend with the name. Takes no resources before the start.
    package let make: @Sendable (_ name: String) -> any Backend

    package init(
        name: String, summary: String, schema: ConfigSchema, definitionID: String,
        check: @escaping @Sendable (ConfigValue) -> [ConfigViolation] = { _ in [] },
        warnings: @escaping @Sendable (ConfigValue) -> [ConfigViolation] = { _ in [] },
        places: @escaping @Sendable (ConfigValue) -> [(path: ConfigPath, place: ListeningPlace)] = { _ in [] },
        ports: @escaping @Sendable (ConfigValue) -> ClosedRange<UInt16>? = { _ in nil },
        runsProcesses: @escaping @Sendable (ConfigValue) -> Bool = { _ in false }, liveKeys: LiveKeys = .none,
        canRoll: @escaping @Sendable (_ old: ConfigValue, _ new: ConfigValue) -> Bool = { _, _ in false },
        make: @escaping @Sendable (_ name: String) -> any Backend
    ) {
        self.name = name
        self.summary = summary
        self.schema = schema
        self.definitionID = definitionID
        self.check = check
        self.warnings = warnings
        self.places = places
        self.runsProcesses = runsProcesses
        self.ports = ports
        self.liveKeys = liveKeys
        self.canRoll = canRoll
        self.make = make
    }

    /// Whether registering the other one would change nothing.
    package func isSameDefinition(as other: BackendType) -> Bool {
        name == other.name && summary == other.summary && schema == other.schema && definitionID == other.definitionID
    }
}

/// The types of backend that can be created, by name.
package struct BackendTypes: Sendable {
    private var types: TextMap<BackendType> = [:]

    /// The types that run nothing on this machine.
    package static var inProcess: BackendTypes { BackendTypes(.local) }

    /// The types this daemon brings along.
    package static func standard(on supervision: Supervision) -> BackendTypes {
        BackendTypes(
            .local, .process(on: supervision), .remote(on: supervision), .tgis(on: supervision),
            .faulty(on: supervision))
    }

    private init(_ types: BackendType...) {
        for type in types { self.types[type.name] = type }
    }

    package init() {}

    /// Sorted by name.
    package var all: [BackendType] { types.values.sorted { $0.name < $1.name } }

    /// Adds a type. The same definition again does nothing, another one under the same name is refused.
    package mutating func register(_ type: BackendType) throws(BackendError) {
        guard BackendName.isValidType(type.name) else {
            let rule = "must match [A-Z][A-Z0-9_]* and have at most 63 characters"
            throw BackendError(
                .invalidArgument, .typeNameInvalid,
                "cannot register a backend type as \(BackendName.quoted(type.name)); the name \(rule)",
                violations: [FieldViolation(path: "type", description: rule)])
        }
        if let known = types[type.name] {
            guard known.isSameDefinition(as: type) else {
                throw BackendError(
                    .alreadyExists, .typeExists,
                    "backend type \(type.name) is registered with another definition; choose another name",
                    metadata: ["type": type.name])
            }
            return
        }
        types[type.name] = type
    }

    package func type(named name: String) throws(BackendError) -> BackendType {
        if let type = types[name] { return type }
        let known = all.map(\.name).joined(separator: ", ")
        throw BackendError(
            .notFound, .typeNotFound, "no backend type \(BackendName.quoted(name)); known types: \(known)",
            metadata: ["known_types": known])
    }
}
