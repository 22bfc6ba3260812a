// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO

/// A backend as the configuration file has it.
package struct ExportedBackend: Equatable, Sendable {
    package let name: String
    package let type: String
    package let priority: Int32
    /// The base that alone makes the same effective configuration.
    package let configuration: ConfigValue
    package let start: StartPolicy
    package let after: [String]
    package let apply: ReloadApply
}

extension BackendRegistry {
    /// All backends as the configuration file has them, in priority order, with secrets masked or as they are.
    package func exported(includingSecrets: Bool) -> [ExportedBackend] {
        driven.withLock { $0.registry.ordered() }.map { entry in
            let base = entry.configuration.combined
            return ExportedBackend(
                name: entry.name, type: entry.type.name, priority: entry.priority,
                configuration: includingSecrets ? base : entry.type.schema.masked(base), start: entry.start,
                after: entry.after, apply: entry.apply)
        }
    }
}
