// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Splits the output of a program into lines, with control characters escaped and invalid UTF-8 replaced.
package struct LineSplitter: Sendable {
    /// The most bytes of a line; the rest of a longer one is dropped.
    package static let limit = 8192

    private var rest: [UInt8] = []
    private var isCut = false

    package init() {}

    /// The lines that the bytes complete, without their line breaks.
    package mutating func lines(in bytes: some Sequence<UInt8>) -> [String] {
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

    /// The unfinished line, when no more bytes follow.
    package mutating func end() -> String? {
        rest.isEmpty && !isCut ? nil : takeLine()
    }

    /// The unfinished line so far, without an incomplete character at its end; nil while it is empty.
    package var beginning: String? {
        let bytes = isCut ? withoutReturn : withoutReturn.dropLast(Self.partialCharacter(at: withoutReturn))
        return bytes.isEmpty ? nil : text(of: bytes)
    }

    private var withoutReturn: ArraySlice<UInt8> { rest.last == UInt8(ascii: "\r") ? rest.dropLast() : rest[...] }

    private func text(of bytes: ArraySlice<UInt8>) -> String {
        PlainText.cleaned(String(decoding: bytes, as: UTF8.self)) + (isCut ? "…" : "")
    }

    /// How many bytes at the end are the beginning of a UTF-8 character.
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
