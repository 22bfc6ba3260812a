// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Cuts what a program writes into lines, with control characters as escapes and what is no UTF-8 replaced.
struct LineSplitter: Sendable {
    /// The longest line; the rest of a longer one is dropped.
    static let limit = 8192

    private var rest: [UInt8] = []
    private var isCut = false

    /// The lines that the bytes complete, without their ends.
    mutating func lines(in bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(takeLine())
            } else if rest.count < Self.limit {
                rest.append(byte)
            } else {
                isCut = true
            }
        }
        return lines
    }

    /// The line that was begun, when there will be no more.
    mutating func end() -> String? {
        rest.isEmpty && !isCut ? nil : takeLine()
    }

    /// The line that was begun, as it is so far, without a character of which some bytes are missing; nil where it has nothing yet.
    var beginning: String? {
        let bytes = isCut ? withoutReturn : withoutReturn.dropLast(Self.partialCharacter(at: withoutReturn))
        return bytes.isEmpty ? nil : text(of: bytes)
    }

    private var withoutReturn: ArraySlice<UInt8> { rest.last == UInt8(ascii: "\r") ? rest.dropLast() : rest[...] }

    private func text(of bytes: ArraySlice<UInt8>) -> String {
        PlainText.cleaned(String(decoding: bytes, as: UTF8.self)) + (isCut ? "…" : "")
    }

    /// How many bytes at the end are the beginning of a character in UTF-8.
    private static func partialCharacter(at bytes: ArraySlice<UInt8>) -> Int {
        let tail = bytes.suffix(3).reversed().enumerated()
        guard let (index, first) = tail.first(where: { $0.element & 0xC0 != 0x80 }) else { return 0 }
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        return index + 1 < length ? index + 1 : 0
    }

    private mutating func takeLine() -> String {
        defer {
            rest.removeAll(keepingCapacity: true)
            isCut = false
        }
        return text(of: withoutReturn)
    }
}
