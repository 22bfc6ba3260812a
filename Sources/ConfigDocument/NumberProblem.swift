// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is wrong with numbers, in the same words for every format.
enum NumberProblem {
    static func tooLarge(isWhole: Bool) -> String {
        isWhole ? "the integer does not fit 64 bits; quote it to make it text" : "the number does not fit a double"
    }
}

extension ConfigValue {
    /// A number with a fraction or an exponent; nil where it is none, is not finite, or would become zero.
    ///
    /// A whole number that a double would round is an integer out of range, as it is without a fraction, see ``inexactIntegers(at:)``.
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        let digits = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter { (48...57).contains($0) }
        guard value != 0 || digits.allSatisfy({ $0 == 48 }) else { return nil }
        let significant = digits.drop { $0 == 48 }.reversed().drop { $0 == 48 }
        // Fifteen digits are always exact.
        if value.magnitude > 0x1p53, significant.count > 15 {
            self = .integer(Int64(exactly: value) ?? (value < 0 ? .min : .max))
        } else {
            self = .number(value)
        }
    }
}
