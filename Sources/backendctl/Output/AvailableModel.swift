// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

/// Something that could be asked for: an id, or a pattern of ids, that a backend serves by its configuration.
package struct AvailableModel: Hashable, Sendable {
    package let name: String
    package let backend: String

    /// What a backend serves. A server of everything that names nothing goes by the name of its backend.
    package static func all(of backend: BackendDescription) -> [AvailableModel] {
        let patterns = backend.config["models"]?.listValue?.compactMap(\.stringValue)
        let entries = backend.config["remote_models"]?.mapValue?.keys.sorted() ?? []
        let base = backend.config["connection"]?["hostname"]?.stringValue ?? ""
        let names: [String] =
            if let patterns {
                patterns
            } else if backend.config["remote_models"] != nil || backend.config["connection"] != nil {
                entries + (base.isEmpty ? [] : ["*"])
            } else if backend.type == "PROCESS" {
                [backend.name]
            } else {
                []
            }
        return names.map { AvailableModel(name: $0, backend: backend.name) }
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
