// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One key of a configuration: what may stand there, what stands there when nobody says anything, and what it is for.
package struct ConfigField: Hashable, Sendable {
    package let key: String
    package let kind: Kind
    /// One sentence for people, shown in the reference and in the JSON schema.
    package let summary: String
    package let defaultValue: ConfigValue?
    package let isRequired: Bool
    /// Whether the value is shown as `***` wherever a configuration is shown.
    package let isSecret: Bool

    package init(
        _ key: String, _ kind: Kind, _ summary: String, default defaultValue: ConfigValue? = nil,
        isRequired: Bool = false, isSecret: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.summary = summary
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.isSecret = isSecret
    }

    /// What may stand at a place of a configuration.
    ///
    /// Only the cases that hold a kind are indirect: leak checkers cannot follow the tagged pointers of the others in globals.
    package enum Kind: Hashable, Sendable {
        case bool
        case integer(ClosedRange<Int64>? = nil)
        case number(ClosedRange<Double>? = nil)
        case string(ConfigStringRule = ConfigStringRule())
        /// A string such as `30s`, see ``ConfigDuration``.
        case duration(ClosedRange<ConfigDuration>? = nil)
        indirect case list(of: Kind)
        /// A map with keys nobody knows beforehand.
        indirect case map(of: Kind)
        case object(ConfigSchema)
        case any
    }
}
