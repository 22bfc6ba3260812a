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

    /// The line that was begun, as it is so far; nil between two lines.
    var beginning: String? {
        if rest.isEmpty && !isCut { return nil }
        let bytes = rest.last == UInt8(ascii: "\r") ? rest.dropLast() : rest[...]
        return PlainText.cleaned(String(decoding: bytes, as: UTF8.self)) + (isCut ? "…" : "")
    }

    private mutating func takeLine() -> String {
        defer {
            rest.removeAll(keepingCapacity: true)
            isCut = false
        }
        return beginning ?? ""
    }
}
