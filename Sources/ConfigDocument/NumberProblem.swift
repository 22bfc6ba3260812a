// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is wrong with numbers, in the same words for every format.
enum NumberProblem {
    static func tooLarge(isWhole: Bool) -> String {
        isWhole ? "the integer does not fit 64 bits; quote it to make it text" : "the number is too large for a double"
    }
}

extension ConfigValue {
    /// A number with a fraction or an exponent; nil where it is none or is not finite.
    ///
    /// A whole number that a double would round is an integer out of range, as it is without its `.0`, see ``inexactIntegers(at:)``.
    init?(decimal text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard value.magnitude >= 0x1p53, parts.count == 2, parts[1].utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) else {
            self = .number(value)
            return
        }
        let whole = Int64(parts[0]) ?? (value < 0 ? .min : .max)
        self = Double(exactly: whole) == nil ? .integer(whole) : .number(value)
    }
}
