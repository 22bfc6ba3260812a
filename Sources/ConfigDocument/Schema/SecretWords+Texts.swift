// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    /// The text with the secrets among its words masked: `API_KEY=VALUE`, `--api-key VALUE`, `--user USER:VALUE`,
    /// `Authorization: Bearer VALUE`, `"X-Api-Key: VALUE"`, `"apiKey": "VALUE"`, `?key=VALUE` of a URL, and the
    /// assignments of INI, TOML and YAML.
    static func maskedWords(_ text: String, mask: String, isMessage: Bool) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: mayAnnounce) else { return text }
        var search = SecretText(bytes, isMessage: isMessage)
        var shown: [UInt8] = []
        // Everything before `copied` is in `shown` already.
        var copied = 0
        while let secret = search.next() {
            shown += bytes[copied..<secret.range.lowerBound] + Array(mask.utf8) + secret.closing
            copied = secret.range.upperBound
        }
        return copied == 0 ? text : String(decoding: shown + bytes[copied...], as: UTF8.self)
    }

    static func mayAnnounce(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "=", "-", ":", "\"", "'", "<": true
        default: false
        }
    }

    static let schemes: Set<String> = ["bearer", "basic", "token", "apikey", "digest", "negotiate"]
}

/// One search through a text for secrets, by the names before them.
///
/// The search goes forward only. What looks further ahead for the end of a value is bounded by `budget`.
struct SecretText {
    let bytes: [UInt8]
    /// Whether the text has sentences, in which a colon follows words such as `token`.
    let isMessage: Bool
    /// The quotes that are open at the position, the outermost first.
    var quotes: [SecretQuote] = []
    /// The number of bytes that may still be looked at to find the ends of quotes and brackets.
    var budget: Int
    /// The name found last, and the one before it.
    private(set) var name = 0..<0
    private(set) var nameBefore = 0..<0
    /// Whether the name of a secret was the `name` of the object or the YAML list's item that the search is in.
    private(set) var isNamed = false
    private var position = 0

    init(_ bytes: [UInt8], isMessage: Bool) {
        self.bytes = bytes
        self.isMessage = isMessage
        budget = 8 * bytes.count + 64
    }

    /// The next secret; nil if there are no more.
    mutating func next() -> SecretPart? {
        while position < bytes.endIndex {
            let byte = bytes[position]
            let secret: SecretPart?
            if SecretWords.isNameByte(byte) {
                let end = bytes[position...].firstIndex { !SecretWords.isNameByte($0) } ?? bytes.endIndex
                (nameBefore, name) = (name, afterEscapedLineEnd(position)..<end)
                findName()
                secret = self.secret()
                position = end
            } else {
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { isNamed = false }
                if quotes.contains(where: { $0.mark == UInt8(ascii: "'") }), let next = afterApostrophe(position) {
                    position = next
                    continue
                }
                secret =
                    Self.isQuote(byte) ? passQuote(at: position).flatMap { member(of: $0, closedAt: position) } : nil
                position += 1
            }
            if let secret, !secret.range.isEmpty {
                quotes.removeLast(secret.closed)
                position = secret.range.upperBound
                return secret
            }
        }
        return nil
    }

    /// Notes `name: HF_TOKEN`, for the `value` that follows.
    private mutating func findName() {
        let key = bytes[nameBefore]
        if bytes[name].elementsEqual("name".utf8) { isNamed = false }
        guard (3...6).contains(key.count), nameBefore.upperBound < name.lowerBound,
            bytes[nameBefore.upperBound..<name.lowerBound].prefix(16).allSatisfy({ " \t:=\"'\\".utf8.contains($0) }),
            ["name", "key", "header"].contains(text(nameBefore).lowercased()),
            bytes[nameBefore.upperBound..<name.lowerBound].contains(where: { $0 == UInt8(ascii: ":") })
        else { return }
        isNamed = SecretWords.soundsSecret(text(name))
    }

    /// The place after the letter of `\n`, as JSON and C write the end of a line.
    private func afterEscapedLineEnd(_ index: Int) -> Int {
        "nrt".utf8.contains(bytes[index]) && escapes(before: index) > 0 ? index + 1 : index
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The value that the name announces; nil if it announces none.
    private mutating func secret() -> SecretPart? {
        if SecretWords.holdsUser(bytes[name]) || byte(name.upperBound).map(Self.isQuote) ?? false,
            let user = userInWord()
        {
            return user
        }
        guard let next = byte(name.upperBound) else { return nil }
        switch next {
        case UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "+"): return assigned(name.upperBound, isSpaced: false)
        case UInt8(ascii: ":"): return afterColon(name.upperBound, isSpaced: false)
        case UInt8(ascii: ">"): return element()
        case UInt8(ascii: "]"): return section()
        case UInt8(ascii: ","): return isInList ? option(afterBlanks(name.upperBound + 1), isItem: true) : nil
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\\"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            return afterGap()
        default: return nil
        }
    }

    private mutating func afterGap() -> SecretPart? {
        let separator = afterBlanks(name.upperBound)
        switch byte(separator) {
        case UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "+"):
            if let secret = assigned(separator, isSpaced: true) { return secret }
        case UInt8(ascii: ":"):
            if let secret = afterColon(separator, isSpaced: true) { return secret }
        default: break
        }
        if let start = afterGap(in: name.upperBound) { return option(start, isItem: false) }
        // The next item of a YAML list.
        guard isFirstInLine, let next = nextItem() else { return nil }
        return option(next, isItem: true)
    }

    // MARK: Options

    /// The value at `start` of the option that the name is. The next item of a list may look like another option.
    mutating func option(_ start: Int, isItem: Bool) -> SecretPart? {
        guard byte(name.lowerBound) == UInt8(ascii: "-"), start < bytes.endIndex, isItem || !isOption(start) else {
            return nil
        }
        let option = text(name)
        if SecretWords.announcesUser(option) { return passwordOfUser(from: start, to: isItem ? .member : .word) }
        guard SecretWords.soundsSecret(option) else { return nil }
        return isItem ? value(from: start, to: .member) : word(from: start)
    }

    /// The place after the blanks and escaped line ends between two words of a shell command; nil without them.
    private func afterGap(in start: Int) -> Int? {
        var index = start
        while let byte = byte(index) {
            if Self.isBlank(byte) {
                index += 1
            } else if byte == UInt8(ascii: "\\"), self.byte(index + 1) == UInt8(ascii: "\n") {
                index += 2
            } else {
                break
            }
        }
        return index > start ? index : nil
    }

    /// The place after the dash of the next line, if the name is the last word of an item of a YAML list.
    private func nextItem() -> Int? {
        let line = afterSpace(name.upperBound)
        guard bytes[name.upperBound..<line].contains(UInt8(ascii: "\n")), byte(line) == UInt8(ascii: "-"),
            byte(line + 1) == UInt8(ascii: " "), byte(beforeBlanks(name.lowerBound)) == UInt8(ascii: "-")
        else { return nil }
        return afterBlanks(line + 1)
    }

    /// Whether the name is an item of a list, as in `[serve, --token, VALUE]`.
    private var isInList: Bool {
        let before = byte(beforeBlanks(name.lowerBound))
        return before == UInt8(ascii: ",") || before == UInt8(ascii: "[")
    }

    /// `-uuser:password`.
    private mutating func userInWord() -> SecretPart? {
        guard bytes[name].starts(with: "-u".utf8) || bytes[name].starts(with: "-U".utf8),
            byte(name.lowerBound - 1).map({ " \t\r\n\"'([,".utf8.contains($0) }) ?? true
        else { return nil }
        let start = name.lowerBound + 2
        // `"-u"` as an item of a list.
        if start == name.upperBound, let open = quotes.last, open.start == name.lowerBound - 1 { return nil }
        guard let user = passwordOfUser(from: start),
            !bytes[start..<user.range.lowerBound].contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "/") }
            )
        else { return nil }
        return user
    }

    // MARK: Headers

    /// The value after the colon of a header. Elsewhere a colon continues a sentence, except after `Authorization`.
    mutating func header(_ colon: Int) -> SecretPart? {
        let header = text(name).lowercased()
        let before = byte(name.lowerBound - 1)
        // `X-Api-Key:VALUE` is a header for HTTPie.
        let isItem = header.hasPrefix("x-") && !(byte(colon + 1).map(Self.isBlank) ?? true)
        let isOption = isAfterHeaderOption || header.hasPrefix("-h") || isItem
        let isBegun = Self.isQuote(before) || before == UInt8(ascii: "=") || isOption
        let isAuthorization = header.hasSuffix("authorization")
        guard isAuthorization || isBegun && SecretWords.soundsSecret(header) else { return nil }
        let start = afterBlanks(colon + 1)
        guard start < bytes.endIndex else { return nil }
        let credential = afterScheme(start)
        if Self.isQuote(before) {
            if let open = quotes.last, open.start == name.lowerBound - 1 { return value(from: credential, to: .quotes) }
            return value(from: credential, to: .word)
        }
        // Cookies, and credentials of other schemes, have several words.
        let scheme = text(start..<credential).lowercased()
        let isWord = !scheme.isEmpty && !scheme.hasPrefix("digest") || !isAuthorization && !header.contains("cookie")
        return value(from: credential, to: isWord || colon + 1 == start ? .word : .line)
    }

    private var isAfterHeaderOption: Bool {
        guard nameBefore.upperBound < name.lowerBound, byte(nameBefore.lowerBound) == UInt8(ascii: "-"),
            beforeBlanks(name.lowerBound) == nameBefore.upperBound - 1
        else { return false }
        return ["-H", "--header", "--proxy-header"].contains(text(nameBefore))
    }
}
