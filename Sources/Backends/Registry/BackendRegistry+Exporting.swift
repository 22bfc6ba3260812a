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
    /// Without those that were deleted.
    package let after: [String]
    package let apply: ReloadApply
}

extension BackendRegistry {
    /// All backends as the configuration file has them, in priority order, with secrets masked or as they are.
    package func exported(includingSecrets: Bool) -> [ExportedBackend] {
        let registry = driven.withLock { $0.registry }
        return registry.ordered().map { entry in
            let base = entry.configuration.combined
            return ExportedBackend(
                name: entry.name, type: entry.type.name, priority: entry.priority,
                configuration: includingSecrets ? base : entry.type.schema.masked(base), start: entry.start,
                after: entry.after.filter { registry.entries[$0] != nil }, apply: entry.apply)
        }
    }
}
