// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a value ends if it is not in quotes.
enum SecretEnd {
    /// At the end of a shell's word.
    case word
    /// At a blank.
    case blank
    /// At the end of a member of a JSON or YAML text.
    case member
    /// At the next assignment, such as `, user = x`, or at a closing bracket.
    case item
    /// At `;` or at the end of the line.
    case field
    /// At the end of the line.
    case line
    /// Where the quotes end in which the value begins.
    case quotes
}

extension SecretText {
    /// The value that begins at `start`. Parts in quotes, and escaped blanks, belong to it.
    mutating func value(from start: Int, to kind: SecretEnd) -> SecretPart {
        var (index, kind, open, depth) = (start, kind, quotes, 0)
        var closing: [UInt8] = []
        while index < bytes.endIndex {
            let mark = bytes[index...].firstIndex { $0 != UInt8(ascii: "\\") } ?? bytes.endIndex
            guard mark < bytes.endIndex else {
                index = mark
                break
            }
            if Self.isQuote(bytes[mark]) {
                if let next = partInQuotes(from: index, mark, in: open, isFirst: index == start, &kind) {
                    index = next
                    continue
                }
                guard let depth = self.depth(closedBy: bytes[mark], escapes: mark - index, in: open) else {
                    index = mark + 1
                    continue
                }
                guard continuesWord(mark + 1) else { break }
                closing = Array(bytes[index...mark])
                open.removeSubrange(depth...)
                (kind, index) = (.word, mark + 1)
            } else if mark > index {
                index = min(mark + (mark - index) % 2, bytes.endIndex)
            } else if let next = partInBrackets(at: index, in: open, isFirst: index == start, kind) {
                index = next
            } else {
                if kind == .word, bytes[index] == UInt8(ascii: "(") { depth += 1 }
                if kind == .word, bytes[index] == UInt8(ascii: ")"), depth > 0 {
                    depth -= 1
                } else if ends(at: index, kind) {
                    break
                }
                index += 1
            }
        }
        return SecretPart(range: start..<index, closing: closing, closed: quotes.count - open.count)
    }

    /// The place after a part in quotes; nil if the mark does not begin one.
    private mutating func partInQuotes(
        from first: Int, _ mark: Int, in open: [SecretQuote], isFirst: Bool, _ kind: inout SecretEnd
    ) -> Int? {
        if open.contains(where: { $0.mark == UInt8(ascii: "'") }), let next = afterApostrophe(mark) { return next }
        let escapes = mark - first
        let quote = SecretQuote(mark: bytes[mark], escapes: escapes, start: mark)
        if let depth = depth(closedBy: bytes[mark], escapes: escapes, in: open) {
            if isApostrophe(mark), kind != .word || !isFirst { return mark + 1 }
            // In `"API_KEY="v w"` the quotes before the name may be mistaken.
            guard isFirst, kind != .quotes, continuesWord(mark + 1) else { return nil }
            return closing(of: quote, in: Array(open[..<depth])).map { $0 + 1 }
        }
        // `\'` is a character of a shell's word.
        let isCharacter = escapes % 2 == 1 && bytes[mark] == UInt8(ascii: "'")
        let hasParts = kind == .word || kind == .blank || kind == .member
        guard isFirst || hasParts, kind != .quotes, !isCharacter else { return nil }
        if let close = closing(of: quote, in: open) { return close + 1 }
        if isFirst {
            kind = .quotes
            return mark + 1
        }
        return nil
    }

    /// The place after a value in brackets, or after `$(command)`; nil if there is none.
    private mutating func partInBrackets(
        at index: Int, in open: [SecretQuote], isFirst: Bool, _ kind: SecretEnd
    ) -> Int? {
        guard kind != .quotes else { return nil }
        if isFirst, "{[".utf8.contains(bytes[index]) {
            let (end, limit) = balanced(from: index, in: open)
            return end ?? (kind == .member ? limit : nil)
        }
        if isFirst, bytes[index] == UInt8(ascii: "`") {
            return bytes[(index + 1)...].prefix(1024).firstIndex(of: UInt8(ascii: "`")).map { $0 + 1 }
        }
        guard bytes[index] == UInt8(ascii: "$"), byte(index + 1) == UInt8(ascii: "(") else { return nil }
        return balanced(from: index + 1, in: open).end
    }

    /// Whether the word goes on at the place after a closing quote.
    private func continuesWord(_ index: Int) -> Bool {
        guard let byte = byte(index) else { return false }
        return SecretWords.isNameByte(byte) || Self.isQuote(byte) || byte == UInt8(ascii: "$")
    }

    private func ends(at index: Int, _ kind: SecretEnd) -> Bool {
        switch kind {
        case .word: " \t\r\n;|&)".utf8.contains(bytes[index])
        case .blank: " \t\r\n".utf8.contains(bytes[index])
        case .member: " \t\r\n;|&(),}]".utf8.contains(bytes[index])
        case .field: ";\r\n".utf8.contains(bytes[index])
        case .line: "\r\n".utf8.contains(bytes[index])
        case .quotes: false
        case .item:
            switch bytes[index] {
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
            case UInt8(ascii: ","), UInt8(ascii: ";"): isBeforeAssignment(index + 1)
            case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
                byte(index + 1).map { " \t\r\n,;}])\"'".utf8.contains($0) } ?? true
            default: false
            }
        }
    }

    /// Whether a name and `=` or `:` follow.
    private func isBeforeAssignment(_ index: Int) -> Bool {
        var name = afterBlanks(index)
        let mark = byte(name).flatMap { Self.isQuote($0) ? $0 : nil }
        if mark != nil { name += 1 }
        var end = bytes[name...].firstIndex { !SecretWords.isNameByte($0) } ?? bytes.endIndex
        guard name < end else { return false }
        if mark != nil, byte(end) == mark { end += 1 }
        let separator = byte(afterBlanks(end))
        return separator == UInt8(ascii: "=") || separator == UInt8(ascii: ":")
    }

    /// The place after `Bearer ` or another scheme; `start` if none is there.
    func afterScheme(_ start: Int) -> Int {
        let mark = byte(start).flatMap { Self.isQuote($0) ? $0 : nil }
        let word = mark == nil ? start : start + 1
        var end = bytes[word...].prefix(16).firstIndex { !SecretWords.isNameByte($0) } ?? word
        guard SecretWords.schemes.contains(text(word..<end).lowercased()) else { return start }
        if mark != nil, byte(end) == mark { end += 1 }
        let value = afterBlanks(end)
        guard end < value, value < bytes.endIndex, !"\r\n;|&".utf8.contains(bytes[value]), !isOption(value) else {
            return start
        }
        return value
    }

    /// The value of a word, with the scheme before it.
    mutating func word(from start: Int, to kind: SecretEnd = .word) -> SecretPart {
        var part = value(from: afterScheme(start), to: kind)
        part.range = start..<part.range.upperBound
        return part
    }

    /// Whether the word looks like an option, such as `-H` and `--verbose`, and not like a secret that begins with a
    /// dash.
    func isOption(_ start: Int) -> Bool {
        let name = bytes[start...].prefix { SecretWords.isNameByte($0) }
        let rest = name.drop { $0 == UInt8(ascii: "-") }
        switch name.count - rest.count {
        case 1...2:
            return rest.count == 1
                || rest.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || "-_.".utf8.contains($0) }
        default: return false
        }
    }

    /// The password in the shell word that begins at `start`; nil if the word has no user before a colon.
    mutating func passwordOfUser(from start: Int, to kind: SecretEnd = .word) -> SecretPart? {
        var part = value(from: start, to: kind)
        let end = part.range.upperBound
        let mark = bytes[start...].firstIndex { $0 != UInt8(ascii: "\\") } ?? bytes.endIndex
        var word = part.range
        if mark < end, Self.isQuote(bytes[mark]) {
            let quote = bytes[start...mark]
            let close = closing(of: SecretQuote(mark: bytes[mark], escapes: mark - start, start: mark), in: quotes)
            word = (mark + 1)..<end
            if let close, close < end {
                if close + 1 == end { word = (mark + 1)..<max(mark + 1, end - quote.count) }
                let colon = bytes[word].firstIndex(of: UInt8(ascii: ":"))
                if close + 1 < end, let colon, colon < close { part.closing = Array(quote) + part.closing }
            }
        }
        guard let password = SecretWords.passwordOfUser(bytes, in: word) else { return nil }
        part.range = password
        return part
    }
}
