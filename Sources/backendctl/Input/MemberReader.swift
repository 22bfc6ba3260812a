// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// One map of a context's document, with its path for error messages.
struct MemberReader {
    private let members: TextMap<ConfigValue>
    private let path: String

    init(_ value: ConfigValue, path: String) throws(CommandFailure) {
        self.path = path
        guard case .map(let members) = value else {
            throw .usage(
                "CONTEXT_INVALID",
                "\(path.isEmpty ? "a context" : path) must be a map, not \(value.json(pretty: false))",
                hint: ContextDocument.example)
        }
        self.members = members
    }

    subscript(key: String) -> ConfigValue? { members[key] }

    /// Throws if the map has another key.
    func allow(_ keys: String...) throws(CommandFailure) {
        for key in members.keys.sorted() where !keys.contains(key) {
            throw .usage(
                "CONTEXT_INVALID", "unknown key \(at(key))",
                hint: "known here: \(keys.filter { $0 == $0.lowercased() }.joined(separator: ", "))")
        }
    }

    /// Returns a member that is a string; a number counts as its digits.
    func text(_ key: String) throws(CommandFailure) -> String? {
        switch members[key] {
        case nil, .null: return nil
        case .string(let text): return text
        case .integer, .number: return members[key]?.json(pretty: false)
        case .bool, .list, .map: throw .usage("CONTEXT_INVALID", "\(at(key)) is not a string", hint: "put it in quotes")
        }
    }

    /// Returns a member under either of its two names.
    func text(_ key: String, or other: String) throws(CommandFailure) -> String? {
        if let text = try text(key) { return text }
        return try text(other)
    }

    /// Returns a member that is a list of maps.
    func list(_ key: String) throws(CommandFailure) -> [MemberReader] {
        switch members[key] {
        case nil, .null: return []
        case .list(let elements):
            var readers: [MemberReader] = []
            for (index, element) in elements.enumerated() {
                readers.append(try MemberReader(element, path: "\(at(key))[\(index)]"))
            }
            return readers
        case .bool, .integer, .number, .string, .map: throw .usage("CONTEXT_INVALID", "\(at(key)) is not a list")
        }
    }

    func problem(_ words: String) -> CommandFailure {
        .usage("CONTEXT_INVALID", "\(path) \(words)", hint: ContextDocument.example)
    }

    private func at(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
