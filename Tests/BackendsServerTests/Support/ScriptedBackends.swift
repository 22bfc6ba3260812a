// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO

/// The backends of one test daemon's type `SCRIPTED`, by name.
final class ScriptedBackends: Sendable {
    struct Missing: Error {
        let name: String
    }

    private let byName = Guarded<[String: ScriptedBackend]>([:])

    /// A type with a schema: a hostname, a secret and a bounded number.
    var type: BackendType {
        BackendType(
            name: "SCRIPTED", summary: "Does what a test says.", schema: Self.schema, definitionID: "tests"
        ) { [self] name in
            let backend = ScriptedBackend()
            byName.withLock { $0[name] = backend }
            return backend
        }
    }

    static let schema = ConfigSchema(fields: [
        ConfigField(
            "connection",
            .object(
                ConfigSchema(fields: [
                    ConfigField("hostname", .string(), "Where it is."),
                    ConfigField("password", .string(), "Its secret.", isSecret: true),
                ])), "How to reach it."),
        ConfigField("port", .integer(1...65_535), "Its port.", default: 8080),
    ])

    subscript(name: String) -> ScriptedBackend {
        get throws {
            guard let backend = byName.withLock({ $0[name] }) else { throw Missing(name: name) }
            return backend
        }
    }
}
