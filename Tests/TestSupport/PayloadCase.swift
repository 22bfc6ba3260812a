// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
internal import SystemIO

/// A line of a fixture: the name of a case, the type of its message, and columns of bytes.
package struct PayloadCase: CustomStringConvertible, Sendable {
    package let name: String
    package let type: any ProtobufMessage.Type
    /// Nil for a column that is a word, not bytes.
    package let columns: [[UInt8]?]

    package var description: String { name }

    /// The first column; empty if the line has no columns.
    package var bytes: [UInt8] { columns.first.flatMap(\.self) ?? [] }

    /// The message, decoded and encoded again.
    package func rewritten() throws -> [UInt8] {
        try type.rewritten(bytes)
    }

    /// Reads `full.message.Name[#member] hex`, as Tests/Peers/python/encode_reference.py writes it.
    package static func references(path: String, types: [any ProtobufMessage.Type]) -> [PayloadCase] {
        lines(path).compactMap { words in
            guard let name = words.first, let type = type(name.prefix { $0 != "#" }, types) else { return nil }
            return PayloadCase(name: String(name), type: type, columns: words.dropFirst().map(bytes))
        }
    }

    /// Reads `case full.message.Name hex verdict`, as Tests/Peers/python/judge_payloads.py writes it.
    package static func judged(path: String, types: [any ProtobufMessage.Type]) -> [PayloadCase] {
        lines(path).compactMap { words in
            guard words.count == 4, let type = type(words[1], types) else { return nil }
            return PayloadCase(name: String(words[0]), type: type, columns: words.dropFirst(2).map(bytes))
        }
    }

    /// The words of each line that is not a comment; empty if the file does not exist.
    private static func lines(_ path: String) -> [[Substring]] {
        let text = (try? File.read(path: path, limit: 1 << 20)) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ") }
    }

    private static func type(
        _ name: Substring, _ types: [any ProtobufMessage.Type]
    ) -> (any ProtobufMessage.Type)? {
        types.first { $0.protobufName == name }
    }

    private static func bytes(_ word: Substring) -> [UInt8]? {
        switch word {
        case "refused": nil
        case "-": []
        default: hex(String(word))
        }
    }
}

extension ProtobufMessage {
    fileprivate static func rewritten(_ bytes: [UInt8]) throws -> [UInt8] {
        try Self(decoding: bytes).encoded()
    }
}

/// A file beside the calling test, such as `Fixtures/reference.txt`.
package func fixturePath(_ name: String, test: String = #filePath) -> String {
    test.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/" + name
}
