// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The `host:port` of a server, in which `{model_id}` stands for the ID of the model. `{{` and `}}` are braces.
package struct ModelTemplate: Hashable, Sendable {
    package static let placeholder = "model_id"

    private enum Part: Hashable, Sendable {
        case text(String)
        case model
    }

    private var parts: [Part] = []

    /// - Throws: When there is another placeholder, or the result for a plain ID is not a server.
    package init(parsing text: String) throws(Problem) {
        var literal = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" || character == "}" else {
                literal.append(character)
                continue
            }
            if rest.first == character {
                literal.append(character)
                rest.removeFirst()
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}") else {
                throw Problem("has a single \(character); write it twice, or close {\(Self.placeholder)}")
            }
            let name = rest[..<end]
            guard name == Self.placeholder else {
                throw Problem(
                    "has the unknown placeholder {\(name.prefix(40))}; only {\(Self.placeholder)} is known")
            }
            rest = rest[end...].dropFirst()
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(.model)
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        _ = try server(of: "model")
    }

    /// The server of a model.
    ///
    /// - Throws: When the ID cannot be part of a host name.
    package func server(of model: String) throws(Problem) -> HostPort {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .model:
                // The ID may only name a host, not a port.
                guard !model.contains(":"), !model.contains("[") else {
                    throw Problem("is not host:port when the ID contains : or [")
                }
                text += model
            }
        }
        return try HostPort(parsing: text)
    }
}
