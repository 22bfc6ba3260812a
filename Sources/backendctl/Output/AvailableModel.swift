// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// Something that could be asked for: an id, or a pattern of ids, that a backend serves by its configuration.
package struct AvailableModel: Hashable, Sendable {
    package let name: String
    package let backend: String

    package static func all(of backend: BackendDescription) -> [AvailableModel] {
        names(type: backend.type, config: backend.config, of: backend.name)
            .map { AvailableModel(name: $0, backend: backend.name) }
    }

    /// The ids and patterns of a configuration. A process that names none serves the model of its backend's name.
    package static func names(type: String, config: ConfigurationValue, of backend: String) -> [String] {
        if let patterns = config["models"]?.listValue { return patterns.compactMap(\.stringValue) }
        let entries = config["remote_models"]?.mapValue?.keys.sorted() ?? []
        let base = config["connection"]?["hostname"]?.stringValue ?? ""
        return type == "PROCESS" ? [backend] : entries + (base.isEmpty ? [] : ["*"])
    }
}

extension Report {
    package static func available(_ backends: [BackendDescription]) -> Report {
        var table = TextTable("MODEL", "BACKEND", "TYPE", "STATE")
        var documents: [ConfigValue] = []
        for backend in backends {
            for model in AvailableModel.all(of: backend) {
                table.append(model.name, backend.name, backend.type, backend.state.description)
                documents.append([
                    "model": .string(model.name), "backend": .string(backend.name), "type": .string(backend.type),
                    "backend_state": .string(backend.state.description),
                ])
            }
        }
        return Report(text: table.text, document: ["available": .list(documents)])
    }
}
