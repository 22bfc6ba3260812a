// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A server's `host:port` with `{model_id}` in it, which stands for the id of the model. `{{` and `}}` are braces.
package struct ModelTemplate: Hashable, Sendable {
    package static let placeholder = "model_id"

    private enum Part: Hashable, Sendable {
        case text(String)
        case model
    }

    private var parts: [Part] = []

    /// - Throws: Where it has another placeholder, or what it gives for a plain id is no server.
    package init(parsing text: String) throws(RemoteProblem) {
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
                throw RemoteProblem("has a single \(character); write it twice, or close {\(Self.placeholder)}")
            }
            let name = rest[..<end]
            guard name == Self.placeholder else {
                throw RemoteProblem(
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

    /// Where the model is.
    ///
    /// - Throws: Where the id does not fit into the name of a host.
    package func server(of model: String) throws(RemoteProblem) -> HostPort {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .model:
                // It may name a host, and nothing but a host.
                guard !model.contains(":"), !model.contains("[") else {
                    throw RemoteProblem("is not host:port, because the ID contains : or [")
                }
                text += model
            }
        }
        return try HostPort(parsing: text)
    }
}
