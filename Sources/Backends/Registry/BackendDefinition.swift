// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// A backend to create.
package struct BackendDefinition: Hashable, Sendable {
    /// Matches `[a-z][a-z0-9-]{0,62}`.
    package var name: String
    package var type: String
    package var configuration: ConfigValue
    /// Lower comes first; nil: after the last backend, in steps of 10.
    package var priority: Int32?

    package init(name: String, type: String, configuration: ConfigValue = [:], priority: Int32? = nil) {
        self.name = name
        self.type = type
        self.configuration = configuration
        self.priority = priority
    }
}
