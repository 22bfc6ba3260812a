// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Recognizes secrets by name: one rule for keys, command options, headers, and passwords in URLs.
///
/// A name is split into words at everything but letters and digits and at capitals that begin a word, so that `apiKey`,
/// `API_KEY`, `APIKey` and `--api-key` are the same. It names a secret if its last words are in ``endings``. Numbers
/// and words such as `base64` at the end do not count.
package enum SecretWords {
    private static let endings: Set<String> = Set(
        [
            "password", "passwords", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "psk", "secret",
            "secrets",
            "token", "jwt", "credential", "credentials", "cred", "creds", "authorization", "bearer", "cookie",
            "cookies",
            "pass phrase", "pass word", "access key id", "secret key base", "auth tokens", "access tokens",
            "api tokens",
            "basic auth",
        ] + keys.flatMap { ["\($0) key", "\($0) keys"] })
    /// Words before `key` that make it a secret.
    private static let keys = [
        "api", "access", "secret", "private", "priv", "auth", "ssh", "signing", "encryption", "master", "shared",
        "session", "account", "storage", "subscription", "consumer", "license", "deploy", "tls", "ssl",
    ]
    /// Words that tell how a value is written, not what it is.
    private static let forms: Set<String> = ["value", "pem", "base64", "b64", "hash", "plaintext"]
    /// Words before `token` that name tokens of a language model, which are not secrets.
    private static let kindsOfToken: Set<String> = [
        "eos", "bos", "pad", "unk", "sep", "cls", "mask", "stop", "start", "end", "special", "image", "audio", "video",
        "per",
    ]

    static func soundsSecret(_ name: String) -> Bool {
        // What is masked already is not the end of a name.
        guard !name.contains("***") else { return false }
        var words = words(of: name)
        while words.count > 1, let last = words.last, forms.contains(last) || last.utf8.allSatisfy(isDigit) {
            words.removeLast()
        }
        guard var last = words.popLast() else { return false }
        while let byte = last.utf8.last, isDigit(byte) { last.removeLast() }
        if last == "token", let kind = words.last, kindsOfToken.contains(kind) { return false }
        words.append(last)
        if words == ["auth"] { return true }
        if endings.contains(last) || isGlued(last) { return true }
        return (2...3).contains { count in
            words.count >= count && endings.contains(words.suffix(count).joined(separator: " "))
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Endings of names that are written as one word, such as `dbpassword` and `hftoken`.
    private static let gluedEndings =
        [
            "password", "passwords", "passwd", "passphrase", "passcode", "secret", "secrets", "credential",
            "credentials",
            "token", "authtokens", "accesstokens", "apitokens", "cookie", "authorization", "userpwd", "rootpw",
            "bindpw",
            "dbpass", "userpass", "requirepass", "masterauth",
        ] + keys.flatMap { ["\($0)key", "\($0)keys"] }

    /// Whether a word ends in a secret. `padtoken` does not.
    private static func isGlued(_ word: String) -> Bool {
        gluedEndings.contains { word.hasSuffix($0) } && !kindsOfToken.contains { word == $0 + "token" }
    }

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let scalars = Array(name.unicodeScalars)
        func isCapital(_ index: Int) -> Bool { scalars.indices.contains(index) && ("A"..."Z").contains(scalars[index]) }
        func isSmall(_ index: Int) -> Bool { scalars.indices.contains(index) && ("a"..."z").contains(scalars[index]) }
        for (index, scalar) in scalars.enumerated() {
            let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            // The last of several capitals begins the next word: `HFToken`.
            let begins = isCapital(index) && (!isCapital(index - 1) || isSmall(index + 1))
            if !isLetter || begins, !word.isEmpty {
                words.append(word.lowercased())
                word = ""
            }
            if isLetter { word.unicodeScalars.append(scalar) }
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    // MARK: Texts with a secret in them

    /// The text with the secrets in it masked: the password of each URL, the value of `--api-key=VALUE`,
    /// `api_key=VALUE` and `Authorization: VALUE`. In a longer text, such as a shell command or a document,
    /// `--api-key VALUE`, members of JSON, the assignments of each line and private keys count too.
    static func masked(_ text: String, mask: String) -> String {
        if let separator = text.unicodeScalars.firstIndex(where: { $0 == "=" || $0 == ":" }) {
            let named = text.unicodeScalars[..<separator]
            var name = String(named)
            while name.last == " " { name.removeLast() }
            let value = text.unicodeScalars[separator...].dropFirst()
            let isURL = value.starts(with: "//".unicodeScalars)
            if !isURL, isName(name), soundsSecret(name), !value.isEmpty {
                let gap = String(String.UnicodeScalarView(value.prefix { $0 == " " }))
                return String(named) + String(text.unicodeScalars[separator]) + gap + mask
            }
        }
        return maskedScheme(text, mask: mask) ?? maskedParts(text, mask: mask, isMessage: false)
    }

    /// A message that may quote a command, a URL or a library, with the secrets in it masked. Several words after a
    /// colon are shown, because sentences contain colons.
    package static func shown(_ message: String) -> String {
        maskedParts(message, mask: "***", isMessage: true)
    }

    private static func maskedParts(_ text: String, mask: String, isMessage: Bool) -> String {
        guard text.utf8.contains(where: mayAnnounce) else { return text }
        var shown = text
        // A mask may end a word that went on before: until nothing changes, but with a bound.
        for _ in 0..<4 {
            var next = maskedURLs(maskedPrivateKeys(shown, mask: mask), mask: mask)
            next = maskedWords(maskedSources(next, mask: mask), mask: mask, isMessage: isMessage)
            if next == shown { break }
            shown = next
        }
        return shown
    }

    /// `Bearer VALUE` and the like, if that is the whole text: the value of an `Authorization` header under another
    /// name.
    private static func maskedScheme(_ text: String, mask: String) -> String? {
        guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let value = text.utf8[space...].drop { $0 == UInt8(ascii: " ") }
        let isCredential =
            switch text[..<space].lowercased() {
            case "bearer", "token", "apikey": !value.contains(UInt8(ascii: " ")) && value.contains(where: isDigit)
            case "basic":
                value.count >= 8 && value.count % 4 == 0
                    && value.allSatisfy {
                        isNameByte($0) && $0 < 0x80 && !"-._".utf8.contains($0) || "+/=".utf8.contains($0)
                    }
            default: false
            }
        // A value that was shown masked is still a secret.
        guard isCredential || value.elementsEqual("***".utf8) && schemes.contains(text[..<space].lowercased()) else {
            return nil
        }
        return String(text[..<value.startIndex]) + mask
    }

    /// Whether the next item of a command is a secret, such as the one after `--api-key` or `-password`.
    static func announcesSecret(_ item: String) -> Bool {
        item.utf8.first == UInt8(ascii: "-") && isName(item) && soundsSecret(item)
    }

    /// Whether the text is only the name of a secret: `Authorization`.
    static func namesSecret(_ text: String) -> Bool { isName(text) && soundsSecret(text) }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy(isNameByte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Keys whose values are secrets in the query of a URL.
    private static let queryKeys: Set<String> = ["key", "sig", "signature", "auth"]

    /// Also after a prefix, as in `X-Amz-Signature`.
    static func isQueryKey(_ word: String) -> Bool {
        let last = word.lowercased().split { $0 == "-" || $0 == "_" }.last
        return last.map { queryKeys.contains(String($0)) } ?? false
    }

    /// `https://user:password@host` with the password masked, and `https://token@host` with the token.
    private static func maskedURLs(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        guard slashes(in: bytes, from: 0) != nil else { return text }
        var shown: [UInt8] = []
        var position = 0
        while let start = slashes(in: bytes, from: position) {
            shown += bytes[position..<start]
            position = start
            guard let secret = secretOfURL(in: bytes, from: start) else { continue }
            shown += bytes[start..<secret.lowerBound] + Array(mask.utf8)
            position = secret.upperBound
        }
        return String(decoding: shown + bytes[position...], as: UTF8.self)
    }

    /// The password of the URL whose host or user begins at `start`. The user of a web URL without a password is a
    /// token.
    private static func secretOfURL(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let end = bytes[start...].firstIndex { " /?#\"'\t\n".utf8.contains($0) } ?? bytes.endIndex
        guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else {
            return passwordWithSlash(in: bytes, start..<end)
        }
        let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
        let password = (colon.map { $0 + 1 } ?? at)..<at
        // If the user is the token, the password is missing, or is this word.
        if isWeb(bytes, before: start), password.isEmpty || bytes[password].elementsEqual("x-oauth-basic".utf8) {
            let user = start..<(colon ?? at)
            return user.isEmpty ? nil : user
        }
        return password.isEmpty ? nil : password
    }

    /// A password that contains a slash: what follows the first colon is not a port.
    private static func passwordWithSlash(in bytes: [UInt8], _ authority: Range<Int>) -> Range<Int>? {
        guard bytes[authority].first != UInt8(ascii: "["),
            let colon = bytes[authority].firstIndex(of: UInt8(ascii: ":")),
            !isPort(bytes[(colon + 1)..<authority.upperBound])
        else { return nil }
        let rest = bytes[authority.upperBound...].prefix(1024).prefix { !" \"'\t\n".utf8.contains($0) }
        return rest.lastIndex(of: UInt8(ascii: "@")).map { (colon + 1)..<$0 }
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy(isDigit) || bytes.starts(with: "${".utf8) && bytes.last == UInt8(ascii: "}")
    }

    /// Whether the scheme before `://` is a web scheme: `https`, `git+https`, `wss`.
    private static func isWeb(_ bytes: [UInt8], before start: Int) -> Bool {
        let scheme = String(decoding: bytes[..<(start - 3)].suffix(5), as: UTF8.self).lowercased()
        return ["http", "https", "ws", "wss"].contains { scheme.hasSuffix($0) }
    }

    /// The place after the next `://`.
    private static func slashes(in bytes: [UInt8], from start: Int) -> Int? {
        let (colon, slash) = (UInt8(ascii: ":"), UInt8(ascii: "/"))
        var index = start
        while index + 2 < bytes.count {
            if bytes[index] == colon, bytes[index + 1] == slash, bytes[index + 2] == slash { return index + 3 }
            index += 1
        }
        return nil
    }
}
