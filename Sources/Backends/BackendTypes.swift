// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The types of backend that can be created, by name.
package struct BackendTypes: Sendable {
    private var types: TextMap<BackendType> = [:]

    /// The types that run nothing on this machine.
    package static var inProcess: BackendTypes { BackendTypes(.local) }

    /// The types this daemon brings along.
    package static func standard(on host: BackendHost) -> BackendTypes {
        BackendTypes(
            .local, .process(on: host), RemoteBackend.type(host: host), TGISBackend.type(host: host), .faulty(on: host))
    }

    private init(_ types: BackendType...) {
        for type in types { self.types[type.name] = type }
    }

    package init() {}

    /// Sorted by name.
    package var all: [BackendType] { types.values.sorted { $0.name < $1.name } }

    /// Adds a type. The same definition again does nothing, another one under the same name is refused.
    package mutating func register(_ type: BackendType) throws(BackendError) {
        guard BackendName.isValidType(type.name) else {
            let rule = "must match [A-Z][A-Z0-9_]* and have at most 63 characters"
            throw BackendError(
                .invalidArgument, .typeNameInvalid,
                "cannot register a backend type as \(BackendName.quoted(type.name)); the name \(rule)",
                violations: [FieldViolation(path: "type", description: rule)])
        }
        if let known = types[type.name] {
            guard known.isSameDefinition(as: type) else {
                throw BackendError(
                    .alreadyExists, .typeExists,
                    "backend type \(type.name) is registered with another definition; choose another name",
                    metadata: ["type": type.name])
            }
            return
        }
        types[type.name] = type
    }

    package func type(named name: String) throws(BackendError) -> BackendType {
        if let type = types[name] { return type }
        let known = all.map(\.name).joined(separator: ", ")
        throw BackendError(
            .notFound, .typeNotFound, "no backend type \(BackendName.quoted(name)); known types: \(known)",
            metadata: ["known_types": known])
    }
}
