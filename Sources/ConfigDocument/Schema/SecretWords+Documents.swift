// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What stands before a name.
private enum SecretOrigin {
    /// The begin of the line.
    case line
    /// A comma, a colon or a bracket.
    case item
    /// `;` after another assignment, as in a data source name.
    case field
    /// A word, or another byte.
    case word(isAfterWord: Bool)
}

// MARK: Assignments of INI, TOML and YAML

extension SecretText {
    /// The value after `=`, `:=`, `?=`, `+=`, `==` or `=>`.
    mutating func assigned(_ separator: Int, isSpaced: Bool) -> SecretPart? {
        var start = separator
        if byte(start) != UInt8(ascii: "=") { start += 1 }
        guard byte(start) == UInt8(ascii: "=") else { return nil }
        start += 1
        while let next = byte(start), next == UInt8(ascii: "=") || next == UInt8(ascii: ">") { start += 1 }
        let name = text(name)
        if !isSpaced, SecretWords.announcesUser(name) { return passwordOfUser(from: start) }
        guard SecretWords.soundsSecret(name) else {
            return isInQuery && SecretWords.isQueryKey(name) ? value(from: start, to: .word) : nil
        }
        let first = afterBlanks(start)
        switch origin {
        case .line where isSpaced || first > start: return lines(from: first, mayContinue: true)
        case .line: return isMessage ? word(from: start, to: .blank) : lines(from: start, mayContinue: false)
        case .item where isSpaced || first > start: return item(from: first)
        case .field: return value(from: first, to: .field)
        case .word(let isAfterWord) where isSpaced:
            let isValue = !isAfterWord || name.hasPrefix("-") || Self.isQuote(byte(first)) || isAfterKeyword
            return isValue ? word(from: first) : nil
        case .item, .word:
            // All of `"--password=two words"`, and of `-e "API_KEY=two words"`.
            return isInOwnQuotes ? value(from: start, to: .quotes) : word(from: start)
        }
    }

    /// The value after a colon: that of a header, or of a member of a YAML text.
    mutating func afterColon(_ colon: Int, isSpaced: Bool) -> SecretPart? {
        if byte(colon + 1) == UInt8(ascii: "=") { return assigned(colon, isSpaced: isSpaced) }
        guard byte(colon + 1) != UInt8(ascii: "/") || byte(colon + 2) != UInt8(ascii: "/") else { return nil }
        let first = afterBlanks(colon + 1)
        let origin = origin
        if isNamed, text(name).lowercased() == "value" {
            return if case .line = origin { lines(from: first, mayContinue: true) } else { item(from: first) }
        }
        if case .line = origin, !isMessage, SecretWords.soundsSecret(text(name)) {
            return lines(from: first, mayContinue: true)
        }
        if !isSpaced, let header = header(colon) { return header }
        guard SecretWords.soundsSecret(text(name)) else { return nil }
        switch origin {
        case .line: return isSentence(first) ? nil : lines(from: first, mayContinue: true)
        case .item:
            guard isMessage, isSentence(first) else { return item(from: first) }
            return itemInBraces(from: first)
        case .field, .word:
            // `bad token: "VALUE"`, and `user: x password: VALUE` if it is not a sentence.
            return Self.isQuote(byte(first)) || !isMessage && isAfterColon ? word(from: first) : nil
        }
    }

    /// Whether several words follow up to the end of the line or the next member.
    mutating func isSentence(_ start: Int) -> Bool {
        let start = afterScheme(start)
        guard let first = byte(start), !"\"'{[|>#&!\r\n".utf8.contains(first) else { return false }
        let end = value(from: start, to: .blank).range.upperBound
        guard end > start, let next = byte(end), Self.isBlank(next) else { return false }
        return !",;".utf8.contains(bytes[end - 1])
            && !(byte(afterBlanks(end)).map { "\r\n}".utf8.contains($0) } ?? true)
    }

    private mutating func itemInBraces(from start: Int) -> SecretPart? {
        guard budget > 0 else { return nil }
        let item = item(from: start)
        budget -= item.range.count
        return byte(item.range.upperBound) == UInt8(ascii: "}") ? item : nil
    }

    private mutating func item(from start: Int) -> SecretPart {
        value(from: afterScheme(start), to: .item).from(start)
    }

    /// The rest of the line, and the lines after it that belong to the value because they are indented more.
    mutating func lines(from start: Int, mayContinue: Bool) -> SecretPart {
        let keyColumn = column(of: name.lowerBound)
        var part = multiline(from: start) ?? value(from: start, to: .line)
        let isEmpty = part.range.isEmpty
        let isOpen = isEmpty || byte(start).map { "|>#&!".utf8.contains($0) } ?? false
        guard mayContinue, part.closed == 0, isOpen || !isMessage else { return part }
        var isList = isEmpty
        while let newline = lineEnd(at: part.range.upperBound) {
            let line = afterSpace(newline)
            guard line < bytes.endIndex else { break }
            let column = column(of: line)
            let isItem = bytes[line] == UInt8(ascii: "-") && byte(line + 1) == UInt8(ascii: " ")
            guard column > keyColumn || isList && isItem && column == keyColumn else { break }
            if part.range.isEmpty {
                part.range = line..<line
                isList = isItem && column == keyColumn
            }
            let rest = value(from: line, to: .line)
            // The quotes end in this line.
            guard !rest.range.isEmpty else { break }
            part.range = part.range.lowerBound..<rest.range.upperBound
            (part.closing, part.closed) = (rest.closing, rest.closed)
            if rest.closed > 0 { break }
        }
        return part
    }

    /// A value in three quotes, as in TOML.
    private func multiline(from start: Int) -> SecretPart? {
        guard let mark = byte(start), Self.isQuote(mark), byte(start + 1) == mark, byte(start + 2) == mark else {
            return nil
        }
        var index = start + 3
        while index + 2 < bytes.endIndex {
            if bytes[index] == mark, bytes[index + 1] == mark, bytes[index + 2] == mark {
                return SecretPart(range: start..<(index + 3))
            }
            index += 1
        }
        return SecretPart(range: start..<bytes.endIndex)
    }

    private func lineEnd(at index: Int) -> Int? {
        switch byte(index) {
        case UInt8(ascii: "\n"): index
        case UInt8(ascii: "\r") where byte(index + 1) == UInt8(ascii: "\n"): index
        default: nil
        }
    }

    private func column(of index: Int) -> Int {
        index - (bytes[..<index].lastIndex(of: UInt8(ascii: "\n")) ?? -1) - 1
    }

    // MARK: What stands before a name

    private var origin: SecretOrigin {
        if isFirstInLine { return .line }
        let before = beforeBlanks(name.lowerBound)
        guard before >= 0 else { return .line }
        switch bytes[before] {
        case UInt8(ascii: ";"): return isAfterAssignment(before) ? .field : .item
        // `secret` in `aws:secret:x` is not the begin of a member.
        case UInt8(ascii: ":"): return before < name.lowerBound - 1 ? .item : .word(isAfterWord: true)
        case let byte where ",{[(".utf8.contains(byte): return .item
        case let byte where Self.isQuote(byte) && before == name.lowerBound - 1: return .item
        case let byte: return .word(isAfterWord: SecretWords.isNameByte(byte) && !isAfterAssignment(before + 1))
        }
    }

    /// Whether only blanks, and marks of lists and comments, stand before the name in its line.
    var isFirstInLine: Bool {
        if isFirstInLine(name.lowerBound) { return true }
        // `\n` in a quoted text.
        return byte(name.lowerBound - 2) == UInt8(ascii: "\\") && "nr".utf8.contains(bytes[name.lowerBound - 1])
    }

    func isFirstInLine(_ index: Int) -> Bool {
        let before = bytes[..<index].last { !" \t-#*>+|;/".utf8.contains($0) }
        return before == nil || before == UInt8(ascii: "\n") || before == UInt8(ascii: "\r")
    }

    /// Whether a word that ends before `end` is the value of another assignment: `host = h password = v`, `host=h;`.
    private func isAfterAssignment(_ end: Int) -> Bool { separator(beforeWordAt: end) == UInt8(ascii: "=") }

    private var isAfterColon: Bool {
        let before = beforeBlanks(name.lowerBound)
        return before < name.lowerBound - 1 && separator(beforeWordAt: before + 1) == UInt8(ascii: ":")
    }

    private func separator(beforeWordAt end: Int) -> UInt8? {
        let start = bytes[..<end].suffix(256).lastIndex { " \t\r\n;,=\"'".utf8.contains($0) } ?? -1
        return byte(beforeBlanks(start + 1))
    }

    private var isAfterKeyword: Bool {
        ["export", "set", "setx", "let", "const", "var", "val", "env", "local", "readonly", "declare"]
            .contains(text(nameBefore).lowercased())
    }

    private var isInQuery: Bool {
        let before = byte(name.lowerBound - 1)
        return before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
    }

    /// Whether the quotes begin with the name, and hold nothing but its value: not a command for a shell.
    private var isInOwnQuotes: Bool {
        guard let open = quotes.last, open.start == name.lowerBound - 1 else { return false }
        if bytes[name.lowerBound] == UInt8(ascii: "-") { return true }
        let gap = bytes[nameBefore.upperBound..<name.lowerBound].prefix(16)
        guard !nameBefore.isEmpty, gap.allSatisfy({ " =\"'\\".utf8.contains($0) }) else { return false }
        let option = bytes[nameBefore]
        if option.first != UInt8(ascii: "-") { return ["env", "export"].contains(text(nameBefore)) }
        return option.starts(with: "--".utf8) || option.last != UInt8(ascii: "c")
    }
}

extension SecretPart {
    fileprivate func from(_ start: Int) -> SecretPart {
        SecretPart(range: start..<range.upperBound, closing: closing, closed: closed)
    }
}
