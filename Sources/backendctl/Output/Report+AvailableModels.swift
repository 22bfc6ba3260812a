// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    /// What could be asked for: the ids, and patterns of ids, that each backend serves by its configuration.
    package static func available(_ backends: [BackendDescription]) -> Report {
        var table = TextTable("MODEL", "BACKEND", "TYPE", "STATE")
        var documents: [ConfigValue] = []
        for backend in backends {
            for model in backend.models {
                table.append(model, backend.name, backend.type, backend.shownState)
                documents.append([
                    "model": .string(model), "backend": .string(backend.name), "type": .string(backend.type),
                    "backend_state": .string(backend.state.description),
                ])
            }
        }
        return Report(text: table.text, document: ["available": .list(documents)])
    }
}
