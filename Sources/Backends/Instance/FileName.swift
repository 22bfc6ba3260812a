// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Names for the files of an instance, made from the instance's name.
package enum FileName {
    /// A name that different instances never share: ASCII letters, digits, dots, dashes and underscores stay, any other byte becomes
    /// `%` and two hexadecimal digits, and a long name is cut and gets its hash as a suffix.
    package static func encoded(_ name: String) -> String {
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

    /// The name that ``encoded(_:)`` turns into the file's name; nil when there is none.
    ///
    /// A name that was cut cannot be recovered: the result is then what is left of it with the hash, not the name of an instance.
    package static func decoded(_ file: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(file.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let number = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(number)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        guard let name = String(validating: bytes, as: UTF8.self), encoded(name) == file else { return nil }
        return name
    }

    /// A name of at most 24 characters, for paths that have to be short.
    package static func short(_ name: String) -> String {
        let text = encoded(name)
        return text.utf8.count > 24 || text.contains("%") ? hash(name) : text
    }

    /// A digest of a text, in hexadecimal digits.
    package static func hash(_ name: String) -> String {
        String(name.digest, radix: 16)
    }
}

extension String {
    /// A digest by FNV-1a. Texts can be made to share it.
    package var digest: UInt64 {
        utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
