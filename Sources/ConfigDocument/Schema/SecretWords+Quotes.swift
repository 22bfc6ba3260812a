// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A quote that is open in a text: `"`, `\"` inside of a quoted text, `\\\"` inside of that, and the same for `'`.
struct SecretQuote {
    let mark: UInt8
    /// How often the quote is escaped.
    let level: Int
    /// The place of the mark.
    let start: Int

    init(mark: UInt8, escapes: Int, start: Int) {
        self.mark = mark
        var (escapes, level) = (escapes, 0)
        while escapes % 2 == 1 { (escapes, level) = ((escapes - 1) / 2, level + 1) }
        self.level = level
        self.start = start
    }

    /// Whether a mark after that number of backslashes ends the quoted text.
    func isClosed(by mark: UInt8, escapes: Int) -> Bool {
        guard mark == self.mark else { return false }
        var escapes = escapes
        // Each level of quotes doubles the backslashes and adds the one before the mark.
        for _ in 0..<level {
            guard escapes % 2 == 1 else { return false }
            escapes = (escapes - 1) / 2
        }
        return escapes % 2 == 0
    }
}

/// A part of a text to mask, and the bytes of it that are kept after the mask, so that quotes stay balanced.
struct SecretPart {
    var range: Range<Int>
    var closing: [UInt8] = []
    /// The number of quotes open before the part that are closed in it.
    var closed = 0
}

extension SecretText {
    static func isQuote(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

    func afterBlanks(_ start: Int) -> Int { bytes[start...].firstIndex { !Self.isBlank($0) } ?? bytes.endIndex }

    /// The place after blanks and the ends of lines.
    func afterSpace(_ start: Int) -> Int {
        bytes[start...].firstIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.endIndex
    }

    /// The place of the last byte before `end` that is not a blank; -1 if there is none.
    func beforeBlanks(_ end: Int) -> Int { bytes[..<end].lastIndex { !Self.isBlank($0) } ?? -1 }

    func escapes(before index: Int) -> Int {
        index - (bytes[..<index].lastIndex { $0 != UInt8(ascii: "\\") } ?? -1) - 1
    }

    /// The number of quotes that stay open after the mark; nil if it closes none.
    func depth(closedBy mark: UInt8, escapes: Int, in open: [SecretQuote]) -> Int? {
        open.lastIndex { $0.isClosed(by: mark, escapes: escapes) }
    }

    /// The place of the mark that closes the quote; nil if one that was open before ends first.
    mutating func closing(of quote: SecretQuote, in open: [SecretQuote]) -> Int? {
        var (index, escapes) = (quote.start + 1, 0)
        let isInApostrophes = (open + [quote]).contains { $0.mark == UInt8(ascii: "'") }
        // A shell has no escapes between apostrophes.
        var unescaped: Int?
        while index < bytes.endIndex {
            budget -= 1
            guard budget > 0 else { return unescaped }
            let byte = bytes[index]
            if isInApostrophes, let next = afterApostrophe(index) {
                (index, escapes) = (next, 0)
                continue
            }
            if byte == quote.mark {
                if quote.isClosed(by: byte, escapes: escapes) { return index }
                if depth(closedBy: byte, escapes: escapes, in: open) != nil { return unescaped }
                if byte == UInt8(ascii: "'"), quote.level == 0 { unescaped = unescaped ?? index }
            }
            escapes = byte == UInt8(ascii: "\\") ? escapes + 1 : 0
            index += 1
        }
        return unescaped
    }

    /// The place after an apostrophe as a shell has it in text between apostrophes: `'\''` or `'"'"'`.
    func afterApostrophe(_ index: Int) -> Int? {
        let apostrophe = UInt8(ascii: "'")
        guard bytes[index] == apostrophe else { return nil }
        func mark(_ index: Int) -> Int { bytes[index...].firstIndex { $0 != UInt8(ascii: "\\") } ?? bytes.endIndex }
        var (end, count) = (index + 1, 0)
        let next = mark(end)
        if next > end, byte(next) == apostrophe, byte(next + 1) == apostrophe { return next + 2 }
        let escapes = next - end
        // In a text that was quoted twice, these repeat.
        while count < 64 {
            let first = mark(end)
            guard first - end == escapes, byte(first) == UInt8(ascii: "\""), byte(first + 1) == apostrophe else {
                break
            }
            let second = mark(first + 2)
            guard second - first - 2 == escapes, byte(second) == UInt8(ascii: "\""), byte(second + 1) == apostrophe
            else {
                break
            }
            (end, count) = (second + 2, count + 1)
        }
        return count > 0 ? end : nil
    }

    /// The place after the bracket that closes the one at `start`, or `limit`, where the search for it ended.
    mutating func balanced(from start: Int, in open: [SecretQuote]) -> (end: Int?, limit: Int) {
        var (index, depth, escapes) = (start, 0, 0)
        var last: UInt8 = 0
        while index < bytes.endIndex {
            budget -= 1
            guard budget > 0 else { break }
            let byte = bytes[index]
            if open.contains(where: { $0.mark == UInt8(ascii: "'") }), let next = afterApostrophe(index) {
                (index, escapes) = (next, 0)
                continue
            }
            if Self.isQuote(byte) {
                let quote = SecretQuote(mark: byte, escapes: escapes, start: index)
                if self.depth(closedBy: byte, escapes: escapes, in: open) != nil, !isApostrophe(index) {
                    return (nil, index - escapes)
                }
                let mayOpen = byte == UInt8(ascii: "\"") || "{[(,:=".utf8.contains(last)
                if mayOpen, let close = closing(of: quote, in: open) { index = close }
            } else if "{[(".utf8.contains(byte) {
                depth += 1
            } else if "}])".utf8.contains(byte) {
                depth -= 1
                if depth == 0 { return (index + 1, index + 1) }
            }
            escapes = byte == UInt8(ascii: "\\") ? escapes + 1 : 0
            if !" \t\r\n\\".utf8.contains(byte) { last = byte }
            index += 1
        }
        return (nil, bytes.endIndex)
    }

    /// Whether the mark stands between two letters, as in `don't`.
    func isApostrophe(_ index: Int) -> Bool {
        bytes[index] == UInt8(ascii: "'") && (byte(index - 1).map(SecretWords.isNameByte) ?? false)
            && (byte(index + 1).map(SecretWords.isNameByte) ?? false)
    }

    /// Opens or closes quotes at the mark. The text in the quotes, if it closes one.
    mutating func passQuote(at index: Int) -> Range<Int>? {
        let mark = bytes[index]
        let escapes = escapes(before: index)
        let first = index - escapes
        if let depth = depth(closedBy: mark, escapes: escapes, in: quotes), !isApostrophe(index) {
            let start = quotes[depth].start + 1
            quotes.removeSubrange(depth...)
            return start..<max(start, first)
        }
        // A name between two marks, if another quote before it was not closed.
        if name.upperBound == first, byte(name.lowerBound - 1) == mark,
            self.escapes(before: name.lowerBound - 1) == escapes
        {
            return name
        }
        let isOption = name.upperBound == first && byte(name.lowerBound) == UInt8(ascii: "-")
        let isAfterName = byte(first - 1).map(SecretWords.isNameByte) ?? false
        let isBeforeName = byte(index + 1).map(SecretWords.isNameByte) ?? false
        if !isAfterName || isOption || mark == UInt8(ascii: "\"") && isBeforeName, quotes.count < 8 {
            quotes.append(SecretQuote(mark: mark, escapes: escapes, start: index))
        }
        return nil
    }
}
