// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What sounds like a secret: the one rule for keys, options of commands, headers, and passwords in URLs.
///
/// A name is cut into words at everything that is no letter or digit and where a capital follows a small letter, so `apiKey`,
/// `API_KEY` and `--api-key` are the same. It names a secret where its last words are those of ``endings``.
package enum SecretWords {
    private static let endings: Set<String> = [
        "password", "passwd", "passphrase", "pwd", "pass", "secret", "secrets", "token", "credential", "credentials",
        "authorization", "apikey", "accesskey", "secretkey", "privatekey", "authkey", "bearer", "cookie",
        "api key", "access key", "secret key", "private key", "auth key", "encryption key", "signing key",
        "access key id", "api keys",
    ]

    static func soundsSecret(_ name: String) -> Bool {
        let words = words(of: name)
        guard let last = words.last else { return false }
        if endings.contains(last) || gluedEndings.contains(where: { last.hasSuffix($0) }) { return true }
        return (2...3).contains { count in
            words.count >= count && endings.contains(words.suffix(count).joined(separator: " "))
        }
    }

    /// For names that are written as one word, such as `dbpassword`.
    private static let gluedEndings = [
        "password", "passwd", "secret", "apikey", "accesskey", "secretkey", "privatekey", "credentials",
    ]

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasSmall = false
        for scalar in name.unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            let isCapital = ("A"..."Z").contains(scalar)
            if (!isLetter || (isCapital && wasSmall)) && !word.isEmpty {
                words.append(word.lowercased())
                word = ""
            }
            if isLetter { word.unicodeScalars.append(scalar) }
            wasSmall = isLetter && !isCapital
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    // MARK: Texts with a secret in them

    /// The text with `***` for the secrets in it: the password of each URL, the value of `--api-key=VALUE`, `api_key=VALUE` and
    /// `Authorization: VALUE`. In a longer text, such as a shell command, `--api-key VALUE` counts too.
    static func masked(_ text: String, mask: String) -> String {
        if let separator = text.unicodeScalars.firstIndex(where: { $0 == "=" || $0 == ":" }) {
            let name = String(text.unicodeScalars[..<separator])
            let value = text.unicodeScalars[separator...].dropFirst()
            let isURL = value.starts(with: "//".unicodeScalars)
            if !isURL, isName(name), soundsSecret(name), !value.isEmpty {
                let gap = String(String.UnicodeScalarView(value.prefix { $0 == " " }))
                return name + String(text.unicodeScalars[separator]) + gap + mask
            }
        }
        return maskedWords(maskedURLs(text, mask: mask), mask: mask)
    }

    /// A message that may quote a command, a URL or a library, with the secrets in it masked. What follows a colon is shown, because
    /// that is how sentences go on.
    package static func shown(_ message: String) -> String {
        maskedWords(maskedURLs(message, mask: "***"), mask: "***")
    }

    /// Whether the item of a command says that the next one is a secret: `--api-key`, `-password`.
    static func announcesSecret(_ item: String) -> Bool {
        item.utf8.first == UInt8(ascii: "-") && isName(item) && soundsSecret(item)
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy(isNameByte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// `https://user:password@host` with the password masked; one without a user's name is masked as a whole.
    private static func maskedURLs(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var position = 0
        while let start = slashes(in: bytes, from: position) {
            shown += bytes[position..<start]
            let end = bytes[start...].firstIndex { " /?#\"'\t\n".utf8.contains($0) } ?? bytes.endIndex
            position = start
            guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")),
                let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":")), colon + 1 < at
            else { continue }
            shown += bytes[start...colon] + Array(mask.utf8)
            position = at
        }
        return String(decoding: shown + bytes[position...], as: UTF8.self)
    }

    /// The place after the next `://`.
    private static func slashes(in bytes: [UInt8], from start: Int) -> Int? {
        let sign = Array("://".utf8)
        guard bytes.count >= start + sign.count else { return nil }
        return (start...(bytes.count - sign.count)).first { bytes[$0..<($0 + sign.count)].elementsEqual(sign) }
            .map { $0 + sign.count }
    }
}
