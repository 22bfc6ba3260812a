// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Base64, RFC 4648.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// The text for bytes, in the standard alphabet and without padding, as gRPC writes it.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var index = 0
        while index < bytes.count {
            let left = min(bytes.count - index, 3)
            var group = UInt32(bytes[index]) << 16
            if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if left > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0...left { text.append(alphabet[Int(group >> UInt32(18 - 6 * place)) & 63]) }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text that a program wrote: in the standard alphabet, with or without padding. Nil if it is not
    /// Base64.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        var digits = text[...]
        if digits.count % 4 == 0 {
            if digits.last == UInt8(ascii: "=") { digits.removeLast() }
            if digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        return bytes(of: digits) { values[Int($0)] }?.bytes
    }

    /// The bytes of a text that a person wrote: in either alphabet, with or without padding. Nil if it is not Base64,
    /// or if its last digit holds bits that belong to no byte.
    package static func decoded(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)[...]
        let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        digits = digits.dropLast(padding)
        guard padding <= 2, padding == 0 || (digits.count + padding).isMultiple(of: 4) else { return nil }
        let decoded = bytes(of: digits) { digit in
            switch digit {
            case UInt8(ascii: "-"): 62
            case UInt8(ascii: "_"): 63
            default: values[Int(digit)]
            }
        }
        guard let decoded, decoded.rest == 0 else { return nil }
        return decoded.bytes
    }

    /// The bytes, and the bits left over; nil for a digit that has no value, and for a number of digits that no bytes
    /// have.
    private static func bytes(
        of digits: ArraySlice<UInt8>, value: (UInt8) -> UInt8
    ) -> (bytes: [UInt8], rest: UInt32)? {
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var (group, bits) = (UInt32(0), UInt32(0))
        for digit in digits {
            let value = value(digit)
            guard value != 0xff else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            group &= (1 << bits) - 1
        }
        return (bytes, group)
    }
}
