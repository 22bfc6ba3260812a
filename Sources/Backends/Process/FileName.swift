// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Names of instances as names of files.
enum FileName {
    /// Letters, digits, dots, dashes and underscores stay; everything else is written as its bytes, and a long name ends with its
    /// hash, so that different names stay different.
    static func encoded(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            let character = Character(UnicodeScalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "._-".contains(character) {
                text.append(character)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text.utf8.count > 120 ? text.prefix(100) + "-" + hash(name) : text
    }

    /// At most 24 characters, for paths that have to be short.
    static func short(_ name: String) -> String {
        let text = encoded(name)
        return text.utf8.count > 24 || text.contains("%") ? hash(name) : text
    }

    private static func hash(_ name: String) -> String {
        String(name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
