// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// MARK: JSON and XML in a text

extension SecretText {
    /// The value of a member of a JSON text, or the item after an option in a JSON list. `key` was closed by the mark
    /// at `mark`.
    mutating func member(of key: Range<Int>, closedAt mark: Int) -> SecretPart? {
        guard !key.isEmpty, key.count <= 256 else { return nil }
        let separator = afterSpace(mark + 1)
        switch byte(separator) {
        case UInt8(ascii: ":"), UInt8(ascii: "="):
            let word = text(key)
            guard SecretWords.soundsSecret(word) || isNamed && word.lowercased() == "value" else { return nil }
            let next = byte(separator + 1)
            let isLong =
                bytes[separator] == UInt8(ascii: "=") && (next == UInt8(ascii: ">") || next == UInt8(ascii: "="))
            let start = afterSpace(separator + (isLong ? 2 : 1))
            if let value = memberValue(from: start) { return value }
            let open = key.lowerBound - 1
            guard isFirstInLine(open), !isMessage || !isSentence(start) else { return nil }
            return lines(from: afterBlanks(separator + 1), mayContinue: true)
        case UInt8(ascii: ","):
            guard name == key else { return nil }
            let start = afterSpace(separator + 1)
            return option(start, isItem: true) ?? pair(start)
        case .some where name == key && separator > mark + 1 && Self.isBlank(bytes[mark + 1]):
            return option(separator, isItem: false)
        default:
            return nil
        }
    }

    /// The second item, at `start`, of a pair in brackets: `["Authorization", "VALUE"]`.
    private mutating func pair(_ start: Int) -> SecretPart? {
        let before = bytes[..<name.lowerBound].last { !" \t\r\n\"'\\".utf8.contains($0) }
        guard before == UInt8(ascii: "[") || before == UInt8(ascii: "("), byte(start) != nil,
            SecretWords.soundsSecret(text(name))
        else { return nil }
        let value = value(from: start, to: .member)
        guard let next = byte(afterSpace(value.range.upperBound)), "])".utf8.contains(next) else { return nil }
        return value
    }

    private mutating func memberValue(from start: Int) -> SecretPart? {
        var first = start
        // `b"VALUE"` in Python.
        if let prefix = byte(first), "bruf".utf8.contains(prefix | 0x20), Self.isQuote(byte(first + 1)) { first += 1 }
        let mark = bytes[first...].firstIndex { $0 != UInt8(ascii: "\\") } ?? bytes.endIndex
        guard mark < bytes.endIndex else { return nil }
        var part = value(from: afterScheme(first), to: .member)
        part.range = start..<part.range.upperBound
        if Self.isQuote(bytes[mark]) || "{[".utf8.contains(bytes[first]) { return part }
        // One word, because a sentence may follow the colon.
        let next = byte(afterBlanks(part.range.upperBound)) ?? UInt8(ascii: "\n")
        guard text(part.range) != "null" else { return nil }
        let isNumber = bytes[part.range].allSatisfy { SecretWords.isDigit($0) || "+-.eE".utf8.contains($0) }
        guard isNumber || ",}]\r\n\"'\\".utf8.contains(next) else { return nil }
        return part
    }

    /// The assignments after the line `[credentials]`, up to the next such line.
    mutating func section() -> SecretPart? {
        guard byte(name.lowerBound - 1) == UInt8(ascii: "["), byte(name.lowerBound) != UInt8(ascii: "-"),
            isFirstInLine(name.lowerBound - 1), SecretWords.soundsSecret(text(name))
        else { return nil }
        let start = afterSpace(name.upperBound + 1)
        guard bytes[(name.upperBound + 1)..<start].contains(UInt8(ascii: "\n")) else { return nil }
        var index = start
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "[") {
            let part = value(from: index, to: .line)
            let next = afterSpace(part.range.upperBound)
            if next == part.range.upperBound || next == bytes.endIndex || bytes[next] == UInt8(ascii: "[") {
                return SecretPart(range: start..<part.range.upperBound, closing: part.closing, closed: part.closed)
            }
            index = next
        }
        return nil
    }

    /// The text of an XML element: `<password>VALUE</password>`.
    mutating func element() -> SecretPart? {
        guard byte(name.lowerBound - 1) == UInt8(ascii: "<"), SecretWords.soundsSecret(text(name)) else { return nil }
        let start = name.upperBound + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "<")),
            bytes[(end + 1)...].starts(with: [UInt8(ascii: "/")] + bytes[name])
        else { return nil }
        return SecretPart(range: start..<end)
    }
}
