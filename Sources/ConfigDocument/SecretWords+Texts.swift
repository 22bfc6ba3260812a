// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    /// The text with the secrets among its words masked: `API_KEY=VALUE`, `--api-key VALUE`, `Authorization: Bearer VALUE`,
    /// `"X-Api-Key: VALUE"`, `"apiKey": "VALUE"` and `?key=VALUE` of a URL.
    static func maskedWords(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: mayAnnounce) else { return text }
        var shown: [UInt8] = []
        // What is before `copied` is in `shown` already.
        var (position, copied) = (0, 0)
        while position < bytes.endIndex {
            var end = position
            while end < bytes.endIndex, isNameByte(bytes[end]) { end += 1 }
            if end == position {
                position += 1
                continue
            }
            let value = secret(in: bytes, after: position..<end) ?? end..<end
            if !value.isEmpty {
                shown += bytes[copied..<value.lowerBound] + Array(mask.utf8)
                copied = value.upperBound
            }
            position = value.upperBound
        }
        return copied == 0 ? text : String(decoding: shown + bytes[copied...], as: UTF8.self)
    }

    static func mayAnnounce(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || isQuote(byte)
    }

    /// Where the value is that the name announces; nil where the name announces none.
    private static func secret(in bytes: [UInt8], after name: Range<Int>) -> Range<Int>? {
        let end = name.upperBound
        guard end < bytes.endIndex else { return nil }
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : nil
        let word = { String(decoding: bytes[name], as: UTF8.self) }
        switch bytes[end] {
        case UInt8(ascii: "="):
            guard soundsSecret(word()) || isInQuery(before) && queryKeys.contains(word().lowercased()) else {
                return nil
            }
            return (end + 1)..<valueEnd(in: bytes, from: end + 1)
        case let byte where isGap(byte) && bytes[name.lowerBound] == UInt8(ascii: "-"):
            guard soundsSecret(word()) else { return nil }
            let start = afterGap(in: bytes, from: end)
            guard start > end else { return nil }
            if start < bytes.endIndex, bytes[start] == UInt8(ascii: "-") { return nil }
            return start..<valueEnd(in: bytes, from: start)
        case UInt8(ascii: ":"):
            return header(in: bytes, word(), from: end + 1, after: before)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard bytes[end] == before, let value = member(in: bytes, from: end + 1), soundsSecret(word()) else {
                return nil
            }
            return value
        default:
            return nil
        }
    }

    /// Keys that are secrets in the query of a URL.
    private static let queryKeys: Set<String> = ["key", "sig", "signature", "auth"]

    private static func isInQuery(_ before: UInt8?) -> Bool {
        before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
    }

    /// Whether what a shell has between two words may begin so.
    private static func isGap(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\\")
    }

    /// Behind blanks, and ends of lines that a backslash takes away.
    private static func afterGap(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") {
                index += 1
            } else if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex,
                bytes[index + 1] == UInt8(ascii: "\n")
            {
                index += 2
            } else {
                return index
            }
        }
        return index
    }

    private static func isQuote(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// The value of a header whose colon is before `start`: to the closing quote where the header is in quotes. A colon elsewhere goes
    /// on with a sentence, except after `Authorization`.
    private static func header(
        in bytes: [UInt8], _ name: String, from start: Int, after before: UInt8?
    ) -> Range<Int>? {
        let isBegun = isQuote(before) || before == UInt8(ascii: "=")
        guard name.lowercased().hasSuffix("authorization") || isBegun && soundsSecret(name) else { return nil }
        var start = afterSpaces(in: bytes, from: start)
        let wordEnd = bytes[start...].firstIndex { !isNameByte($0) } ?? bytes.endIndex
        let quote = isQuote(before) ? bytes[start...].firstIndex { $0 == before } : nil
        let isScheme = schemes.contains(String(decoding: bytes[start..<wordEnd], as: UTF8.self).lowercased())
        if isScheme, wordEnd < bytes.endIndex, bytes[wordEnd] == UInt8(ascii: " "), wordEnd < quote ?? .max {
            start = afterSpaces(in: bytes, from: wordEnd)
        }
        guard let quote else { return start..<valueEnd(in: bytes, from: start) }
        return start..<max(start, quote)
    }

    private static let schemes: Set<String> = ["bearer", "basic", "token", "apikey", "digest", "negotiate"]

    /// The text that is the value of a member of JSON whose key ends before `start`.
    private static func member(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let colon = afterSpaces(in: bytes, from: start)
        guard colon < bytes.endIndex, bytes[colon] == UInt8(ascii: ":") else { return nil }
        let value = afterSpaces(in: bytes, from: colon + 1)
        guard value < bytes.endIndex, isQuote(bytes[value]) else { return nil }
        return value..<valueEnd(in: bytes, from: value)
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
