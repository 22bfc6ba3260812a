// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    /// The text with the secrets among its words masked: `API_KEY=VALUE`, `--api-key VALUE`, `--user USER:VALUE`,
    /// `Authorization: Bearer VALUE`, `"X-Api-Key: VALUE"`, `"apiKey": "VALUE"` and `?key=VALUE` of a URL.
    static func maskedWords(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: mayAnnounce) else { return text }
        var shown: [UInt8] = []
        // Everything before `copied` is in `shown` already.
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

    /// The place of the value that the name announces; nil if it announces none.
    private static func secret(in bytes: [UInt8], after name: Range<Int>) -> Range<Int>? {
        let end = name.upperBound
        guard end < bytes.endIndex else { return nil }
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : nil
        let word = { String(decoding: bytes[name], as: UTF8.self) }
        switch bytes[end] {
        case UInt8(ascii: "="):
            if announcesUser(word()) { return passwordOfUser(in: bytes, from: end + 1) }
            guard soundsSecret(word()) || isInQuery(before) && isQueryKey(word()) else {
                return nil
            }
            return (end + 1)..<valueEnd(in: bytes, from: end + 1)
        case let byte where isGap(byte) && bytes[name.lowerBound] == UInt8(ascii: "-"):
            let start = afterGap(in: bytes, from: end)
            guard start > end, !isOption(bytes, start) else { return nil }
            if announcesUser(word()) { return passwordOfUser(in: bytes, from: start) }
            guard soundsSecret(word()) else { return nil }
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

    /// Keys whose values are secrets in the query of a URL.
    private static let queryKeys: Set<String> = ["key", "sig", "signature", "auth"]

    /// Also after a prefix, as in `X-Amz-Signature`.
    private static func isQueryKey(_ word: String) -> Bool {
        let last = word.lowercased().split { $0 == "-" || $0 == "_" }.last
        return last.map { queryKeys.contains(String($0)) } ?? false
    }

    private static func isInQuery(_ before: UInt8?) -> Bool {
        before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
    }

    /// Whether the gap between two words of a shell command may begin with the byte.
    private static func isGap(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\\")
    }

    /// The place after blanks and escaped line ends.
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

    /// The value of a header whose colon is before `start`: up to the closing quote if the header is in quotes.
    /// Elsewhere a colon continues a sentence, except after `Authorization`.
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

    static let schemes: Set<String> = ["bearer", "basic", "token", "apikey", "digest", "negotiate"]

    /// The text that is the value of a JSON member whose key ends before `start`.
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

    /// Whether the word looks like an option, such as `-H` and `--verbose`, and not like a secret that begins with a
    /// dash.
    private static func isOption(_ bytes: [UInt8], _ start: Int) -> Bool {
        let name = bytes[start...].prefix { isNameByte($0) }
        let rest = name.drop { $0 == UInt8(ascii: "-") }
        switch name.count - rest.count {
        case 1...2:
            return rest.count == 1
                || rest.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || "-_.".utf8.contains($0) }
        default: return false
        }
    }

    /// A quoted value ends after its closing quote, any other at the end of a shell's word.
    private static func valueEnd(in bytes: [UInt8], from start: Int) -> Int {
        guard start < bytes.endIndex else { return start }
        let quote = bytes[start]
        guard isQuote(quote) else {
            return bytes[start...].firstIndex { " \t\r\n;|&\"'()".utf8.contains($0) } ?? bytes.endIndex
        }
        var index = start + 1
        while index < bytes.endIndex, bytes[index] != quote {
            // A backslash escapes a quote.
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.endIndex)
    }
}

// MARK: Users with their passwords

extension SecretWords {
    private static let userOptions: Set<String> = ["-u", "-U", "--user", "-user", "--proxy-user", "--http-user"]

    /// Whether a user, with a password after a colon, follows the option: `-u`, `--user`.
    static func announcesUser(_ item: String) -> Bool { userOptions.contains(item) }

    /// `user:password` with the password masked.
    static func maskedUser(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard let password = passwordOfUser(bytes, in: bytes.indices) else { return masked(text, mask: mask) }
        return String(decoding: bytes[..<password.lowerBound], as: UTF8.self) + mask
    }

    /// The password in the shell word that begins at `start`.
    private static func passwordOfUser(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        var word = start..<valueEnd(in: bytes, from: start)
        if let quote = bytes[word].first, isQuote(quote) {
            let isClosed = word.count > 1 && bytes[word].last == quote
            word = (start + 1)..<(isClosed ? word.upperBound - 1 : word.upperBound)
        }
        return passwordOfUser(bytes, in: word)
    }

    /// What follows the first colon; nil in a URL, and in a pair of numeric user and group IDs.
    private static func passwordOfUser(_ bytes: [UInt8], in word: Range<Int>) -> Range<Int>? {
        guard let colon = bytes[word].firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let (user, password) = (bytes[word.lowerBound..<colon], bytes[(colon + 1)..<word.upperBound])
        guard !password.isEmpty, !password.starts(with: "//".utf8) else { return nil }
        if !user.isEmpty, user.allSatisfy(isDigit), password.allSatisfy(isDigit) { return nil }
        return password.indices
    }

    /// Data source names and proxies without a scheme, with their passwords masked: `user:password@tcp(host)/db`,
    /// `user:password@/db`, `user:password@host:3128`.
    static func maskedSources(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "@")) else { return text }
        var shown: [UInt8] = []
        var position = 0
        // The first colon of the word, or that of a URL, which is masked elsewhere.
        var colon: Int?
        func isURL(_ colon: Int) -> Bool { bytes[(colon + 1)...].starts(with: "//".utf8) }
        for (index, byte) in bytes.enumerated() {
            if " \t\r\n\"'".utf8.contains(byte) {
                colon = nil
            } else if byte == UInt8(ascii: ":") {
                colon = isURL(index) ? index : colon ?? index
            } else if byte == UInt8(ascii: "@"), let begin = colon, begin + 1 < index, !isURL(begin),
                isPlace(bytes, from: index + 1)
            {
                shown += bytes[position...begin] + Array(mask.utf8)
                position = index
                colon = nil
            }
        }
        return position == 0 ? text : String(decoding: shown + bytes[position...], as: UTF8.self)
    }

    /// Whether `tcp(`, `/` or `host:3128` follows.
    private static func isPlace(_ bytes: [UInt8], from start: Int) -> Bool {
        let host = bytes[start...].prefix(255).prefix { isNameByte($0) }
        guard host.endIndex < bytes.endIndex else { return false }
        switch bytes[host.endIndex] {
        case UInt8(ascii: "("): return !host.isEmpty
        case UInt8(ascii: "/"): return host.isEmpty
        case UInt8(ascii: ":"):
            let port = bytes[(host.endIndex + 1)...].prefix(6).prefix { isDigit($0) }
            let next = port.endIndex < bytes.endIndex ? bytes[port.endIndex] : nil
            return !host.isEmpty && (1...5).contains(port.count) && !(next.map { isNameByte($0) } ?? false)
        default: return false
        }
    }
}
