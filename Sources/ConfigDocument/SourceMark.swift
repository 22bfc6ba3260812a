// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A place in the text that is being parsed.
struct SourceMark: Hashable, Sendable {
    var line = 1
    var column = 1
}

extension SourceMark {
    /// The place of a byte.
    init(ofByte offset: Int, in bytes: some Sequence<UInt8>) {
        for byte in bytes.prefix(offset) { advance(past: byte) }
    }

    /// Only a line feed ends a line; the continuation bytes of a character do not count.
    mutating func advance(past byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }
}
