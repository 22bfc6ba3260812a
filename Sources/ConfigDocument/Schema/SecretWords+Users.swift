// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    private static let userOptions: Set<String> = ["-u", "-U", "--user", "-user", "--proxy-user", "--http-user"]

    /// Whether a user, with a password after a colon, follows the option: `-u`, `--user`, or `-su`, which is `-s -u`.
    static func announcesUser(_ item: String) -> Bool {
        guard !userOptions.contains(item) else { return true }
        let letters = item.utf8.dropFirst()
        return item.utf8.first == UInt8(ascii: "-") && (2...8).contains(letters.count)
            && letters.last == UInt8(ascii: "u") && letters.dropLast().allSatisfy("sSfLkivIgGjJnNqO46".utf8.contains)
    }

    /// Whether the option has its value in the same word: `-uuser:password`.
    static func holdsUser(_ item: some Collection<UInt8>) -> Bool {
        item.count > 2 && (item.starts(with: "-u".utf8) || item.starts(with: "-U".utf8))
    }

    /// `user:password` with the password masked.
    static func maskedUser(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard let password = passwordOfUser(bytes, in: bytes.indices) else { return masked(text, mask: mask) }
        return String(decoding: bytes[..<password.lowerBound], as: UTF8.self) + mask
    }

    /// What follows the first colon; nil in a URL, and in a pair of numeric user and group IDs.
    static func passwordOfUser(_ bytes: [UInt8], in word: Range<Int>) -> Range<Int>? {
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
