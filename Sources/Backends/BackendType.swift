// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

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
    /// Where the ports of its processes are taken from; nil where they get none.
    package let ports: @Sendable (ConfigValue) -> ClosedRange<UInt16>?
    /// Makes the instance of a backend with the name. Takes no resources before the start.
    package let make: @Sendable (_ name: String) -> any Backend

    package init(
        name: String, summary: String, schema: ConfigSchema, definitionID: String,
        check: @escaping @Sendable (ConfigValue) -> [ConfigViolation] = { _ in [] },
        warnings: @escaping @Sendable (ConfigValue) -> [ConfigViolation] = { _ in [] },
        places: @escaping @Sendable (ConfigValue) -> [(path: ConfigPath, place: ListeningPlace)] = { _ in [] },
        ports: @escaping @Sendable (ConfigValue) -> ClosedRange<UInt16>? = { _ in nil },
        runsProcesses: @escaping @Sendable (ConfigValue) -> Bool = { _ in false },
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
        self.make = make
    }

    /// Whether registering the other one would change nothing.
    package func isSameDefinition(as other: BackendType) -> Bool {
        name == other.name && summary == other.summary && schema == other.schema && definitionID == other.definitionID
    }
}
