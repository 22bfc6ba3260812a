// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The encoding of `grpc-message`: UTF-8 in which everything except printable ASCII is written as `%XX`.
package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The encoded text, cut to at most `limit` bytes, but never inside a character.
    package static func encode(_ text: String, limit: Int) -> [UInt8] {
        var encoded: [UInt8] = []
        for scalar in text.unicodeScalars {
            let before = encoded.count
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                if (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "%") {
                    encoded.append(byte)
                } else {
                    encoded.append(UInt8(ascii: "%"))
                    encoded.append(digits[Int(byte >> 4)])
                    encoded.append(digits[Int(byte & 15)])
                }
            }
            if encoded.count > limit {
                encoded.removeLast(encoded.count - before)
                break
            }
        }
        return encoded
    }
}
