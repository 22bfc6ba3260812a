// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import ConfigDocument
internal import SystemIO

/// A type whose backends tests script, and those backends by name.
package final class ScriptedBackends: Sendable {
    package struct Missing: Error {
        package let name: String
    }

    private let byName = Guarded<[String: ScriptedBackend]>([:])

    package init() {}

    /// A type whose backends do the same with every context.
    package func type(named name: String, contexts disposition: ContextDisposition) -> BackendType {
        BackendType(
            name: name, summary: "Does what a test says.", schema: Self.schema, definitionID: "tests",
            liveKeys: .only(["tags"]), canRoll: { _, _ in true }
        ) { [self] name in
            let backend = ScriptedBackend(name: name, contexts: disposition)
            byName.withLock { $0[name] = backend }
            return backend
        }
    }

    /// A hostname, a secret, a map, a bounded number and a list.
    package static let schema = ConfigSchema(fields: [
        ConfigField(
            "connection",
            .object(
                ConfigSchema(fields: [
                    ConfigField("hostname", .string(), "Where it is."),
                    ConfigField("password", .string(), "Its secret.", isSecret: true),
                    ConfigField("options", .map(of: .string()), "Anything."),
                ])), "How to reach it."),
        ConfigField("port", .integer(1...65_535), "Its port.", default: 8080),
        ConfigField("tags", .list(of: .string()), "Words."),
    ])

    package subscript(name: String) -> ScriptedBackend {
        get throws {
            guard let backend = byName.withLock({ $0[name] }) else { throw Missing(name: name) }
            return backend
        }
    }
}

extension BackendError {
    /// What a scripted backend fails with.
    package static let broken = BackendError(
        .internal, .startFailed, "the model server ended", metadata: ["code": "3"])
}
