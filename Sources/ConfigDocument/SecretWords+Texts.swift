// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    /// The text with the secrets among its words masked: `API_KEY=VALUE`, `--api-key VALUE`, `Authorization: Bearer VALUE`.
    static func maskedWords(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { "=-:".utf8.contains($0) }) else { return text }
        var shown: [UInt8] = []
        var position = 0
        while position < bytes.endIndex {
            let end = bytes[position...].firstIndex { !isNameByte($0) } ?? bytes.endIndex
            guard end > position else {
                shown.append(bytes[position])
                position += 1
                continue
            }
            let value = secret(in: bytes, after: position..<end) ?? end..<end
            shown += bytes[position..<value.lowerBound]
            if !value.isEmpty { shown += mask.utf8 }
            position = value.upperBound
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Where the value is that the name announces; nil where the name announces none.
    private static func secret(in bytes: [UInt8], after name: Range<Int>) -> Range<Int>? {
        guard name.upperBound < bytes.endIndex else { return nil }
        let word = { String(decoding: bytes[name], as: UTF8.self) }
        var start: Int
        switch bytes[name.upperBound] {
        case UInt8(ascii: "="):
            guard soundsSecret(word()) else { return nil }
            start = name.upperBound + 1
        case UInt8(ascii: " ") where bytes[name.lowerBound] == UInt8(ascii: "-"):
            guard soundsSecret(word()) else { return nil }
            start = afterSpaces(in: bytes, from: name.upperBound)
            if start < bytes.endIndex, bytes[start] == UInt8(ascii: "-") { return nil }
        case UInt8(ascii: ":") where word().lowercased().hasSuffix("authorization"):
            start = afterSpaces(in: bytes, from: name.upperBound + 1)
            for scheme in ["Bearer ", "Basic "] where bytes[start...].starts(with: scheme.utf8) {
                start = afterSpaces(in: bytes, from: start + scheme.utf8.count)
            }
        default:
            return nil
        }
        return start..<valueEnd(in: bytes, from: start)
    }

    private static func afterSpaces(in bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
    }

    /// A quoted value ends after its closing quote, any other where a shell ends the word.
    private static func valueEnd(in bytes: [UInt8], from start: Int) -> Int {
        guard start < bytes.endIndex else { return start }
        let quote = bytes[start]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return bytes[start...].firstIndex { " \t\r\n;|&\"'()".utf8.contains($0) } ?? bytes.endIndex
        }
        return bytes[(start + 1)...].firstIndex(of: quote).map { $0 + 1 } ?? bytes.endIndex
    }
}
